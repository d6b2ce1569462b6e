import type { DirectorySync, ObjectId, PersonView } from '@learnamp/directory-sync';
import { isGuid } from '../configuration/reader.js';
import { knownAddresses } from './known-addresses.js';
import { WrongUse } from './verb-context.js';

const LISTED = 10;

const several = (ids: ReadonlyArray<string>): WrongUse => {
  const more = ids.length > LISTED ? ` and ${ids.length - LISTED} more` : '';
  return new WrongUse(
    '--user',
    `--user fits several people; give one object id of: ${ids.slice(0, LISTED).join(', ')}${more}.`,
  );
};

const one = (ids: ReadonlySet<ObjectId>, nobody: string): ObjectId => {
  const [first, ...others] = ids;
  if (first === undefined) throw new WrongUse('--user', nobody);
  if (others.length > 0) throw several([first, ...others]);
  return first;
};

const matching = async (
  connection: DirectorySync,
  matches: (person: PersonView) => boolean,
): Promise<Set<ObjectId>> => {
  const found = new Set<ObjectId>();
  for await (const person of connection.people()) if (matches(person)) found.add(person.userId);
  return found;
};

const byAddress = async (connection: DirectorySync, user: string): Promise<ReadonlySet<ObjectId>> => {
  const address = user.toLowerCase();
  const found = await matching(connection, ({ email }) => email?.toLowerCase() === address);
  for (const id of (await knownAddresses(connection)).get(address) ?? []) found.add(id as ObjectId);
  return found;
};

/**
 * One `--user`: a GUID is an object id and is taken as it is (a person may be erased, or known from an edge only), digits are a
 * Learn Amp id, anything else is an address compared without case. Messages do not repeat an address: stderr names by id.
 */
const resolveUser = async (connection: DirectorySync, user: string): Promise<ObjectId> => {
  if (isGuid(user)) return user.toLowerCase() as ObjectId;
  if (/^\d+$/.test(user)) {
    const found = await matching(connection, ({ learnAmpUserId }) => learnAmpUserId === user);
    return one(found, `Nobody has the Learn Amp id ${user}.`);
  }
  return one(
    await byAddress(connection, user),
    'Nobody has the address given as --user now; earlier addresses and erased people are found by object id only.',
  );
};

/** Every `--user`, each exactly one person. Rejects with `WrongUse`. */
export const resolveUsers = async (
  connection: DirectorySync,
  users: ReadonlyArray<string>,
): Promise<ReadonlyArray<ObjectId>> => {
  const ids = new Set<ObjectId>();
  for (const user of users) ids.add(await resolveUser(connection, user));
  return [...ids];
};
