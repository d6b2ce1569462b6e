import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as t from 'io-ts';
import { defineEvent } from '../event-definition.js';
import { defineEvents } from '../event-registry.js';
import type { EventLog } from '../event-log.js';
import type { ReadEvent } from '../event-stream.js';
import { makeMemoryKeyStore } from '../memory-key-store.js';
import { openEventStream } from '../open-event-stream.js';
import type { LogCase } from './event-log-conformance.js';
import { newStream, readAll, record } from './records.js';
import { succeed } from './suite.js';

const Renamed = defineEvent({
  type: 'Renamed',
  data: t.strict({ name: t.string }),
  upcasts: [(older) => ({ title: older }), (older) => ({ name: (older as { readonly title: unknown }).title })],
});
const Counted = defineEvent({ type: 'Counted', data: t.strict({ count: t.number }), ignorable: true });
const registry = defineEvents([Renamed, Counted]);

const open = (log: EventLog, name: string) =>
  openEventStream({
    log,
    keys: makeMemoryKeyStore(),
    registry,
    name,
    owner: 'conformance',
    now: () => new Date('2026-02-03T04:05:06.789Z'),
    newId: () => randomUUID(),
  });

const context = { correlationId: 'cycle', causationId: 'request' };

const outcomeOf = (read: ReadEvent<{ readonly type: string; readonly data: unknown }>): string => {
  if (read._tag === 'Event') return JSON.stringify(read.event.data);
  return read._tag === 'Passed' ? read.reason : read.failure._tag;
};

const outcomes = async (log: EventLog, name: string): Promise<ReadonlyArray<string>> => {
  const all: string[] = [];
  for await (const page of open(log, name).pages({ size: 3 })) all.push(...page.map(outcomeOf));
  return all;
};

// Typed events over the log: what is stored is decoded at one place, and what cannot be is a value in its place.
export const streamCases: ReadonlyArray<LogCase> = [
  {
    title: 'a typed event is stored at the version of its definition, wherever it stands in the stream',
    run: async ({ log }) => {
      const name = newStream();
      const stream = open(log, name);
      for (let at = 0; at < 3; at += 1)
        await succeed(stream.append('any', [{ type: 'Renamed', data: { name: `n${at}` } }], context));
      await succeed(stream.append('any', [{ type: 'Counted', data: { count: 1 } }], context));
      assert.deepEqual(
        (await readAll(log, name)).map(({ schemaVersion }) => schemaVersion),
        [3, 3, 3, 1],
      );
    },
  },
  {
    title: 'unknown, future and unreadable events are values in their place, older ones are brought up to date',
    run: async ({ log }) => {
      const name = newStream();
      const renamed = (data: unknown, schemaVersion: number) =>
        record(data as never, { type: 'Renamed', schemaVersion });
      await succeed(
        log.append(name, 'no-stream', [
          renamed('first', 1),
          renamed({ title: 'second' }, 2),
          renamed({ name: 'third' }, 3),
          renamed({ name: 'newer' }, 4),
          record({ count: 1, more: true }, { type: 'Counted', schemaVersion: 2 }),
          record({}, { type: 'NeverHeardOf' }),
          renamed({ name: 7 }, 3),
          renamed({ name: 'at no version' }, 0),
          renamed({ name: 'last' }, 3),
        ]),
      );
      assert.deepEqual(await outcomes(log, name), [
        '{"name":"first"}',
        '{"name":"second"}',
        '{"name":"third"}',
        'FutureSchemaVersion',
        'ignorable',
        'UnknownEventType',
        'InvalidData',
        'InvalidData',
        '{"name":"last"}',
      ]);
    },
  },
  {
    title: 'a bad event is refused with everything that was to be appended with it',
    run: async ({ log }) => {
      const name = newStream();
      const bad = { type: 'Renamed', data: { name: 7 as never } } as const;
      await assert.rejects(
        open(log, name).append('any', [{ type: 'Renamed', data: { name: 'good' } }, bad], context)(),
      );
      assert.equal(await succeed(log.head(name)), undefined);
    },
  },
  {
    title: 'a damaged record is a failure of its own in typed reads, and those around it are read',
    run: async ({ log, damage }) => {
      const name = newStream();
      const events = ['a', 'b', 'c', 'd'].map((letter) => ({ type: 'Renamed', data: { name: letter } }) as const);
      await succeed(open(log, name).append('any', events, context));
      await damage?.rewrite(name, 1n, { data: '"b' });
      const [first, second, ...rest] = await outcomes(log, name);
      assert.deepEqual([first, ...rest], ['{"name":"a"}', '{"name":"c"}', '{"name":"d"}']);
      assert.equal(second, damage === undefined ? '{"name":"b"}' : 'BrokenChain');
    },
  },
];
