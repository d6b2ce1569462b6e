import type { Why, WhyWait } from './why.js';
import type { PersonNow } from './waits.js';

type Concluding = PersonNow & Pick<Why, 'events' | 'waits' | 'next' | 'erased' | 'looked'>;

const waitWords = ({ says, until }: WhyWait): string => `${says} ${until}`;

/** The first thing in the way; of the connection's own only where nothing is the person's. */
const firstWait = (waits: ReadonlyArray<WhyWait>): string | undefined => {
  const [first] = waits;
  if (first === undefined) return undefined;
  const more = waits.length === 1 ? '' : ` (and ${waits.length - 1} more)`;
  return `${waitWords(first)}${more}`;
};

const nextWords = ({ next, waits }: Concluding): string => {
  const planned = next.commands.map(({ says }) => says).join('; ');
  const waiting = firstWait(waits);
  if (waiting !== undefined) return planned === '' ? waiting : `${waiting}; the next sync sends: ${planned}`;
  return planned === '' ? 'nothing is to be done' : `the next sync sends: ${planned}`;
};

const inScope = (about: Concluding): string => {
  const { link, gone, status } = about.delivered;
  const then = nextWords(about);
  if (link === undefined)
    return then === 'nothing is to be done' ? 'Has no account yet; nothing is planned.' : `Has no account: ${then}.`;
  if (gone) return `The account ${link} is not at Learn Amp any more: ${then}.`;
  if (status === 'deactivated') return `The account ${link} is deactivated at Learn Amp: ${then}.`;
  return `Active in Learn Amp as ${link}; ${then}.`;
};

const outOfScope = (about: Concluding): string => {
  const { link, gone, status } = about.delivered;
  if (link === undefined) return `Left the scope, and has no account; ${nextWords(about)}.`;
  if (gone) return `Left the scope; the account ${link} is not at Learn Amp any more.`;
  if (status === 'deactivated') return `Left the scope; the account ${link} is deactivated.`;
  return `Left the scope; the account ${link} is still active: ${nextWords(about)}.`;
};

const neverSeen = ({ events, looked }: Concluding): string => {
  const first = looked?.reasons.find(({ applies }) => applies === 'yes');
  const because = first === undefined ? 'most likely not a member of the group or of one nested in it' : first.says;
  return events.length === 0
    ? `Nothing about this person is in the log: ${because}.`
    : `Never was in scope, though the log has events about this id: ${because}.`;
};

/** The answer in one sentence. */
export const conclude = (about: Concluding): string => {
  const { person, erased } = about;
  if (person?.erased === true)
    return erased === null
      ? 'Erased: ids and times are all that is left.'
      : `Erased on ${erased.at} by ${erased.by}: ids and times are all that is left.`;
  if (person?.everInScope !== true) return neverSeen(about);
  return person.inScope ? inScope(about) : outOfScope(about);
};
