import type { Status } from '@learnamp/directory-sync';
import { stateOf } from './connection-state.js';
import { ago, ahead, age, notificationsInWords } from './status-words.js';
import { table } from './table.js';

/** What is known of one connection; `problem` is one sentence where nothing could be read. */
export type Reading =
  | { readonly _tag: 'Read'; readonly status: Status }
  | {
      readonly _tag: 'Failed';
      readonly connectionId: string;
      readonly code: string;
      readonly problem: string;
      /** As it was thrown. */
      readonly cause: unknown;
    };

const head = [
  'connection',
  'state',
  'last sync',
  'next sync',
  'fresh',
  'in scope',
  'linked',
  'waiting',
  'held',
  'parked',
  'notifications',
];

const last = ({ lastSync }: Status, now: Date): string => {
  if (lastSync === null) return 'never';
  return lastSync.ok ? ago(lastSync.at, now) : `${ago(lastSync.at, now)}, not completed`;
};

const next = ({ live }: Status, now: Date): string => {
  if (live.waitingUntil !== null) return ahead(live.waitingUntil, now);
  return live.running && live.nextSyncAt !== null ? ahead(live.nextSyncAt, now) : '-';
};

const row = (reading: Reading, now: Date): ReadonlyArray<string> => {
  if (reading._tag === 'Failed') return [reading.connectionId, 'unreadable', ...head.slice(2).map(() => '-')];
  const { status } = reading;
  const { inScope, linked, waiting, held, parked } = status.people;
  return [
    status.connectionId,
    stateOf(status),
    last(status, now),
    next(status, now),
    status.freshness === null ? '-' : age(status.freshness.ageSeconds),
    ...[inScope, linked, waiting, held, parked].map(String),
    notificationsInWords(status),
  ];
};

/** Every connection at a glance, one row each. */
export const statusTable = (readings: ReadonlyArray<Reading>, now: Date): string =>
  table(
    head,
    readings.map((reading) => row(reading, now)),
  );
