import type { CommandOf, ObjectId, TeamKey } from '@learnamp/directory-sync-domain';
import { planTeams } from '@learnamp/directory-sync-domain';

type Wish = { readonly key: TeamKey; readonly name: string };

/**
 * The teams that people's plans need and that are not there, with every spelling. Invariant: the counts of a key are those of
 * the wishes that were noted last for each person.
 */
export const makeWantedTeams = () => {
  const wishes = new Map<ObjectId, Wish>();
  const spellings = new Map<TeamKey, Map<string, number>>();

  const count = ({ key, name }: Wish, by: number): void => {
    const counts = spellings.get(key) ?? new Map<string, number>();
    const now = (counts.get(name) ?? 0) + by;
    if (now === 0) counts.delete(name);
    else counts.set(name, now);
    if (counts.size === 0) spellings.delete(key);
    else spellings.set(key, counts);
  };

  function* wanted(key: TeamKey): Generator<Wish> {
    const counts = [...(spellings.get(key) ?? [])];
    // With one spelling nothing is to be weighed.
    for (const [name, times] of counts)
      for (let at = 0; at < (counts.length === 1 ? 1 : times); at++) yield { key, name };
  }

  return {
    /** Returns the keys whose wishes are others now. */
    note: (userId: ObjectId, wish: Wish | undefined): ReadonlyArray<TeamKey> => {
      const before = wishes.get(userId);
      if (before?.key === wish?.key && before?.name === wish?.name) return [];
      if (before !== undefined) count(before, -1);
      if (wish === undefined) wishes.delete(userId);
      else {
        wishes.set(userId, wish);
        count(wish, 1);
      }
      return [before, wish].flatMap((each) => (each === undefined ? [] : [each.key]));
    },
    keys: (): Iterable<TeamKey> => spellings.keys(),
    /** `undefined`: nobody wants it. */
    planOf: (key: TeamKey): CommandOf<'EnsureTeam'> | undefined => planTeams(wanted(key), () => false)[0],
  };
};
