import type { DirectorySync, Moment, ObjectId, PersonAt } from '@learnamp/directory-sync';
import { isGuid } from '../configuration/reader.js';
import { WrongUse } from './verb-context.js';

const LISTED = 10;

/** Whether a USER names this person, as they were then. */
const fits = ({ userId, directory, delivered }: PersonAt, user: string): boolean => {
  const wanted = user.toLowerCase();
  if (isGuid(user)) return userId === wanted;
  if (/^\d+$/.test(user)) return delivered?.learnAmpUserId === user;
  const { userPrincipalName, mail } = directory?.attributes ?? {};
  return [delivered?.email, userPrincipalName, mail].some((address) => address?.toLowerCase() === wanted);
};

const one = (user: string, found: ReadonlyArray<ObjectId>): ObjectId => {
  const [first, ...others] = found;
  if (first === undefined) {
    const who = isGuid(user)
      ? `Nobody was known with the object id ${user.toLowerCase()}`
      : /^\d+$/.test(user)
        ? `Nobody had the Learn Amp id ${user}`
        : 'Nobody had the address given as --user';
    throw new WrongUse('--user', `${who} at that moment; an erased person is found by object id only.`);
  }
  if (others.length > 0)
    throw new WrongUse(
      '--user',
      `--user fits several people; give one object id of: ${found.slice(0, LISTED).join(', ')}${found.length > LISTED ? ` and ${found.length - LISTED} more` : ''}.`,
    );
  return first;
};

/** Collects whom each USER names while people go by. */
export const makeUserMatcher = (users: ReadonlyArray<string>) => {
  const found = users.map((user) => ({ user, ids: [] as ObjectId[] }));
  return {
    /** Whether any of them names this person. */
    take: (person: PersonAt): boolean => {
      let fitsAny = false;
      for (const { user, ids } of found)
        if (fits(person, user)) {
          ids.push(person.userId);
          fitsAny = true;
        }
      return fitsAny;
    },
    /** Each exactly one person. Throws a `WrongUse`. */
    all: (): ReadonlyArray<ObjectId> => [...new Set(found.map(({ user, ids }) => one(user, ids)))],
  };
};

/** Every `--user`, by who they were at a moment. Object ids are taken as they are, and cost no look. */
export const usersAt = async (
  connection: DirectorySync,
  at: Moment,
  users: ReadonlyArray<string>,
): Promise<ReadonlyArray<ObjectId>> => {
  if (users.every(isGuid)) return users.map((user) => user.toLowerCase() as ObjectId);
  const matcher = makeUserMatcher(users);
  for await (const step of connection.stateAt(at)) {
    if (step._tag === 'Person') matcher.take(step);
    // An empty log is told as such, not as one that lacks somebody.
    else if (step.at === null) return [];
  }
  return matcher.all();
};
