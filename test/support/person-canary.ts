import type { ObjectId } from '@learnamp/directory-sync';
import type { NewUser } from '@learnamp/directory-sync-simulator';
import { calm, openStage, type Stage } from './stage.js';

/** A person whose every value is found nowhere else, so that a search for it finds this person or nothing. */
export const canaryName = 'Xantippa Quoggelbeen';
export const canaryProfile: Partial<NewUser> = {
  mail: 'xq-mail-7731@fabrikam.example',
  jobTitle: 'Zymurgist of canaries',
  officeLocation: 'Ytterby shaft nine',
  employeeId: 'phone +44 7700 900123',
  employeeHireDate: '2019-02-28T00:00:00Z',
};

/** What must be found nowhere once she is erased. */
export const canaries: ReadonlyArray<string> = [
  'Xantippa',
  'Quoggelbeen',
  'xantippa.quoggelbeen@fabrikam.example',
  'xq-mail-7731@fabrikam.example',
  'Zymurgist of canaries',
  'Ytterby shaft nine',
  '+44 7700 900123',
  'Vexillologist of canaries',
];

/** Ten people, and one who left and whose deactivation was delivered. */
export const openCanaryLeaver = async (): Promise<{ readonly stage: Stage; readonly xq: ObjectId }> => {
  const stage = await openStage({ graph: calm });
  stage.crew(10);
  const xq = stage.hire(canaryName, canaryProfile) as ObjectId;
  await stage.sync();
  stage.leave(xq);
  await stage.sync();
  return { stage, xq };
};
