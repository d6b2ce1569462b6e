import type { DeliveredPerson, DirectoryPerson, ObjectId } from '@learnamp/directory-sync-domain';
import type { RowChange } from '@learnamp/directory-sync-event-sourcing';

/** Bumped whenever the same events would become other rows or entries: rows of another version are folded anew. */
const ROWS_VERSION = 3;
/** Versions of the folds of `domain`: bumped whenever the same events would become another state. */
const projectionVersions = { connection: 4, directoryPeople: 2, deliveredPeople: 4 };

export const foldVersion = [ROWS_VERSION, ...Object.values(projectionVersions)].join('.');

/** The tables of one connection's rows. */
export const tables = {
  /** `state`, `counts`, `samples` and `newest-key`. */
  connection: 'connection',
  people: 'directory-people',
  delivered: 'delivered-people',
  /** Who holds an address or an account: `email:<lower case>` and `account:<id>`. */
  holders: 'holders',
  /** `<group>`: what is known of a group; `<group>/<member>`: the kind of a member. */
  memberships: 'memberships',
  /** People whose plan may be other than idle. */
  pending: 'pending',
  /** People whose place in the scope may not be as the recorded edges say. */
  unsettled: 'unsettled',
  /** Since when, as Graph's time, nothing more is wanted of Learn Amp for somebody who left and whose data is still here. */
  leavers: 'leavers',
  /** Erased people whose keys may still stand, with the revision of the erasure. */
  erasing: 'erasing',
  /** People with an event that cannot be read: its revision and type. */
  unreadable: 'unreadable',
  /** `flags`. */
  work: 'work',
} as const;

export type Entries = RowChange['entries'];

/** The projections by the names that people use, and the tables of each. */
export const projectionTables = {
  connection: [tables.connection],
  'directory-people': [tables.people, tables.unreadable],
  'delivered-people': [tables.delivered, tables.holders, tables.leavers],
  memberships: [tables.memberships],
} as const;

/** The value of an index that says yes or no. */
export const YES = 'yes';

/** By manager: who has them, and who had them last and has none since. Both are planned on what that manager is. */
const managerOf = ({ managerId, previousManagerId }: DirectoryPerson): ObjectId | null =>
  managerId ?? previousManagerId;

/** Most rows stand in no index, or in the same ones: they share what says so. */
const none: Entries = {};
const yes: ReadonlyArray<string> = [YES];
const inScope: Entries = { 'in-scope': yes };

const personEntries = (person: DirectoryPerson): Entries => {
  const manager = managerOf(person);
  if (manager === null) return person.inScope ? inScope : none;
  return person.inScope ? { 'in-scope': yes, manager: [manager] } : { manager: [manager] };
};

const isEmpty = (record: object): boolean => {
  for (const _ in record) return false;
  return true;
};

/** Left, with an account that may still be active: who has to be confirmed, or is on the way out. */
export const isLeaving = (person: DirectoryPerson | undefined, delivered: DeliveredPerson): boolean =>
  person?.inScope === false &&
  person.leave !== undefined &&
  delivered.status !== 'deactivated' &&
  (delivered.link !== undefined || delivered.createUncertain || !isEmpty(delivered.unknown));

const isOwner = ({ role, status, link }: DeliveredPerson): boolean =>
  role === 'owner' && link !== undefined && status !== 'deactivated';

const deliveredEntries = (person: DirectoryPerson | undefined, delivered: DeliveredPerson): Entries => {
  const entries: Partial<Record<DeliveredIndex | 'override', ReadonlyArray<string>>> = {};
  if (delivered.lookAgain || !isEmpty(delivered.unknown)) entries.unknown = yes;
  if (!isEmpty(delivered.rejected) || !isEmpty(delivered.unanswered)) entries.refused = yes;
  if (delivered.hold?.standing === 'held') entries.held = yes;
  if (delivered.hold?.standing === 'approved') entries.approved = yes;
  if (isOwner(delivered)) entries.owner = yes;
  if (isLeaving(person, delivered)) entries.leaving = yes;
  if (delivered.managerSetAccount !== undefined) entries.override = [delivered.managerSetAccount];
  return isEmpty(entries) ? none : entries;
};

export const deliveredFlags = ['unknown', 'refused', 'held', 'approved', 'owner', 'leaving'] as const;
export type DeliveredIndex = (typeof deliveredFlags)[number];

/** What a row is found by. What Learn Amp holds of somebody is also found by what the directory says of them. */
export const entriesOf = (
  table: string,
  row: { readonly key: string; readonly value: unknown },
  person: (userId: string) => DirectoryPerson | undefined,
): Entries => {
  if (table === tables.people) return personEntries(row.value as DirectoryPerson);
  return table === tables.delivered ? deliveredEntries(person(row.key), row.value as DeliveredPerson) : none;
};
