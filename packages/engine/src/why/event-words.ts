import type {
  DirectoryEvent,
  DirectoryEventOf,
  DirectoryEventType,
  LearnAmpAccount,
  ObjectId,
} from '@learnamp/directory-sync-domain';
import { holdReasonWords } from '../hold/hold-reason-words.js';
import { describeCommand } from '../views/describe-command.js';
import { briefly } from '../views/briefly.js';
import type { WhyEvent } from './why.js';

/** What a group is called now; `undefined`: nobody knows, or it is no group. */
export type NameOf = (groupId: ObjectId) => string | undefined;
type Say<T extends DirectoryEventType> = (data: DirectoryEventOf<T>['data'], userId: string, named: NameOf) => string;
type Words = { readonly [T in DirectoryEventType]?: readonly [WhyEvent['source'], Say<T>] };

const shown = (value: string | null | undefined): string =>
  value === null || value === undefined ? 'none' : briefly(value);

const changed =
  (what: string) =>
  ({ from, to }: { readonly from: string | null; readonly to: string | null }): string =>
    `${what}: ${shown(from)} -> ${shown(to)}`;

const path = (groups: ReadonlyArray<ObjectId>, named: NameOf): string =>
  groups.length === 0 ? 'no group' : groups.map((groupId) => named(groupId) ?? groupId).join(' > ');

/** Two groups may have one name. */
const withId = (id: ObjectId, named: NameOf): string => {
  const name = named(id);
  return name === undefined ? id : `${name} (${id})`;
};

const valuesOf = (attributes: Readonly<Record<string, string | null>>): string =>
  Object.entries(attributes)
    .flatMap(([name, value]) => (value === null ? [] : [`${name} ${briefly(value)}`]))
    .join(', ');

const accountWords = (account: LearnAmpAccount | null): string =>
  account === null
    ? 'looked, and there is no such account'
    : `saw the account ${account.learnAmpUserId} (${account.email}, ${account.status})`;

const unconfirmed = {
  'still-a-member': 'a second read says that the person still is a member',
  forbidden: 'a second read was refused',
  unreadable: 'a second read gave no usable answer',
} as const;

/** Events that name many people say how many. */
const among = (userIds: ReadonlyArray<string>): string =>
  userIds.length === 1 ? '' : ` (one of ${userIds.length} people)`;

const heldWords = { deactivations: 'the deactivation', creations: 'the creation' } as const;

const graph = <T extends DirectoryEventType>(say: Say<T>) => ['graph', say] as const;
const learnAmp = <T extends DirectoryEventType>(say: Say<T>) => ['learn-amp', say] as const;
const administrator = <T extends DirectoryEventType>(say: Say<T>) => ['administrator', say] as const;
const engine = <T extends DirectoryEventType>(say: Say<T>) => ['engine', say] as const;

/** What each event that can be about a person says, in words for whoever helps that person. */
const words: Words = {
  SyncRequested: administrator(() => 'a sync of this person alone was asked for'),
  UserJoinedGroup: graph(
    ({ path: groups, attributes, accountEnabled, managerId }, _, named) =>
      `came into scope through ${path(groups, named)}${accountEnabled ? '' : ', blocked'}; manager ${shown(managerId)}; ${valuesOf(attributes)}`,
  ),
  UserLeftGroup: graph(
    ({ reason }) =>
      ({
        removed: 'left the scope: no path of groups leads to the person any more',
        deleted: 'left the scope: the account was deleted in Entra',
        'scope-changed': 'left the scope: another group was configured',
      })[reason],
  ),
  LeaveConfirmed: graph(({ by }) =>
    by === 'checkMemberGroups'
      ? 'a second read agrees: not a member'
      : 'a second read agrees: the account is not there any more',
  ),
  LeaveUnconfirmed: graph(({ because }) => unconfirmed[because]),
  GroupMemberAdded: graph(
    ({ groupId, memberId }, _, named) =>
      `the group ${withId(groupId, named)} has the member ${withId(memberId, named)}`,
  ),
  GroupMemberRemoved: graph(
    ({ groupId, memberId }, _, named) =>
      `the group ${withId(groupId, named)} has the member ${withId(memberId, named)} no more`,
  ),
  GroupNameChanged: graph(({ groupId, from, to }) =>
    from === null ? `the group ${groupId} is called ${to}` : `the group ${groupId}: ${from} -> ${to}`,
  ),
  GroupDeleted: graph(({ groupId }, _, named) => `the group ${withId(groupId, named)} was deleted`),
  GroupRestored: graph(({ groupId }, _, named) => `the group ${withId(groupId, named)} was restored`),
  DisplayNameChanged: graph(changed('display name')),
  GivenNameChanged: graph(changed('given name')),
  SurnameChanged: graph(changed('surname')),
  UserPrincipalNameChanged: graph(changed('principal name')),
  MailChanged: graph(changed('mail')),
  JobTitleChanged: graph(changed('job title')),
  DepartmentChanged: graph(changed('department')),
  OfficeLocationChanged: graph(changed('office location')),
  PreferredLanguageChanged: graph(changed('preferred language')),
  HireDateChanged: graph(changed('hire date')),
  UserTypeChanged: graph(changed('user type')),
  CustomAttributeChanged: graph((data) => changed(data.attribute)(data)),
  PhotoChanged: graph(({ from }) => (from === null ? 'has a photo' : 'has another photo')),
  PhotoRemoved: graph(() => 'has no photo any more'),
  AccountBlocked: graph(() => 'the account was blocked in Entra'),
  AccountUnblocked: graph(() => 'the account is no longer blocked in Entra'),
  UserRestored: graph(() => 'the account was restored in Entra'),
  UserDeleted: graph(({ reason }) =>
    reason === 'soft' ? 'the account was deleted in Entra, and can be restored' : 'the account was deleted for good',
  ),
  ManagerAssigned: graph(({ userId, managerId, from }, subject) =>
    userId === subject ? `manager: ${shown(from)} -> ${managerId}` : `became the manager of ${userId}`,
  ),
  ManagerUnassigned: graph(({ userId, from }, subject) =>
    userId === subject ? `manager: ${shown(from)} -> none` : `is no longer the manager of ${userId}`,
  ),
  PersonErased: administrator(({ actor, reason }) => `erased by ${actor}: ${reason}`),
  CommandsHeld: engine(
    ({ kind, reason, userIds }) => `${heldWords[kind]} waits for approval: ${holdReasonWords[reason]}${among(userIds)}`,
  ),
  HeldCommandsApproved: administrator(
    ({ kind, actor, reason, userIds }) => `${heldWords[kind]} was approved by ${actor}: ${reason}${among(userIds)}`,
  ),
  HeldCommandsRejected: administrator(
    ({ kind, actor, reason, userIds }) => `${heldWords[kind]} was turned down by ${actor}: ${reason}${among(userIds)}`,
  ),
  HoldDissolved: engine(({ kind }) => `${heldWords[kind]} needs no approval any more`),
  CommandsDispatched: engine(({ items }, subject) => {
    const own = items.flatMap((item) => (item.subject === subject ? [item.kind] : []));
    return `sends ${own.join(', ')}`;
  }),
  CommandSucceeded: learnAmp(({ command, result }) => `done (${result}): ${describeCommand(command)}`),
  CommandRejected: learnAmp(
    ({ command, code, fields }) =>
      `refused: ${describeCommand(command)}; ${code}${fields.length === 0 ? '' : ` (${fields.join(', ')})`}`,
  ),
  CommandDeferred: engine(
    ({ kind, on, waitingFor }) => `${kind} waits: ${on}${waitingFor === null ? '' : ` ${waitingFor}`}`,
  ),
  CommandParked: engine(({ kind, reason }) => `${kind} needs a person: ${reason}`),
  UserLinked: learnAmp(({ learnAmpUserId, how }) => `has the account ${learnAmpUserId} (${how})`),
  LearnAmpUserObserved: learnAmp(({ account }) => accountWords(account)),
  DriftDetected: learnAmp(({ fields }) => `was changed at Learn Amp: ${fields.join(', ')}`),
  IdentityConflictDetected: engine(
    ({ conflict, otherUserId, learnAmpUserId }) =>
      `identity conflict: ${conflict}; other person ${shown(otherUserId)}, account ${shown(learnAmpUserId)}`,
  ),
};

/** What an event says of this person, and who said it. */
export const eventWords = (
  event: DirectoryEvent,
  userId: string,
  named: NameOf = () => undefined,
): { readonly source: WhyEvent['source']; readonly says: string } => {
  const known = words[event.type];
  if (known === undefined) return { source: 'engine', says: event.type };
  const [source, say] = known as readonly [
    WhyEvent['source'],
    (data: unknown, userId: string, named: NameOf) => string,
  ];
  return { source, says: say(event.data, userId, named) };
};

/** Who speaks through a type of event whose data is gone. */
export const sourceOf = (type: string): WhyEvent['source'] =>
  (words as Readonly<Record<string, readonly [WhyEvent['source'], unknown] | undefined>>)[type]?.[0] ?? 'engine';
