import type { Draft } from '../evolve/change-by-type.js';
import type { DirectoryEventOf } from '../events/directory-events.js';
import { without } from './account-shown.js';
import type { DeliveredPerson, Hold } from './delivered-person.js';

type Person = Draft<DeliveredPerson>;

const endDecision = (draft: Person, kind: Hold['kind'], standings: ReadonlyArray<Hold['standing']>): void => {
  if (draft.hold?.kind === kind && standings.includes(draft.hold.standing)) draft.hold = undefined;
};

/**
 * An approval covers one deactivation or creation and ends with it: who is back and leaves again, or was reactivated by
 * hand, is looked at anew.
 */
export const useUpApproval = (draft: Person, kind: Hold['kind']): void => {
  endDecision(draft, kind, ['approved']);
};

/** Whatever was decided or waits is over with the thing itself. */
export const endHold = (draft: Person, kind: Hold['kind']): void => {
  endDecision(draft, kind, ['held', 'approved', 'rejected']);
};

/** Whom an administrator decided to keep active comes up again with a new change that speaks against that person's account. */
export const rearmDeactivation = (draft: Person): void => {
  endDecision(draft, 'deactivations', ['rejected']);
};

/** Whom an administrator decided to give no account comes up again with any new change of that person. */
export const rearmCreation = (draft: Person): void => {
  endDecision(draft, 'creations', ['rejected']);
};

/** What was decided over a blocked account says nothing of the next time it is blocked. */
export const forgetBlock = (draft: Person): void => {
  endDecision(draft, 'deactivations', ['approved', 'rejected']);
};

export const holdBack = (
  draft: Person,
  { data }: { readonly data: DirectoryEventOf<'CommandsHeld'>['data'] },
): void => {
  draft.hold = { kind: data.kind, standing: 'held', reason: data.reason, since: data.graphTime };
};

export const approve = (
  draft: Person,
  { data }: { readonly data: DirectoryEventOf<'HeldCommandsApproved'>['data'] },
): void => {
  if (draft.hold?.kind !== data.kind) return;
  draft.hold = { ...draft.hold, standing: 'approved' };
  // Approved by name: what Learn Amp refused to do unasked is asked for again.
  draft.rejected = without(draft.rejected, data.kind === 'deactivations' ? 'DeactivateUser' : 'CreateUser');
};

export const reject = (
  draft: Person,
  { data }: { readonly data: DirectoryEventOf<'HeldCommandsRejected'>['data'] },
): void => {
  if (draft.hold?.kind === data.kind) draft.hold = { ...draft.hold, standing: 'rejected' };
};
