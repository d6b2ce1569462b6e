import type { NewUser } from '@learnamp/directory-sync-simulator';

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
