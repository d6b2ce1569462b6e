import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import * as fc from 'fast-check';
import * as t from 'io-ts';
import { describe, expect, it } from 'vitest';
import { verifyChain } from './chain.js';
import { succeed } from './conformance/suite.js';
import type { StoredRecord } from './envelope.js';
import { defineEvent } from './event-definition.js';
import type { EventOf } from './event-definition.js';
import type { EventLog } from './event-log.js';
import { LogFailure } from './event-log.js';
import { defineEvents } from './event-registry.js';
import type { EventRegistry } from './event-registry.js';
import type { EventStream, PendingEvent, ReadEvent } from './event-stream.js';
import type { KeyStore } from './key-store.js';
import { makeMemoryEventLog } from './memory-event-log.js';
import { makeMemoryKeyStore } from './memory-key-store.js';
import { openEventStream } from './open-event-stream.js';

const UserRenamed = defineEvent({
  type: 'UserRenamed',
  data: t.strict({ userId: t.string, name: t.string }),
  subjects: ({ userId }) => [userId, userId],
  sealing: { kind: 'owner', owner: ({ userId }) => (userId === 'nobody' ? undefined : userId) },
});
const UserHired = defineEvent({
  type: 'UserHired',
  data: t.strict({ userId: t.string, title: t.string }),
  subjects: ({ userId }) => [userId],
  sealing: { kind: 'owner', owner: ({ userId }) => userId },
  erased: ([userId = '']) => ({ userId, title: '' }),
});
const CursorMoved = defineEvent({
  type: 'CursorMoved',
  data: t.intersection([t.strict({ link: t.string, round: t.unknown }), t.partial({ actor: t.string })]),
  sealing: { kind: 'fields', fields: ['link', 'actor'] },
});
const Counted = defineEvent({ type: 'Counted', data: t.strict({ n: t.number }), ignorable: true });

const definitions = [UserRenamed, UserHired, CursorMoved, Counted] as const;
type Ev = EventOf<(typeof definitions)[number]>;
const registry = defineEvents(definitions);

const renamed = (userId: string, name: string): PendingEvent<Ev> => ({ type: 'UserRenamed', data: { userId, name } });
const counted = (n: number): PendingEvent<Ev> => ({ type: 'Counted', data: { n } });
const context = { correlationId: 'cycle', causationId: 'request' };

const clock = () => {
  let seconds = 0;
  return () => new Date(Date.UTC(2026, 0, 1, 0, 0, (seconds += 1)));
};
const counter = () => {
  let last = 0;
  return () => `id-${(last += 1)}`;
};

const open = (
  given: { readonly log?: EventLog; readonly keys?: KeyStore; readonly registry?: EventRegistry<Ev> } = {},
) => {
  const log = given.log ?? makeMemoryEventLog();
  const keys = given.keys ?? makeMemoryKeyStore();
  const stream: EventStream<Ev> = openEventStream({
    log,
    keys,
    registry: given.registry ?? registry,
    name: 'directorySync-x',
    owner: 'connection:x',
    now: clock(),
    newId: counter(),
  });
  return { log, keys, stream };
};

const flatten = async <T>(pages: AsyncIterable<ReadonlyArray<T>>): Promise<ReadonlyArray<T>> => {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
};
const events = (read: ReadonlyArray<ReadEvent<Ev>>) => read.map((one) => (one._tag === 'Event' ? one.event : one));
const verdicts = (read: ReadonlyArray<ReadEvent<Ev>>) =>
  read.map((one) => (one._tag === 'Failed' ? one.failure._tag : one._tag));
const stored = (log: EventLog): Promise<ReadonlyArray<StoredRecord>> => flatten(log.pages('directorySync-x'));

/** A log whose reads go through somebody who can change records. */
const tampered = (log: EventLog, change: (one: StoredRecord) => ReadonlyArray<StoredRecord>): EventLog => {
  async function* through(pages: AsyncIterable<ReadonlyArray<StoredRecord>>) {
    for await (const page of pages) yield page.flatMap(change);
  }
  return {
    ...log,
    pages: (name, options) => through(log.pages(name, options)),
    pagesBySubject: (name, subject, options) => through(log.pagesBySubject(name, subject, options)),
  };
};

describe('appending to a stream', () => {
  it('answers with the events as a reader will see them', async () => {
    const { stream } = open();
    const extra = { userId: 'ada', name: 'Ada', unknown: 1 };
    const pending: ReadonlyArray<PendingEvent<Ev>> = [
      { type: 'UserRenamed', data: extra },
      { type: 'CursorMoved', data: { link: 'https://graph', round: { n: 1, none: undefined } } },
      counted(1),
    ];
    const appended = await succeed(stream.append('no-stream', pending, context));
    expect(appended.events[0]).toMatchObject({ data: { userId: 'ada', name: 'Ada' }, revision: 0n, schemaVersion: 1 });
    expect(appended.events[0]?.data).not.toHaveProperty('unknown');
    expect(events(await flatten(stream.pages()))).toEqual(appended.events);
    expect(appended.head).toEqual(await succeed(stream.head()));
  });

  it('draws ids, and one time for the whole append, and records what led to it', async () => {
    const { stream } = open();
    const because: PendingEvent<Ev> = { ...counted(2), causationId: 'id-1', graphRequestId: 'graph-1' };
    const { events: made } = await succeed(
      stream.append('any', [counted(1), because, renamed('ada', 'Ada')], { ...context, epoch: 3, actor: 'admin' }),
    );
    expect(made.map(({ id }) => id)).toEqual(['id-1', 'id-2', 'id-3']);
    expect(new Set(made.map(({ recordedAt }) => recordedAt))).toEqual(new Set(['2026-01-01T00:00:01.000Z']));
    expect(made[0]?.metadata).toEqual({
      ...context,
      epoch: 3,
      actor: 'admin',
      subjects: [],
      hash: made[0]?.metadata.hash,
    });
    expect(made[1]?.metadata).toMatchObject({ causationId: 'id-1', graphRequestId: 'graph-1' });
    expect(made[2]?.metadata.subjects).toEqual(['ada']);
  });

  it('seals under the owner, or the stream where there is none, and only the named fields', async () => {
    const { stream, log, keys } = open();
    const cursor: PendingEvent<Ev> = { type: 'CursorMoved', data: { link: 'secret-link', round: 'r' } };
    await succeed(stream.append('any', [renamed('ada', 'Ada'), renamed('nobody', 'X'), cursor, counted(1)], context));
    const [ada, nobody, moved, clear] = await stored(log);
    const current = await succeed(keys.current(['ada', 'connection:x']));
    expect(ada?.metadata.keyId).toBe(current.get('ada')?.keyId);
    expect(nobody?.metadata.keyId).toBe(current.get('connection:x')?.keyId);
    expect(moved?.metadata.keyId).toBe(current.get('connection:x')?.keyId);
    expect(clear?.metadata).not.toHaveProperty('keyId');
    expect(ada?.data).toEqual({ sealed: expect.any(String) as string });
    expect(moved?.data).toEqual({ link: { sealed: expect.any(String) as string }, round: 'r' });
    expect(clear?.data).toEqual({ n: 1 });
    const written = JSON.stringify(await stored(log), (_, value: unknown) => (typeof value === 'bigint' ? '' : value));
    expect(written).not.toMatch(/Ada|secret-link/);
  });

  it('asks for keys once an append, and not at all when nothing is sealed', async () => {
    const keys = makeMemoryKeyStore();
    const asked: ReadonlyArray<string>[] = [];
    const watching: KeyStore = { ...keys, current: (owners) => (asked.push(owners), keys.current(owners)) };
    const { stream } = open({ keys: watching });
    const many = ['a', 'b', 'a', 'nobody', 'b'].map((userId) => renamed(userId, 'x'));
    await succeed(stream.append('any', many, context));
    await succeed(stream.append('any', [counted(1)], context));
    await succeed(stream.append('any', [], context));
    expect(asked).toEqual([['a', 'b', 'connection:x']]);
  });

  it('sends the same records again when the answer was lost, and they are written once', async () => {
    const log = makeMemoryEventLog();
    let lost = 0;
    const losing: EventLog = {
      ...log,
      append: (name, expected, records) => async () => {
        const answer = await log.append(name, expected, records)();
        lost += 1;
        return lost <= 2 ? E.left({ _tag: 'LogUnavailable', cause: 'no answer' }) : answer;
      },
    };
    const { stream } = open({ log: losing });
    const { head, events: made } = await succeed(stream.append('any', [renamed('ada', 'A'), counted(1)], context));
    expect(head.revision).toBe(1n);
    expect(events(await flatten(stream.pages()))).toEqual(made);
  });

  it('gives up after the third time', async () => {
    let sent = 0;
    const log: EventLog = {
      ...makeMemoryEventLog(),
      append: () => TE.leftIO(() => ((sent += 1), { _tag: 'LogUnavailable', cause: sent } as const)),
    };
    const answer = await open({ log }).stream.append('any', [counted(1)], context)();
    expect(answer).toEqual(E.left({ _tag: 'LogUnavailable', cause: 3 }));
  });

  it('does not send again what was refused', async () => {
    const { stream } = open();
    await succeed(stream.append('no-stream', [counted(1)], context));
    const answer = await stream.append('no-stream', [counted(2)], context)();
    expect(answer).toEqual(E.left({ _tag: 'RevisionConflict', expected: 'no-stream', actual: 0n }));
  });

  it('writes nothing when the key store does not answer', async () => {
    const failure = { _tag: 'KeyStoreUnavailable', cause: 'gone' } as const;
    const { stream, log } = open({ keys: { ...makeMemoryKeyStore(), current: () => TE.left(failure) } });
    expect(await stream.append('any', [counted(1), renamed('ada', 'A')], context)()).toEqual(E.left(failure));
    expect(await stored(log)).toEqual([]);
  });

  it('writes nothing of an append with an event that could not be read again, and says which field, not what it held', async () => {
    const { stream, log } = open();
    const wrong = { type: 'UserRenamed', data: { userId: 'ada', name: 77_001 } } as unknown as PendingEvent<Ev>;
    const appending = stream.append('any', [counted(1), wrong], context);
    await expect(appending()).rejects.toThrow('UserRenamed does not satisfy its own codec: name: not string.');
    await expect(appending()).rejects.not.toThrow('77001');
    const unknown = { type: 'Unheard', data: {} } as unknown as PendingEvent<Ev>;
    await expect(stream.append('any', [unknown], context)()).rejects.toThrow('no event type Unheard');
    expect(await stored(log)).toEqual([]);
  });

  it('refuses a clear field in the form of a seal beside sealed ones', async () => {
    const cursor: PendingEvent<Ev> = { type: 'CursorMoved', data: { link: 'l', round: { sealed: 'x' } } };
    await expect(open().stream.append('any', [cursor], context)()).rejects.toThrow('the clear field round');
  });
});

describe('reading a stream', () => {
  const written = async (count = 10) => {
    const opened = open();
    for (let n = 0; n < count; n += 1) {
      await succeed(opened.stream.append('any', [n % 2 === 0 ? counted(n) : renamed('ada', `Ada ${n}`)], context));
    }
    return opened;
  };

  it('gives the same events forwards, backwards, from the middle, by subject and followed', async () => {
    const { stream } = await written();
    const all = events(await flatten(stream.pages({ size: 3 })));
    expect(all).toHaveLength(10);
    expect(events(await flatten(stream.pages({ direction: 'backwards', size: 3 })))).toEqual([...all].reverse());
    expect(events(await flatten(stream.pages({ from: 4n, to: 6n })))).toEqual(all.slice(4, 7));
    expect(events(await flatten(stream.pagesBySubject('ada', { size: 2 })))).toEqual(
      all.filter((_, index) => index % 2 === 1),
    );
    const controller = new AbortController();
    const followed: ReadEvent<Ev>[] = [];
    for await (const page of stream.follow({ from: 4n, signal: controller.signal })) {
      followed.push(...page);
      controller.abort();
    }
    expect(events(followed)).toEqual(all.slice(4));
  });

  it('freezes what it gives', async () => {
    const { stream } = await written(2);
    for (const one of await flatten(stream.pages())) {
      expect(one._tag === 'Event' && Object.isFrozen(one.event.data)).toBe(true);
    }
  });

  it('says erased after the owner’s key was destroyed, also between two pages', async () => {
    const { stream, keys } = open();
    const hired = (userId: string): PendingEvent<Ev> => ({ type: 'UserHired', data: { userId, title: 'CTO' } });
    await succeed(stream.append('any', [renamed('ada', 'A'), hired('ada'), hired('bob'), hired('ada')], context));
    const seen: ReadEvent<Ev>[] = [];
    for await (const page of stream.pages({ size: 1 })) {
      seen.push(...page);
      await succeed(keys.destroy('ada'));
    }
    expect(seen[0]).toMatchObject({ event: { data: { name: 'A' }, erased: false } });
    expect(seen[1]).toMatchObject({ event: { data: { userId: 'ada', title: '' }, erased: true } });
    expect(seen[2]).toMatchObject({ event: { data: { title: 'CTO' }, erased: false } });
    const again = await flatten(stream.pages());
    expect(again[0]).toMatchObject({ _tag: 'Passed', reason: 'erased' });
    await succeed(stream.append('any', [hired('ada')], context));
    expect((await flatten(stream.pages())).at(-1)).toMatchObject({ event: { data: { title: 'CTO' }, erased: false } });
  });

  it('never reads a key that is not in the store as erased', async () => {
    const { log } = await written(2);
    const { stream } = open({ log });
    const read = await flatten(stream.pages());
    expect(verdicts(read)).toEqual(['Event', 'KeyMissing']);
    expect(read[1]).toMatchObject({ failure: { keyId: (await stored(log))[1]?.metadata.keyId } });
  });

  it('takes a key that the store says nothing about as missing', async () => {
    const { log, keys } = await written(2);
    const { stream } = open({ log, keys: { ...keys, byId: () => TE.right(new Map()) } });
    expect(verdicts(await flatten(stream.pages()))).toEqual(['Event', 'KeyMissing']);
  });

  it('names a changed record, and goes on', async () => {
    const { log, keys } = await written();
    const change = (one: StoredRecord) => [one.revision === 4n ? { ...one, data: { n: 99 } } : one];
    const { stream } = open({ log: tampered(log, change), keys });
    const expected = Array.from({ length: 10 }, (_, index) => (index === 4 ? 'BrokenChain' : 'Event'));
    for (const size of [1, 2, 3, 100]) {
      expect(verdicts(await flatten(stream.pages({ size })))).toEqual(expected);
      expect(verdicts(await flatten(stream.pages({ size, from: 3n })))).toEqual(expected.slice(3));
      expect(verdicts(await flatten(stream.pages({ size, direction: 'backwards' })))).toEqual([...expected].reverse());
    }
  });

  it('names the record behind a removed one, wherever a page begins', async () => {
    const { log, keys } = await written();
    const { stream } = open({ log: tampered(log, (one) => (one.revision === 4n ? [] : [one])), keys });
    const expected = Array.from({ length: 9 }, (_, index) => (index === 4 ? 'BrokenChain' : 'Event'));
    expect(verdicts(await flatten(stream.pages()))).toEqual(expected);
    expect(verdicts(await flatten(stream.pages({ from: 4n })))).toEqual(expected.slice(4));
    expect(verdicts(await flatten(stream.pages({ direction: 'backwards' })))).toEqual([...expected].reverse());
  });

  it('notices a beginning that was cut off', async () => {
    const { log, keys } = await written(3);
    const { stream } = open({ log: tampered(log, (one) => (one.revision === 0n ? [] : [one])), keys });
    expect(verdicts(await flatten(stream.pages()))).toEqual(['BrokenChain', 'Event']);
  });

  it('verifies each record of a read by subject', async () => {
    const { log, keys } = await written();
    const change = (one: StoredRecord) => [one.revision === 5n ? { ...one, recordedAt: 'x' } : one];
    const { stream } = open({ log: tampered(log, change), keys });
    expect(verdicts(await flatten(stream.pagesBySubject('ada')))).toEqual([
      'Event',
      'Event',
      'BrokenChain',
      'Event',
      'Event',
    ]);
  });

  it('says that a seal is broken when it was made for another place, under a hash that fits', async () => {
    const { log, keys } = await written(4);
    const [, first, , second] = await stored(log);
    const copy = makeMemoryEventLog();
    const { metadata } = second!;
    await succeed(copy.append('directorySync-x', 'any', [{ ...second!, data: first!.data, metadata }]));
    await succeed(copy.append('directorySync-x', 'any', [{ ...second!, id: 'clear', data: { n: 1 }, metadata }]));
    const { stream } = open({ log: copy, keys });
    expect(verifyChain(undefined, await stored(copy)).broken).toEqual([]);
    expect(verdicts(await flatten(stream.pages()))).toEqual(['BrokenSeal', 'BrokenSeal']);
  });

  it('passes over ignorable events of the future, and fails in place on others, unknown types and invalid data', async () => {
    const { log, keys } = open();
    const raw = (type: string, schemaVersion: number, data: never) => ({
      id: `${type}-${schemaVersion}`,
      type,
      schemaVersion,
      recordedAt: '2026-01-01T00:00:00.000Z',
      data,
      metadata: { subjects: [], ...context },
    });
    const records = [
      raw('Counted', 2, {} as never),
      raw('UserRenamed', 2, {} as never),
      raw('Unheard', 1, {} as never),
      raw('Counted', 1, { n: 'one' } as never),
      raw('Counted', 1, { n: 1 } as never),
    ].map((one, index) => ({ ...one, id: `${one.id}-${index}` }));
    await succeed(log.append('directorySync-x', 'any', records));
    expect(verdicts(await flatten(open({ log, keys }).stream.pages()))).toEqual([
      'Passed',
      'FutureSchemaVersion',
      'UnknownEventType',
      'InvalidData',
      'Event',
    ]);
  });

  it('upcasts older events to the current version', async () => {
    const { log, keys } = await written(2);
    const newer = defineEvent({
      type: 'UserRenamed',
      data: t.strict({ userId: t.string, full: t.string }),
      upcasts: [(older) => ({ userId: (older as { userId: string }).userId, full: (older as { name: string }).name })],
    });
    const upgraded = defineEvents([newer, UserHired, CursorMoved, Counted]) as unknown as EventRegistry<Ev>;
    const [, event] = events(await flatten(open({ log, keys, registry: upgraded }).stream.pages()));
    expect(event).toMatchObject({ schemaVersion: 2, data: { userId: 'ada', full: 'Ada 1' } });
  });

  it('asks the key store once a page', async () => {
    const { log, keys } = await written();
    let asked = 0;
    const watching: KeyStore = { ...keys, byId: (ids) => ((asked += 1), keys.byId(ids)) };
    await flatten(open({ log, keys: watching }).stream.pages({ size: 5 }));
    expect(asked).toBe(2);
  });

  it('rejects when the key store does not answer', async () => {
    const { log, keys } = await written(2);
    const silent: KeyStore = { ...keys, byId: () => TE.left({ _tag: 'KeyStoreUnavailable', cause: 'gone' }) };
    await expect(flatten(open({ log, keys: silent }).stream.pages())).rejects.toThrow(LogFailure);
  });

  it('replays what was live, for any events', async () => {
    const text = fc.string({ unit: 'grapheme' });
    const pending: fc.Arbitrary<PendingEvent<Ev>> = fc.oneof(
      fc
        .record({ userId: fc.constantFrom('a', 'b', 'nobody'), name: text })
        .map((data) => renamed(data.userId, data.name)),
      fc
        .record({ link: text, round: fc.jsonValue(), actor: text }, { requiredKeys: ['link', 'round'] })
        .filter(({ round }) => !(typeof round === 'object' && round !== null && 'sealed' in round))
        .map((data): PendingEvent<Ev> => ({ type: 'CursorMoved', data })),
      fc.integer().map(counted),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(pending, { maxLength: 5 }), { maxLength: 5 }), async (batches) => {
        const { stream, log } = open();
        const live = [];
        for (const batch of batches) live.push(...(await succeed(stream.append('any', batch, context))).events);
        expect(events(await flatten(stream.pages({ size: 2 })))).toEqual(live);
        expect(verifyChain(undefined, await stored(log)).broken).toEqual([]);
      }),
    );
  });
});
