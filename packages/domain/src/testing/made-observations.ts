import { standardAttributes, type Attributes } from '../attributes.js';
import type { DirectoryEventOf } from '../events/directory-events.js';
import type { ObjectId } from '../ids.js';
import type { ManagerMention, UserObserved } from '../observations.js';

/** What the tests select: the standard attributes and two that only a preference would name. */
export const tracked: ReadonlyArray<string> = [
  ...standardAttributes,
  'employeeId',
  'onPremisesExtensionAttributes.extensionAttribute1',
];

export const notMentioned: ManagerMention = { _tag: 'NotMentioned' };

/** One entry about a person; by default it mentions nothing but what is given. */
export const seen = (
  userId: ObjectId,
  attributes: Attributes = {},
  more: Partial<Pick<UserObserved, 'accountEnabled' | 'manager' | 'complete'>> = {},
): UserObserved => ({
  _tag: 'UserObserved',
  userId,
  attributes,
  manager: notMentioned,
  complete: false,
  ...more,
});

/** Somebody with a value in every standard attribute. */
export const wholeProfile = (name: string): Attributes => ({
  displayName: `${name} Archer`,
  givenName: name,
  surname: 'Archer',
  userPrincipalName: `${name.toLowerCase()}@contoso.com`,
  mail: `${name.toLowerCase()}@contoso.com`,
  jobTitle: 'Analyst',
  department: 'Sales',
  officeLocation: 'Berlin',
  preferredLanguage: 'de-DE',
  employeeHireDate: '2024-04-01T00:00:00Z',
  userType: 'Member',
});

export const joined = (
  userId: ObjectId,
  attributes: Attributes,
  more: Partial<DirectoryEventOf<'UserJoinedGroup'>['data']> = {},
): DirectoryEventOf<'UserJoinedGroup'> => ({
  type: 'UserJoinedGroup',
  data: { userId, attributes, accountEnabled: true, managerId: null, path: [], ...more },
});
