import type { Attributes, StandardAttribute } from '../attributes.js';
import type { DirectoryEventType } from '../events/directory-events.js';
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
  /** Personal data was erased on demand: nothing is known and nothing is planned, until the person joins anew. */
  readonly erased: boolean;
  readonly attributes: Attributes;
  readonly accountEnabled: boolean;
  /** `null`: has none. `undefined`: never said. */
  readonly managerId: ObjectId | null | undefined;
  /** Who the manager was, while there is none. */
  readonly previousManagerId: ObjectId | null;
  readonly path: ReadonlyArray<ObjectId>;
  readonly deleted: 'soft' | 'permanent' | undefined;
  readonly leave: Leave | undefined;
  /** The mark of the photo (`PhotoChanged`). `null`: it was removed. `undefined`: none was ever seen. */
  readonly photo: string | null | undefined;
  /** Revision at which the person entered the scope last. */
  readonly joinedRevision: string;
  /** Revision of the last directory fact, as text: part of what a command id is derived from. */
  readonly factRevision: string;
};

export const initialPerson = (userId: string): DirectoryPerson => ({
  userId: userId as ObjectId,
  inScope: false,
  everInScope: false,
  erased: false,
  attributes: {},
  accountEnabled: true,
  managerId: undefined,
  previousManagerId: null,
  path: [],
  deleted: undefined,
  leave: undefined,
  photo: undefined,
  joinedRevision: '',
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

export type AttributeEventType = (typeof attributeEvents)[StandardAttribute];
