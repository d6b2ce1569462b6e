import type { EventEnvelope } from '@learnamp/directory-sync-event-sourcing';
import { attributeEvents, type AttributeEventType } from '../directory/directory-person.js';
import { changeFor, changesAlike, type Changes, type Draft } from '../evolve/change-by-type.js';
import { byImmer, type Drafting } from '../evolve/drafting.js';
import { isRepeat, revisionText } from '../evolve/revision-text.js';
import type { DirectoryEvent, DirectoryEventOf, DirectoryEventType } from '../events/directory-events.js';
import type { LearnAmpAccount } from '../learn-amp-account.js';
import { applyAccount, doubtPhoto, without } from './account-shown.js';
import { applyCommand } from './apply-command.js';
import { initialDelivered, type DeliveredPerson } from './delivered-person.js';
import { countNotKept } from './not-kept.js';
import { forgetAddressDrift, noteDrift } from './note-drift.js';
import {
  approve,
  endHold,
  forgetBlock,
  holdBack,
  rearmCreation,
  rearmDeactivation,
  reject,
  useUpApproval,
} from './evolve-hold.js';
import { askAnew, noteRefusal, noteTrouble, retry } from './evolve-trouble.js';
import { noteAnswer, noteUnanswered } from './evolve-unanswered.js';
import { noteLanguage } from './partly-done.js';

type FactEventType = AttributeEventType | 'CustomAttributeChanged';

type DeliveredEventType =
  | FactEventType
  | 'UserJoinedGroup'
  | 'UserLeftGroup'
  | 'UserDeleted'
  | 'UserRestored'
  | 'AccountBlocked'
  | 'AccountUnblocked'
  | 'CommandsDispatched'
  | 'CommandsUnanswered'
  | 'CommandSucceeded'
  | 'CommandRejected'
  | 'CommandDeferred'
  | 'CommandParked'
  | 'RetryRequested'
  | 'UserLinked'
  | 'LearnAmpUserObserved'
  | 'DriftDetected'
  | 'IdentityConflictDetected'
  | 'CommandsHeld'
  | 'HeldCommandsApproved'
  | 'HeldCommandsRejected'
  | 'HoldDissolved'
  | 'PersonErased';

type Person = Draft<DeliveredPerson>;

const settle = (draft: Person, kind: keyof DeliveredPerson['unknown']): void => {
  draft.unknown = without(draft.unknown, kind);
};

/** An answer about the account that is to become the person's: what `UserLinked` then takes over. */
const isCandidate = ({ link, candidate }: DeliveredPerson, account: LearnAmpAccount): boolean =>
  link === undefined && candidate?.learnAmpUserId === account.learnAmpUserId;

const takeAccount = (draft: Person, account: LearnAmpAccount, revision: string): void => {
  if (isCandidate(draft, account)) draft.candidate = { ...draft.candidate, ...account };
  // What another account shows is never taken for the linked one's.
  else if (draft.link === undefined || draft.link === account.learnAmpUserId) applyAccount(draft, account, revision);
};

const succeeded = (draft: Person, data: DirectoryEventOf<'CommandSucceeded'>['data'], revision: string): void => {
  const { command, account, result } = data;
  settle(draft, command.kind);
  noteAnswer(draft, command.kind);
  // The same command may be wanted again later, with nothing told in between: then it is another one, with another id.
  draft.observedRevision = revision;
  draft.lookAgain = false;
  draft.rejected = without(draft.rejected, command.kind);
  draft.parked = without(draft.parked, command.kind);
  // An account that was found, not made, holds what it shows; one that was written holds what was sent.
  if (account !== undefined) takeAccount(draft, account, revision);
  if (command.kind === 'CreateUser' && result === 'found') draft.conflict = undefined;
  else {
    const { language } = draft.profile;
    applyCommand(draft, command, revision);
    noteLanguage(draft, data, language);
  }
  if (draft.photo && command.kind === 'SetAvatar')
    draft.photo = { ...draft.photo, contentHash: data.photoHash ?? null };
  if (command.kind === 'DeactivateUser') endHold(draft, 'deactivations');
  if (command.kind === 'CreateUser') endHold(draft, 'creations');
};

const rejected = (draft: Person, data: DirectoryEventOf<'CommandRejected'>['data'], revision: string): void => {
  // A port stops at the first refusal: what was dispatched behind it was not tried, and is no unknown (LearnAmpPort.execute).
  draft.unknown = {};
  if (data.command.kind === 'CreateUser') draft.createUncertain = false;
  // Adapters say so only after a read of the account by its id.
  if (data.code === 'not_found' && draft.link !== undefined) draft.gone = true;
  noteAnswer(draft, data.command.kind);
  noteRefusal(draft, data, revision);
};

/** The look that follows an override without a receipt: the one it shows is ours, for we asked for one. */
const claimManager = (draft: Person, { managerLearnAmpUserId }: LearnAmpAccount, revision: string): void => {
  if (typeof managerLearnAmpUserId !== 'string') return;
  draft.managerSetAccount = managerLearnAmpUserId;
  draft.managerSetRevision = revision;
};

/** Whose account is there again: what was refused and parked because it was gone is asked anew. */
const noteThere = (draft: Person, isThere: boolean): void => {
  if (draft.gone && isThere) {
    draft.rejected = {};
    draft.parked = {};
  }
  draft.gone = !isThere;
};

const observed = (draft: Person, account: LearnAmpAccount | null, revision: string): void => {
  const managerAsked = draft.unknown.SetOverrideManager !== undefined;
  // No look at an account shows its avatar.
  if (draft.unknown.SetAvatar !== undefined) draft.photo = { mark: null, contentHash: null };
  if (draft.unknown.ClearAvatar !== undefined) doubtPhoto(draft);
  draft.unknown = {};
  draft.lookAgain = false;
  draft.observedRevision = revision;
  if (draft.link === undefined) {
    draft.candidate = account;
    if (account === null || account.learnAmpUserId !== draft.conflict?.learnAmpUserId) draft.conflict = undefined;
    return;
  }
  if (account !== null && account.learnAmpUserId !== draft.link) return;
  noteThere(draft, account !== null);
  if (account === null) return;
  if (account.email.toLowerCase() !== draft.email?.toLowerCase()) forgetAddressDrift(draft);
  countNotKept(draft, account);
  applyAccount(draft, account, revision);
  if (managerAsked) claimManager(draft, account, revision);
};

/** A fact of the person changed. */
const factChanged = (draft: Person): void => {
  askAnew(draft);
  rearmCreation(draft);
};

/** A fact that an address may come from. */
const addressChanged = (draft: Person): void => {
  factChanged(draft);
  forgetAddressDrift(draft);
};

type Item = DirectoryEventOf<'CommandsDispatched'>['data']['items'][number];

/** By the list of a dispatch, which never changes: its items are looked for once for each of the people in it. */
const itemsBySubject = new WeakMap<ReadonlyArray<Item>, ReadonlyMap<string, ReadonlyArray<Item>>>();

const bySubject = (items: ReadonlyArray<Item>): ReadonlyMap<string, ReadonlyArray<Item>> => {
  const known = itemsBySubject.get(items);
  if (known !== undefined) return known;
  const made = new Map<string, Item[]>();
  for (const item of items) {
    if (item.kind === 'EnsureTeam') continue;
    const about = made.get(item.subject);
    if (about === undefined) made.set(item.subject, [item]);
    else about.push(item);
  }
  itemsBySubject.set(items, made);
  return made;
};

const itemsAbout = (items: ReadonlyArray<Item>, subject: string): ReadonlyArray<Item> =>
  bySubject(items).get(subject) ?? [];

const changes: Changes<DeliveredPerson, DeliveredEventType> = {
  ...changesAlike<DeliveredPerson, AttributeEventType>(Object.values(attributeEvents), factChanged),
  UserPrincipalNameChanged: addressChanged,
  MailChanged: addressChanged,
  ...changesAlike<DeliveredPerson, 'UserLeftGroup' | 'UserDeleted' | 'AccountBlocked'>(
    ['UserLeftGroup', 'UserDeleted', 'AccountBlocked'],
    (draft) => {
      rearmDeactivation(draft);
      rearmCreation(draft);
    },
  ),
  CustomAttributeChanged: factChanged,
  UserRestored: rearmCreation,
  AccountUnblocked: (draft) => {
    forgetBlock(draft);
    rearmCreation(draft);
  },
  UserJoinedGroup: (draft) => {
    askAnew(draft);
    forgetAddressDrift(draft);
    draft.rejected = {};
    draft.refusedLanguage = undefined;
    if (draft.hold?.standing !== 'held') draft.hold = undefined;
  },
  CommandsDispatched: (draft, { data }) => {
    for (const { commandId, kind } of itemsAbout(data.items, draft.userId)) {
      draft.unknown = { ...draft.unknown, [kind]: commandId };
      draft.dispatchedAt = data.graphTime;
      if (kind === 'CreateUser') draft.createUncertain = true;
    }
  },
  CommandsUnanswered: (draft, { data, revision }) => {
    noteUnanswered(draft, data, revisionText(revision));
  },
  CommandSucceeded: (draft, { data, revision }) => {
    succeeded(draft, data, revisionText(revision));
  },
  CommandRejected: (draft, { data, revision }) => {
    rejected(draft, data, revisionText(revision));
  },
  CommandDeferred: (draft, { data, revision }) => {
    const { kind, on, waitingFor } = data;
    const answered = draft.unknown[kind] !== undefined;
    settle(draft, kind);
    noteAnswer(draft, kind);
    draft.deferred = { ...draft.deferred, [kind]: { on, waitingFor, answered, revision: revisionText(revision) } };
  },
  CommandParked: (draft, { data }) => {
    settle(draft, data.kind);
    draft.parked = { ...draft.parked, [data.kind]: data.reason };
  },
  RetryRequested: retry,
  UserLinked: (draft, { data, revision }) => {
    draft.link = data.learnAmpUserId;
    draft.lookAgain = false;
    useUpApproval(draft, 'creations');
    draft.createUncertain = false;
    draft.gone = false;
    draft.conflict = undefined;
    draft.parked = {};
    if (draft.candidate?.learnAmpUserId === data.learnAmpUserId)
      applyAccount(draft, draft.candidate, revisionText(revision));
    draft.candidate = undefined;
  },
  LearnAmpUserObserved: (draft, { data, revision }) => {
    observed(draft, data.account, revisionText(revision));
  },
  DriftDetected: (draft, { data }) => {
    noteDrift(draft, data.fields);
  },
  IdentityConflictDetected: (draft, { data }) => {
    settle(draft, 'CreateUser');
    draft.conflict = { conflict: data.conflict, learnAmpUserId: data.learnAmpUserId };
  },
  CommandsHeld: holdBack,
  HeldCommandsApproved: approve,
  HeldCommandsRejected: reject,
  HoldDissolved: (draft) => {
    draft.hold = undefined;
  },
  // The same whatever came before, the link included: whoever is hired again is looked for as a new person.
  PersonErased: (draft, { data }) => {
    Object.assign(draft, initialDelivered(data.userId));
  },
};

export const deliveredEventTypes = Object.keys(changes) as ReadonlyArray<DirectoryEventType>;

/** The people whose delivered state an event touches. */
export const deliveredKeysOf = (event: DirectoryEvent): ReadonlyArray<string> => {
  switch (event.type) {
    case 'CommandsDispatched':
      return [...bySubject(event.data.items).keys()];
    case 'CommandsUnanswered':
      return event.data.items.flatMap(({ subject, kind }) => (kind === 'EnsureTeam' ? [] : [subject]));
    case 'CommandsHeld':
    case 'HeldCommandsApproved':
    case 'HeldCommandsRejected':
    case 'HoldDissolved':
    case 'RetryRequested':
      return event.data.userIds;
    case 'CommandSucceeded':
    case 'CommandRejected':
      return event.data.command.kind === 'EnsureTeam' ? [] : [event.data.command.userId];
    default:
      return 'userId' in event.data ? [event.data.userId] : [];
  }
};

const isActive = ({ link, gone, status }: DeliveredPerson): boolean =>
  link !== undefined && !gone && status !== 'deactivated';

/** When the account became active, or was deactivated: others wait for the one and lose their override by the other. */
const noteStatus = (
  draft: Person,
  before: { readonly active: boolean; readonly deactivated: boolean },
  revision: string,
): void => {
  if (!before.active && isActive(draft)) draft.activeSince = revision;
  if (before.deactivated || draft.status !== 'deactivated') return;
  draft.deactivatedAt = revision;
  // Seen to be so, where the answer to what was approved was lost.
  useUpApproval(draft, 'deactivations');
};

/** Folds one event into what Learn Amp holds of one of the people whom `deliveredKeysOf` names for it. */
export const evolveDelivered = (
  state: DeliveredPerson,
  event: EventEnvelope<DirectoryEvent>,
  key: string,
  drafting: Drafting = byImmer,
): DeliveredPerson => {
  const change = changeFor(changes, event);
  if (change === undefined || key !== state.userId || isRepeat(state.foldedTo, event.revision)) return state;
  // Noted before, since the draft may be the state itself.
  const before = { active: isActive(state), deactivated: state.status === 'deactivated' };
  return drafting(state, (draft) => {
    change(draft);
    const revision = revisionText(event.revision);
    noteStatus(draft, before, revision);
    noteTrouble(draft, event.recordedAt);
    draft.foldedTo = revision;
  });
};
