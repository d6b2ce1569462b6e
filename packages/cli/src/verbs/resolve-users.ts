import type { DirectorySync, ObjectId } from '@learnamp/directory-sync';
import { WrongUse } from './verb-context.js';

const LISTED = 10;

export type ResolveOptions = {
  /** What is named in a message: a flag, or the argument. */
  readonly path?: string | undefined;
  /** Ask Microsoft Graph where nobody is known by this address. */
  readonly live?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
};

const several = (ids: ReadonlyArray<string>, path: string): WrongUse => {
  const more = ids.length > LISTED ? ` and ${ids.length - LISTED} more` : '';
  const named = path.startsWith('--') ? path : 'That';
  return new WrongUse(
    path,
    `${named} fits several people; give one object id of: ${ids.slice(0, LISTED).join(', ')}${more}.`,
  );
};

const nobody = (user: string, path: string, live: boolean | undefined): string => {
  if (/^\d+$/.test(user)) return `Nobody has the Learn Amp id ${user}.`;
  const given = path.startsWith('--') ? `given as ${path}` : 'given';
  if (live === true)
    return `Nobody has the address ${given}, neither as far as is known here nor at Microsoft Graph; an object id is always found.`;
  const hint = live === false ? ' With --live Microsoft Graph is asked for it.' : '';
  return `Nobody has the address ${given} now; earlier addresses and erased people are found by object id only.${hint}`;
};

/**
 * One USER: a GUID is an object id and is taken as it is (a person may be erased, or known from an edge only), digits are a
 * Learn Amp id, anything else is an address compared without case. Messages do not repeat an address: stderr names by id.
 */
export const resolveUser = async (
  connection: DirectorySync,
  user: string,
  { path = '--user', live, signal }: ResolveOptions = {},
): Promise<ObjectId> => {
  const [first, ...others] = await connection.findUsers(user, { live, signal });
  if (first === undefined) throw new WrongUse(path, nobody(user, path, live));
  if (others.length > 0) throw several([first, ...others], path);
  return first;
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
