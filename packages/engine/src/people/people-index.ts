import type { ObjectId } from '@learnamp/directory-sync-domain';
import type { PersonStatus, PersonView } from '../directory-sync.js';

/** What is kept of a person for searching: enough to find and to order them. */
export type IndexedPerson = {
  readonly userId: ObjectId;
  readonly learnAmpUserId: string | null;
  /** The name as it orders, and everything that words are looked for in: lower case, without accents. */
  readonly name: string;
  readonly words: string;
  readonly status: PersonStatus;
};

/** Lower case, without accents, in one Unicode form: so that "jose" finds "José". */
export const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase();

/** A name of 10,000 characters is found by its beginning. */
const LONGEST = 400;

const short = (text: string | null): string => plain((text ?? '').slice(0, LONGEST));

export const indexed = (view: PersonView): IndexedPerson => {
  const name = short(view.displayName);
  return {
    userId: view.userId,
    learnAmpUserId: view.learnAmpUserId,
    name,
    words: `${name}\n${short(view.email)}\n${short(view.primaryTeam)}`,
    status: view.status,
  };
};

export const inOrder = (a: IndexedPerson, b: IndexedPerson): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : a.userId < b.userId ? -1 : a.userId > b.userId ? 1 : 0;

/** Whether every word is found in a person. */
export const matcherOf = (text: string | undefined): ((person: IndexedPerson) => boolean) => {
  const words = plain(text ?? '')
    .split(/\s+/u)
    .filter((word) => word !== '');
  return (person) =>
    words.every((word) => person.words.includes(word) || person.userId === word || person.learnAmpUserId === word);
};

/** The first place in an ordered list at which nobody comes before this person. */
export const placeOf = (people: ReadonlyArray<IndexedPerson>, person: IndexedPerson): number => {
  let [low, high] = [0, people.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = people[middle];
    if (at !== undefined && inOrder(at, person) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
};
