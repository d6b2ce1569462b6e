import type { ConnectionAt, PersonAt } from '@learnamp/directory-sync';
import { fieldRows } from './field-rows.js';
import { counted, printable } from './printable.js';
import { table } from './table.js';

const standingOf = ({ directory, delivered }: PersonAt): string => {
  if (delivered?.hold?.standing === 'held') return 'held';
  if (directory?.inScope !== true) return 'out of the group';
  if (Object.keys(delivered?.parked ?? {}).length > 0) return 'parked';
  return delivered?.learnAmpUserId === undefined ? 'waiting' : 'active';
};

export const peopleTable = (people: ReadonlyArray<PersonAt>): string =>
  table(
    ['name', 'e-mail', 'status', 'Learn Amp id', 'account', 'team', 'object id'],
    people.map((person) => [
      person.displayName ?? '',
      person.delivered?.email ?? person.desired?.email ?? '',
      standingOf(person),
      person.delivered?.learnAmpUserId ?? '',
      person.delivered?.status ?? '',
      person.delivered?.teamKey ?? '',
      person.userId,
    ]),
  );

const sides = [
  ['In the directory', 'directory'],
  ['At Learn Amp', 'delivered'],
  ['To be delivered, by the preferences of the time', 'desired'],
] as const;

/** One person in full: a section for each side. */
export const personText = (person: PersonAt): string =>
  [
    printable(`${person.displayName ?? 'No name'} (${person.userId})`),
    ...sides.flatMap(([title, side]) => {
      const rows = fieldRows(person[side] ?? undefined).map(([path, value]) => [path, value]);
      return rows.length === 0 ? [`${title}: nothing.`] : [`${title}:`, table(['field', 'value'], rows)];
    }),
    '',
  ].join('\n');

/** Where the fold ended, and what the connection was there. */
export const connectionText = (connection: ConnectionAt): string => {
  const { at, events, people, cursors, teams, paused, scopeHold, groupId } = connection;
  if (at === null) return 'The log is empty: run "directory-sync sync".\n';
  const places = cursors.map(({ cursor, reached, issuedAt }) => `${cursor} (${reached}, ${issuedAt})`).join(', ');
  return [
    `Revision ${at.revision}, recorded ${at.recordedAt} (hash ${at.hash.slice(0, 12)}): ${counted(events, 'event', 'events')} folded.`,
    `Group ${groupId ?? 'not known'}: ${people.inScope} in it, ${people.linked} with an account, ${people.waiting} without one yet, ${people.held} held.`,
    `${counted(teams, 'team', 'teams')} known.${places === '' ? '' : ` Cursors: ${places}.`}`,
    ...(paused ? ['Paused.'] : []),
    ...(scopeHold === null ? [] : [`Nobody may leave: ${scopeHold}.`]),
    '',
  ]
    .map(printable)
    .join('\n');
};
