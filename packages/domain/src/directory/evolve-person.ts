import type { EventEnvelope } from '@learnamp/directory-sync-event-sourcing';
import { standardAttributes, type Attributes, type StandardAttribute } from '../attributes.js';
import { changeFor, type Changes, type Draft } from '../evolve/change-by-type.js';
import { byImmer, type Drafting } from '../evolve/drafting.js';
import { isRepeat, revisionText } from '../evolve/revision-text.js';
import type { DirectoryEvent, DirectoryEventOf, DirectoryEventType } from '../events/directory-events.js';
import { attributeEvents, initialPerson, type AttributeEventType, type DirectoryPerson } from './directory-person.js';

type PersonEventType =
  | AttributeEventType
  | 'CustomAttributeChanged'
  | 'UserJoinedGroup'
  | 'UserLeftGroup'
  | 'LeaveConfirmed'
  | 'LeaveUnconfirmed'
  | 'ManagerAssigned'
  | 'ManagerUnassigned'
  | 'AccountBlocked'
  | 'AccountUnblocked'
  | 'UserDeleted'
  | 'UserRestored'
  | 'PhotoChanged'
  | 'PhotoRemoved'
  | 'PersonErased';

/** Values only: an attribute that was empty when the person joined counts as never had, so it blanks nothing at Learn Amp. */
const withoutEmpty = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));

const set = (draft: Draft<DirectoryPerson>, attribute: string, to: string | null): void => {
  draft.attributes = { ...draft.attributes, [attribute]: to };
};

const changeOf =
  (attribute: StandardAttribute) =>
  (draft: Draft<DirectoryPerson>, event: EventEnvelope<DirectoryEventOf<AttributeEventType>>): void => {
    set(draft, attribute, event.data.to);
  };

const attributeChanges = Object.fromEntries(
  standardAttributes.map((attribute) => [attributeEvents[attribute], changeOf(attribute)]),
) as Changes<DirectoryPerson, AttributeEventType>;

const changes: Changes<DirectoryPerson, PersonEventType> = {
  ...attributeChanges,
  CustomAttributeChanged: (draft, { data }) => {
    set(draft, data.attribute, data.to);
  },
  UserJoinedGroup: (draft, { data, erased, revision }) => {
    draft.joinedRevision = revisionText(revision);
    draft.inScope = true;
    draft.everInScope = true;
    draft.erased = erased;
    draft.attributes = withoutEmpty(data.attributes);
    draft.accountEnabled = data.accountEnabled;
    draft.managerId = data.managerId;
    draft.previousManagerId = null;
    draft.path = data.path;
    draft.deleted = undefined;
    draft.leave = undefined;
  },
  UserLeftGroup: (draft, { data }) => {
    draft.inScope = false;
    draft.leave = { reason: data.reason, confirmations: 0, contradictions: 0, because: undefined };
  },
  LeaveConfirmed: (draft, { data }) => {
    // Where the news of the deletion was lost with a cursor, this is the only word of it.
    if (data.by === 'not-found') draft.deleted ??= 'soft';
    if (draft.leave === undefined) return;
    const { reason, confirmations } = draft.leave;
    draft.leave = { reason, confirmations: confirmations + 1, contradictions: 0, because: undefined };
  },
  LeaveUnconfirmed: (draft, { data }) => {
    // Only an account that exists is a member of anything: a deletion that was told again after the account came back.
    if (data.because === 'still-a-member') draft.deleted = undefined;
    if (draft.leave === undefined) return;
    const { reason, contradictions } = draft.leave;
    draft.leave = { reason, confirmations: 0, contradictions: contradictions + 1, because: data.because };
  },
  ManagerAssigned: (draft, { data }) => {
    draft.managerId = data.managerId;
    draft.previousManagerId = null;
  },
  ManagerUnassigned: (draft, { data }) => {
    draft.managerId = null;
    draft.previousManagerId = data.from;
  },
  AccountBlocked: (draft) => {
    draft.accountEnabled = false;
  },
  AccountUnblocked: (draft) => {
    draft.accountEnabled = true;
  },
  UserDeleted: (draft, { data }) => {
    draft.deleted = data.reason;
  },
  UserRestored: (draft) => {
    draft.deleted = undefined;
  },
  PhotoChanged: (draft, { data }) => {
    draft.photo = data.to;
  },
  PhotoRemoved: (draft) => {
    draft.photo = null;
  },
  // The same whatever came before: a fold that could still read it and one that cannot end in one state.
  PersonErased: (draft, { data }) => {
    Object.assign(draft, initialPerson(data.userId), { everInScope: true, erased: true });
  },
};

/** The events that speak of a person in the directory. */
export const personEventTypes = Object.keys(changes) as ReadonlyArray<DirectoryEventType>;

/** Folds one event about one person; an event about somebody else, or of another kind, leaves the state as it is. */
export const evolvePerson = (
  state: DirectoryPerson,
  event: EventEnvelope<DirectoryEvent>,
  key: string,
  drafting: Drafting = byImmer,
): DirectoryPerson => {
  const change = changeFor(changes, event);
  if (change === undefined || !('userId' in event.data) || event.data.userId !== key) return state;
  if (isRepeat(state.factRevision, event.revision)) return state;
  return drafting(state, (draft) => {
    change(draft);
    draft.factRevision = revisionText(event.revision);
  });
};
