import { verifyChain } from '@learnamp/directory-sync-event-sourcing';
import type { AppendFailure, Appended, EventLog, StoredRecord } from '@learnamp/directory-sync-event-sourcing';
import type * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventLogFile } from './event-log-file.js';
import { openFile } from './open-file.js';
import { eventLogOver } from './open-sqlite-event-log.js';
import { availableDrivers } from './testing/drivers.js';
import { scratchFolder } from './testing/scratch-folder.js';

let folder: Awaited<ReturnType<typeof scratchFolder>>;
beforeEach(async () => {
  folder = await scratchFolder();
});
afterEach(() => folder.remove());

let last = 0;
const record = (text = '') => ({
  id: `id-${(last += 1)}`,
  type: 'T',
  schemaVersion: 1,
  recordedAt: '2026-01-01T00:00:00.000Z',
  data: { text },
  metadata: { subjects: ['ada'], correlationId: 'c', causationId: 'c' },
});
const records = (count: number, text = '') => Array.from({ length: count }, () => record(text));

const read = async (log: EventLog, stream: string): Promise<ReadonlyArray<StoredRecord>> => {
  const all: StoredRecord[] = [];
  for await (const page of log.pages(stream)) all.push(...page);
  return all;
};
const tag = (answer: E.Either<AppendFailure, Appended>): string =>
  answer._tag === 'Left' ? answer.left._tag : String(answer.right.head.revision);

describe.each(await availableDrivers())('appends through %s', (driver) => {
  const open = () => openFile(eventLogFile, { path: folder.path('log.db'), driver });

  it('of one turn share a transaction, and each succeeds or fails by itself', async () => {
    const connection = await open();
    let begun = 0;
    const counting = {
      ...connection,
      exec: (sql: string) => {
        if (sql.startsWith('BEGIN')) begun += 1;
        connection.exec(sql);
      },
    };
    const log = eventLogOver(counting);
    const known = record();
    await log.append('s', 'no-stream', [known])();
    begun = 0;
    const answers = await Promise.allSettled([
      log.append('s', 0n, records(2))(),
      log.append('s', 0n, records(2))(),
      log.append('s', 'any', [record(), known])(),
      log.append('other', 'stream-exists', records(1))(),
      log.append('other', 'no-stream', records(3))(),
      log.append('s', 2n, records(1))(),
    ]);
    expect(begun).toBe(1);
    expect(answers.map((one) => (one.status === 'fulfilled' ? tag(one.value) : (one.reason as Error).name))).toEqual([
      '2',
      'RevisionConflict',
      'DuplicateEventId',
      'RevisionConflict',
      '2',
      '3',
    ]);
    for (const [stream, count] of [
      ['s', 4],
      ['other', 3],
    ] as const) {
      const all = await read(log, stream);
      expect(all).toHaveLength(count);
      expect(verifyChain(undefined, all).broken).toEqual([]);
    }
    await log.close();
  });

  it('answer LogUnavailable when the disk is full, write nothing, and succeed once there is room', async () => {
    const connection = await open();
    const log = eventLogOver(connection);
    await log.append('s', 'no-stream', records(10))();
    connection.exec('PRAGMA max_page_count = 40');
    const batch = records(500, 'x'.repeat(500));
    const full = await log.append('s', 9n, batch)();
    expect(full).toMatchObject({
      left: { _tag: 'LogUnavailable', cause: { message: expect.stringMatching(/full/) as string } },
    });
    expect(await read(log, 's')).toHaveLength(10);
    expect(tag(await log.append('s', 9n, records(1))())).toBe('10');
    connection.exec('PRAGMA max_page_count = 100000');
    expect(tag(await log.append('s', 10n, batch)())).toBe('510');
    expect(verifyChain(undefined, await read(log, 's')).broken).toEqual([]);
    await log.close();
  });

  it('wait for another writer, without holding up the process, and give up in time', async () => {
    const [holder, connection] = [await open(), await open()];
    const log = eventLogOver(connection, { milliseconds: 400, pause: 10 });
    holder.exec('BEGIN IMMEDIATE');
    const batch = records(2);
    const waiting = log.append('s', 'no-stream', batch)();
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 1);
    expect(tag(await waiting)).toBe('LogUnavailable');
    clearInterval(counting);
    expect(turns).toBeGreaterThan(3);
    const patient = log.append('s', 'no-stream', batch)();
    setTimeout(() => holder.exec('COMMIT'), 60);
    expect(tag(await patient)).toBe('1');
    holder.close();
    await log.close();
  });

  it('that wait are written before the log closes, and later ones are refused', async () => {
    const log = eventLogOver(await open());
    const waiting = log.append('s', 'no-stream', records(2))();
    const closed = log.close();
    expect(tag(await waiting)).toBe('1');
    await closed;
    expect(tag(await log.append('s', 'any', records(1))())).toBe('LogUnavailable');
    await log.close();
    const again = eventLogOver(await open());
    expect(await read(again, 's')).toHaveLength(2);
    await again.close();
  });

  it('beyond the limit of one append are refused before anything is written', async () => {
    const log = eventLogOver(await open());
    expect(await log.append('s', 'any', records(20_001))()).toMatchObject({
      left: { _tag: 'BatchTooLarge', limit: '20000 records' },
    });
    const large = 'x'.repeat(17 * 1024 * 1024);
    expect(tag(await log.append('s', 'any', [record(large), record(large)])())).toBe('BatchTooLarge');
    expect(await read(log, 's')).toEqual([]);
    await log.close();
  });

  it('leave rows whose every byte counts: a changed one is found, even one that is no JSON any more', async () => {
    const connection = await open();
    const log = eventLogOver(connection);
    await log.append('s', 'no-stream', records(5, 'a'))();
    const whole = await read(log, 's');
    for (const change of [
      'data = \'{"text":"b"}\'',
      "data = 'no JSON'",
      "metadata = 'no JSON'",
      "metadata = 'null'",
      "type = 'U'",
      'schema_version = 2',
      "recorded_at = ''",
      "hash = 'x'",
    ]) {
      connection.exec('BEGIN');
      connection.exec(`UPDATE events SET ${change} WHERE revision = 2`);
      const { broken } = verifyChain(undefined, await read(log, 's'));
      expect(broken[0]?.revision, change).toBe(2n);
      connection.exec('ROLLBACK');
    }
    connection.exec('DELETE FROM events WHERE revision = 2');
    expect(verifyChain(undefined, await read(log, 's')).broken.map(({ revision }) => revision)).toEqual([3n]);
    expect(whole).toHaveLength(5);
    await log.close();
  });

  it('take revisions beyond what a double holds', async () => {
    const connection = await open();
    const log = eventLogOver(connection);
    await log.append('s', 'no-stream', records(1))();
    connection.exec('UPDATE events SET revision = 9007199254740993');
    const answer = await log.append('s', 9_007_199_254_740_993n, records(1))();
    expect(tag(answer)).toBe('9007199254740994');
    expect((await read(log, 's')).map(({ revision }) => revision)).toEqual([
      9_007_199_254_740_993n,
      9_007_199_254_740_994n,
    ]);
    await log.close();
  });
});
