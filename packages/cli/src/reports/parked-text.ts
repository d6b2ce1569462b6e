import type { Parked, ParkedPerson, Retried } from '@learnamp/directory-sync';
import { attentionWords } from './attention-words.js';
import { counted, printable } from './printable.js';
import { moreLine } from './shown-at-most.js';

const about = (person: ParkedPerson): string => {
  const name = [person.displayName, person.email].filter((part) => part !== null).join(', ');
  return name === '' ? person.userId : `${name} (${person.userId})`;
};

const lines = (person: ParkedPerson): ReadonlyArray<string> => [
  printable(about(person)),
  `  ${attentionWords[person.kind].what}: ${printable(person.reason)}${person.since === null ? '' : `, since ${person.since}`}`,
  ...person.waits.map(({ says, until }) => `  ${printable(says)} ${printable(until)}`),
  ...(person.nextTryAt === null ? [] : [`  asked again by itself from ${person.nextTryAt} on`]),
];

/** What `parked` prints. */
export const parkedText = ({ connectionId, counts, people, more }: Parked): string =>
  people.length === 0
    ? `Nobody is parked in ${printable(connectionId)}.`
    : [
        `${counted(new Set(people.map(({ userId }) => userId)).size + more, 'person is', 'people are')} parked in ${printable(connectionId)}:`,
        ...counts.map(
          (count) => `  ${counted(count.people, 'person', 'people')}: ${count.kind}, ${printable(count.reason)}`,
        ),
        '',
        ...people.flatMap((person) => [...lines(person), '']),
        ...moreLine(more),
        'To try again at once: directory-sync retry USER, or directory-sync retry --all.',
      ].join('\n');

/** What `retry` prints before anything is delivered. */
export const retriedText = ({ userIds, teams, byName, notParked, resting }: Retried): string => {
  const people = userIds.length === 0 ? [] : [counted(userIds.length, 'person', 'people')];
  const all = teams === 0 ? people : [...people, counted(teams, 'team', 'teams')];
  const later = resting ? ' once the connection is resumed ("directory-sync resume")' : '';
  const first = all.length === 0 ? 'Nothing is to be tried again.' : `To be tried again${later}: ${all.join(' and ')}.`;
  const leftOut = byName.map(
    (userId) => `Left out: ${userId}: the address was changed by hand at Learn Amp; name the person to write over it.`,
  );
  return [first, ...leftOut, ...notParked.map((userId) => `Not parked: ${userId}.`)].join('\n');
};
