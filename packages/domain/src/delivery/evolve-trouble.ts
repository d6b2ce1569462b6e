import type { Draft } from '../evolve/change-by-type.js';
import type { DirectoryEventOf } from '../events/directory-events.js';
import { without } from './account-shown.js';
import type { DeliveredPerson } from './delivered-person.js';
import { silentKinds } from './evolve-unanswered.js';
import { slotsNotKept } from './not-kept.js';
import { refusedPart } from './partly-done.js';
import { sameData } from './same-data.js';

type Person = Draft<DeliveredPerson>;

const isEmpty = (record: object): boolean => Object.keys(record).length === 0;

/** Learn Amp refused one command: from here on it is asked again rarely, and more rarely each time (FC-85). */
export const noteRefusal = (
  draft: Person,
  data: DirectoryEventOf<'CommandRejected'>['data'],
  revision: string,
): void => {
  const { code, fields } = data;
  const command = refusedPart(draft, data.command, fields, revision);
  const before = draft.rejected[command.kind];
  const times = before !== undefined && sameData(before.command, command) ? before.times + 1 : 1;
  const at = draft.dispatchedAt;
  draft.rejected = { ...draft.rejected, [command.kind]: { command, code, fields, revision, at, times } };
};

/** A change of the person: what was parked for lack of a fact, or stood in conflict over an address, is asked anew. */
export const askAnew = (draft: Person): void => {
  draft.conflict = undefined;
  draft.parked = without(draft.parked, 'CreateUser');
  draft.unanswered = {};
};

/** Somebody wants it tried again. Whose account is in question is looked at before anything is planned on it. */
export const retry = (draft: Person): void => {
  draft.lookAgain ||= draft.gone || draft.conflict !== undefined || !isEmpty(draft.parked);
  draft.rejected = {};
  draft.unanswered = {};
  draft.parked = {};
  draft.conflict = undefined;
  draft.refusedLanguage = undefined;
  draft.notKept = {};
};

/** Since when something about this person has been in the way, whatever it was first. */
export const noteTrouble = (draft: Person, recordedAt: string): void => {
  const { rejected, parked, conflict, troubledSince } = draft;
  const isSilent = silentKinds(draft).length > 0;
  const isHere = conflict !== undefined || !isEmpty(rejected) || !isEmpty(parked);
  const isTroubled = isHere || isSilent || slotsNotKept(draft).length > 0;
  if (isTroubled === (troubledSince !== '')) return;
  draft.troubledSince = isTroubled ? recordedAt : '';
};
