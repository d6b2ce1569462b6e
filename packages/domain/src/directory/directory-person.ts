import type { EventEnvelope } from '@learnamp/directory-sync-event-sourcing';
import { produce } from 'immer';
import type { Attributes, StandardAttribute } from '../attributes.js';
import type { DirectoryEvent, DirectoryEventType } from '../events/directory-events.js';
import type { ObjectId } from '../ids.js';

/** Why and how far a person has left the scope. */
export type Leave = {
  readonly reason: 'removed' | 'deleted' | 'scope-changed';
  /** How many second reads agreed: one is needed, and one more for each round of grace. */
  readonly confirmations: number;
  /** How many second reads said otherwise since the last agreement. */
  readonly contradictions: number;
  readonly because: 'still-a-member' | 'forbidden' | 'unreadable' | undefined;
};

/** What the directory said of one person, folded. Only people who were in scope once have a state other than the initial one. */
export type DirectoryPerson = {
  readonly userId: ObjectId;
  readonly inScope: boolean;
  readonly everInScope: boolean;
  readonly attributes: Attributes;
  readonly accountEnabled: boolean;
  /** `null`: has none. `undefined`: never said. */
  readonly managerId: ObjectId | null | undefined;
  readonly previousManagerId: ObjectId | null;
  readonly path: ReadonlyArray<ObjectId>;
  readonly deleted: 'soft' | 'permanent' | undefined;
  readonly leave: Leave | undefined;
  /** Revision of the last directory fact, as text: part of what a command id is derived from. */
  readonly factRevision: string;
};

export const initialPerson = (userId: string): DirectoryPerson => ({
  userId: userId as ObjectId,
  inScope: false,
  everInScope: false,
  attributes: {},
  accountEnabled: true,
  managerId: undefined,
  previousManagerId: null,
  path: [],
  deleted: undefined,
  leave: undefined,
  factRevision: '',
});

/** The event of each standard attribute. */
export const attributeEvents = {
  displayName: 'DisplayNameChanged',
  givenName: 'GivenNameChanged',
  surname: 'SurnameChanged',
  userPrincipalName: 'UserPrincipalNameChanged',
  mail: 'MailChanged',
  jobTitle: 'JobTitleChanged',
  department: 'DepartmentChanged',
  officeLocation: 'OfficeLocationChanged',
  preferredLanguage: 'PreferredLanguageChanged',
  employeeHireDate: 'HireDateChanged',
  userType: 'UserTypeChanged',
} as const satisfies Record<StandardAttribute, DirectoryEventType>;

const attributeOf: ReadonlyMap<string, string> = new Map(
  Object.entries(attributeEvents).map(([attribute, type]) => [type, attribute]),
);

export const personEventTypes: ReadonlyArray<DirectoryEventType> = [
  ...Object.values(attributeEvents),
  'CustomAttributeChanged',
  'UserJoinedGroup',
  'UserLeftGroup',
  'LeaveConfirmed',
  'LeaveUnconfirmed',
  'ManagerAssigned',
  'ManagerUnassigned',
  'AccountBlocked',
  'AccountUnblocked',
  'UserDeleted',
  'UserRestored',
  'PersonErased',
];

/** Values only: an attribute that was empty when the person joined counts as never had, so it blanks nothing at Learn Amp. */
const withoutEmpty = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));

type Draft<T> = { -readonly [K in keyof T]: T[K] };

const change = (draft: Draft<DirectoryPerson>, event: DirectoryEvent): void => {
  switch (event.type) {
    case 'UserJoinedGroup':
      draft.inScope = true;
      draft.everInScope = true;
      draft.attributes = withoutEmpty(event.data.attributes);
      draft.accountEnabled = event.data.accountEnabled;
      draft.managerId = event.data.managerId;
      draft.previousManagerId = null;
      draft.path = event.data.path;
      draft.deleted = undefined;
      draft.leave = undefined;
      return;
    case 'UserLeftGroup':
      draft.inScope = false;
      draft.leave = { reason: event.data.reason, confirmations: 0, contradictions: 0, because: undefined };
      return;
    case 'LeaveConfirmed':
      if (draft.leave !== undefined)
        draft.leave = {
          ...draft.leave,
          confirmations: draft.leave.confirmations + 1,
          contradictions: 0,
          because: undefined,
        };
      return;
    case 'LeaveUnconfirmed':
      if (draft.leave !== undefined)
        draft.leave = {
          ...draft.leave,
          confirmations: 0,
          contradictions: draft.leave.contradictions + 1,
          because: event.data.because,
        };
      return;
    case 'ManagerAssigned':
      draft.managerId = event.data.managerId;
      draft.previousManagerId = event.data.from;
      return;
    case 'ManagerUnassigned':
      draft.managerId = null;
      draft.previousManagerId = event.data.from;
      return;
    case 'AccountBlocked':
      draft.accountEnabled = false;
      return;
    case 'AccountUnblocked':
      draft.accountEnabled = true;
      return;
    case 'UserDeleted':
      draft.deleted = event.data.reason;
      return;
    case 'UserRestored':
      draft.deleted = undefined;
      return;
    case 'PersonErased':
      draft.attributes = {};
      return;
    case 'CustomAttributeChanged':
      draft.attributes = { ...draft.attributes, [event.data.attribute]: event.data.to };
      return;
    default: {
      const attribute = attributeOf.get(event.type);
      if (attribute !== undefined)
        draft.attributes = { ...draft.attributes, [attribute]: (event.data as { to: string | null }).to };
    }
  }
};

/** Folds one event about one person. Events about several people touch the one whose key is asked for. */
export const evolvePerson = (
  state: DirectoryPerson,
  event: EventEnvelope<DirectoryEvent>,
  key: string,
): DirectoryPerson =>
  'userId' in event.data && event.data.userId === key
    ? produce(state, (draft: Draft<DirectoryPerson>) => {
        change(draft, event as DirectoryEvent);
        draft.factRevision = event.revision.toString();
      })
    : state;
