import type { ObjectId } from '@learnamp/directory-sync-domain';
import type { LearnAmpCheck } from '@learnamp/directory-sync-learn-amp';

/** One thing that a sync relies on, in the order in which they are looked at. */
export type DoctorCheckName =
  | 'configuration'
  | 'preferences-details'
  | 'preferences-managers'
  | 'preferences-teams'
  | 'preferences-custom-fields'
  | 'preferences-photos'
  | 'clock'
  | 'tenant'
  | 'sign-in'
  | 'credential'
  | 'graph'
  | 'permission-users'
  | 'permission-groups'
  | 'permission-notifications'
  | 'permissions-beyond'
  | 'group'
  | 'group-kind'
  | 'people'
  | 'nesting'
  | 'hidden-members'
  | 'sample'
  | 'subscriptions'
  | 'webhook'
  | 'files'
  | 'log'
  | `learn-amp-${LearnAmpCheck['check']}`;

/** Somebody of the sample, and what the first sync would do. */
export type SampledPerson = {
  readonly userId: ObjectId;
  readonly displayName: string | null;
  readonly outcome: SampleOutcome;
};

/** What a sync would do with somebody of the sample. */
export type SampleOutcome =
  | 'created'
  | 'linked'
  | 'linked-by-address'
  | 'reactivated'
  | 'address-taken'
  | 'no-email'
  | 'unreadable'
  | 'not-known';

/** One line of the doctor: what was looked at, how it stands, and a sentence that says what to do. */
export type DoctorCheck = {
  readonly check: DoctorCheckName;
  /** `note`: it works, and somebody should know. `skipped`: it could not be looked at, because of what failed before. */
  readonly result: 'ok' | 'note' | 'failed' | 'skipped';
  /** Where it is not ok, it says what to do. Counts, settings and the name of the group; nobody's data. */
  readonly says: string;
  /** Of `sample` alone, and only where names were asked for. */
  readonly people?: ReadonlyArray<SampledPerson> | undefined;
};

type Said = (check: DoctorCheckName, says: string) => DoctorCheck;

export const ok: Said = (check, says) => ({ check, result: 'ok', says });
export const note: Said = (check, says) => ({ check, result: 'note', says });
export const failed: Said = (check, says) => ({ check, result: 'failed', says });
export const skipped = (check: DoctorCheckName): DoctorCheck => ({
  check,
  result: 'skipped',
  says: 'Not looked at, because of what failed before.',
});

export { counted, shown } from '../counted.js';
