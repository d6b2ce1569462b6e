import type { EventView } from '@learnamp/directory-sync';
import { attributeOf, commandOf, dataOf, itemsOf, metaOf, textAt, textOf } from './event-data.js';

/** What the log says of one person, read a second time and as plainly as possible. */
export type KnownPerson = {
  inScope: boolean;
  blocked: boolean;
  deleted: boolean;
  /** Somebody agreed that the person is out, since they left. */
  confirmed: boolean;
  manager: string | null;
  attributes: Map<string, string | null>;
  /** Attributes that had a value at some time. */
  everHad: Set<string>;
  account: string | undefined;
  role: string | undefined;
  active: boolean;
  held: boolean;
  approved: boolean;
  everApproved: boolean;
  /** Kinds of command that were dispatched, ever. */
  readonly sent: Set<string>;
};

type Preferences = Readonly<Record<string, unknown>>;

/** The fold that the checkers share: nothing of it comes from the engine but the records. */
export type Ledger = {
  readonly people: Map<string, KnownPerson>;
  readonly personOf: (userId: string) => KnownPerson;
  /** Members of groups, by the recorded edges. */
  readonly members: Map<string, Map<string, string>>;
  readonly deletedGroups: Set<string>;
  readonly teams: Set<string>;
  readonly dispatched: Map<string, { readonly subject: string; readonly kind: string; readonly cycle: string }>;
  readonly preferences: () => Preferences;
  readonly scopeGroup: () => string;
  /** Most people who were linked and active at one time, so far. */
  readonly mostActive: () => number;
  readonly isReachable: (userId: string) => boolean;
  readonly apply: (event: EventView) => void;
};

const unknownPerson = (): KnownPerson => ({
  ...{ inScope: false, blocked: false, deleted: false, confirmed: false, manager: null },
  ...{ attributes: new Map<string, string | null>(), everHad: new Set<string>(), sent: new Set<string>() },
  ...{ account: undefined, role: undefined, active: false, held: false, approved: false, everApproved: false },
});

type Account = { readonly role?: string; readonly status?: string } | null | undefined;

const see = (person: KnownPerson, account: Account): void => {
  if (account === undefined) return;
  person.active = account !== null && account.status !== 'deactivated';
  if (account?.role !== undefined) person.role = account.role;
};

const join = (person: KnownPerson, event: EventView): void => {
  const data = dataOf(event);
  const attributes = Object.entries((data['attributes'] ?? {}) as Readonly<Record<string, string | null>>);
  person.inScope = true;
  person.deleted = false;
  person.confirmed = false;
  person.blocked = data['accountEnabled'] === false;
  person.manager = textOf(data['managerId']) ?? null;
  person.attributes = new Map(attributes);
  for (const [name, value] of attributes) if (value !== null) person.everHad.add(name);
};

const change = (person: KnownPerson, attribute: string, to: unknown): void => {
  person.attributes.set(attribute, textOf(to) ?? null);
  if (to !== null) person.everHad.add(attribute);
};

const personSteps: Readonly<Record<string, (person: KnownPerson, event: EventView) => void>> = {
  UserJoinedGroup: join,
  UserLeftGroup: (person) => Object.assign(person, { inScope: false, confirmed: false }),
  LeaveConfirmed: (person) => Object.assign(person, { confirmed: true }),
  AccountBlocked: (person) => Object.assign(person, { blocked: true }),
  AccountUnblocked: (person) => Object.assign(person, { blocked: false }),
  UserDeleted: (person) => Object.assign(person, { deleted: true }),
  UserRestored: (person) => Object.assign(person, { deleted: false }),
  ManagerAssigned: (person, event) => Object.assign(person, { manager: textAt(event, 'managerId') }),
  ManagerUnassigned: (person) => Object.assign(person, { manager: null }),
  UserLinked: (person, event) => Object.assign(person, { account: textAt(event, 'learnAmpUserId'), active: true }),
  LearnAmpUserObserved: (person, event) => see(person, dataOf(event)['account'] as Account),
  PersonErased: (person) => Object.assign(person, unknownPerson()),
};

const succeed = (person: KnownPerson, event: EventView): void => {
  const kind = commandOf(event)?.kind;
  see(person, dataOf(event)['account'] as Account);
  if (kind === 'DeactivateUser') person.active = false;
  if (kind === 'ReactivateUser') person.active = true;
  if (kind === 'DeactivateUser' || kind === 'ReactivateUser') person.approved = false;
};

const standings: Readonly<Record<string, Partial<KnownPerson>>> = {
  CommandsHeld: { held: true },
  HeldCommandsApproved: { held: false, approved: true, everApproved: true },
  HeldCommandsRejected: { held: false },
  HoldDissolved: { held: false, approved: false },
};

export const makeLedger = (): Ledger => {
  const people = new Map<string, KnownPerson>();
  const members: Ledger['members'] = new Map();
  const deletedGroups = new Set<string>();
  const teams = new Set<string>();
  const dispatched: Ledger['dispatched'] = new Map();
  let preferences: Preferences = {};
  let scopeGroup = '';
  let mostActive = 0;

  const personOf = (userId: string): KnownPerson => {
    const known = people.get(userId) ?? unknownPerson();
    people.set(userId, known);
    return known;
  };
  const membersOf = (groupId: string): Map<string, string> => {
    const known = members.get(groupId) ?? new Map<string, string>();
    members.set(groupId, known);
    return known;
  };

  const isReachable = (userId: string): boolean => {
    const seen = new Set([scopeGroup]);
    for (const groupId of seen) {
      if (deletedGroups.has(groupId)) continue;
      for (const [memberId, kind] of members.get(groupId) ?? []) {
        if (memberId === userId) return true;
        if (kind === 'group') seen.add(memberId);
      }
    }
    return false;
  };

  const applyToCompany = (event: EventView): void => {
    if (event.type === 'ConnectionCreated') scopeGroup = textAt(event, 'groupId');
    if (event.type === 'ScopeGroupChanged') scopeGroup = textAt(event, 'to');
    if (event.type === 'PreferencesChanged') preferences = dataOf(event)['preferences'] as Preferences;
    if (event.type === 'GroupMemberAdded')
      membersOf(textAt(event, 'groupId')).set(textAt(event, 'memberId'), textAt(event, 'kind'));
    if (event.type === 'GroupMemberRemoved') membersOf(textAt(event, 'groupId')).delete(textAt(event, 'memberId'));
    if (event.type === 'GroupDeleted') deletedGroups.add(textAt(event, 'groupId'));
    if (event.type === 'GroupRestored') deletedGroups.delete(textAt(event, 'groupId'));
    if (event.type === 'TeamEnsured') teams.add(textAt(event, 'teamId'));
  };

  const applyToPeople = (event: EventView): void => {
    const userId = textAt(event, 'userId');
    const attribute = attributeOf(event);
    if (attribute !== undefined && userId !== '') change(personOf(userId), attribute, dataOf(event)['to']);
    const step = personSteps[event.type];
    if (step !== undefined && userId !== '') step(personOf(userId), event);
    const standing = standings[event.type];
    if (standing !== undefined && dataOf(event)['kind'] === 'deactivations')
      for (const id of dataOf(event)['userIds'] as ReadonlyArray<string>) Object.assign(personOf(id), standing);
    const subject = textOf(commandOf(event)?.['userId']);
    if (event.type === 'CommandSucceeded' && subject !== undefined) succeed(personOf(subject), event);
  };

  return {
    ...{ people, personOf, members, deletedGroups, teams, dispatched, isReachable },
    preferences: () => preferences,
    scopeGroup: () => scopeGroup,
    mostActive: () => mostActive,
    apply: (event) => {
      applyToCompany(event);
      applyToPeople(event);
      for (const { commandId, subject, kind } of itemsOf(event)) {
        dispatched.set(commandId, { subject, kind, cycle: metaOf(event).correlationId ?? '' });
        personOf(subject).sent.add(kind);
      }
      if (event.type !== 'UserLinked' && event.type !== 'CommandSucceeded' && event.type !== 'LearnAmpUserObserved')
        return;
      const active = [...people.values()].filter(({ account, active: isActive }) => account !== undefined && isActive);
      mostActive = Math.max(mostActive, active.length);
    },
  };
};
