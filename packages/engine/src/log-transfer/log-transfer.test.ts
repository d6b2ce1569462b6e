import type { EventLog, RecordToAppend } from '@learnamp/directory-sync-event-sourcing';
import { makeMemoryEventLog } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { describe, expect, it } from 'vitest';
import { exportLines } from './export-log.js';
import { importLog, type ImportLogOptions } from './import-log.js';
import { refuseHalfImport } from './import-marker.js';

const of = { connectionId: 'contoso', tenantId: 't', keyStoreId: 'k' };

const record = (n: number): RecordToAppend => ({
  id: `id-${n}`,
  type: 'Something',
  schemaVersion: 1,
  recordedAt: '2026-01-01T00:00:00.000Z',
  data: { n, text: 'a line\u2028separator', sealed: 'x' },
  metadata: { subjects: [`${n}`], correlationId: 'c', causationId: 'c', epoch: 1 },
});

const appendTo = async (log: EventLog, stream: string, count: number): Promise<void> => {
  const records = Array.from({ length: count }, (_, n) => record(n));
  expect(E.isRight(await log.append(stream, 'no-stream', records)())).toBe(true);
};

const openLog = async (): Promise<EventLog> => {
  const log = makeMemoryEventLog();
  await appendTo(log, 'directorySync-contoso', 1_203);
  await appendTo(log, 'directorySync-access-contoso', 3);
  await appendTo(log, 'directorySync-other', 5);
  return log;
};

const linesOf = async (log: EventLog): Promise<ReadonlyArray<string>> => {
  const lines: string[] = [];
  for await (const line of exportLines(log, of)) lines.push(line);
  return lines;
};

const from = (lines: ReadonlyArray<string>) =>
  async function* () {
    yield* await Promise.resolve(lines);
  };

const take = (log: EventLog, lines: ReadonlyArray<string>, more: Partial<ImportLogOptions> = {}) =>
  importLog({ log, keys: { id: 'k' }, connectionId: 'contoso', tenantId: 't', lines: from(lines), ...more });

const recordsIn = async (log: EventLog, stream: string): Promise<ReadonlyArray<unknown>> => {
  const all: unknown[] = [];
  for await (const page of log.pages(stream)) all.push(...page);
  return all;
};

describe('an exported log', () => {
  it('comes in with equal records and the same head, and goes out as the same lines', async () => {
    const [log, other] = [await openLog(), makeMemoryEventLog()];
    const lines = await linesOf(log);
    const report = await take(other, lines);
    expect(report).toMatchObject({ records: 1_206, head: { revision: '1202' } });
    for (const stream of ['directorySync-contoso', 'directorySync-access-contoso'])
      expect(await recordsIn(other, stream)).toEqual(await recordsIn(log, stream));
    expect(await linesOf(other)).toEqual(lines);
    expect(await recordsIn(other, 'directorySync-other')).toEqual([]);
  });

  it('begins with a header, and ends with a checksum over all lines before', async () => {
    const lines = await linesOf(await openLog());
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      format: 'directory-sync-log/1',
      stream: 'directorySync-contoso',
      ...of,
    });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ records: 1_206, head: { revision: '1202' } });
  });

  it('of an empty connection comes in as an empty one', async () => {
    const lines = await linesOf(makeMemoryEventLog());
    expect(await take(makeMemoryEventLog(), lines)).toEqual({ records: 0, head: null });
  });
});

describe('refused, with nothing written:', () => {
  const swapped = (lines: ReadonlyArray<string>): ReadonlyArray<string> => [
    ...lines.slice(0, 5),
    lines[6] ?? '',
    lines[5] ?? '',
    ...lines.slice(7),
  ];
  it.each<[string, (lines: ReadonlyArray<string>) => ReadonlyArray<string>, RegExp]>([
    ['a file without its end', (lines) => lines.slice(0, -1), /not the whole/],
    ['a file cut within a line', (lines) => [...lines.slice(0, 90), (lines[90] ?? '').slice(0, 40)], /Line 91 is not/],
    [
      'a changed byte',
      (lines) => lines.map((line, at) => (at === 40 ? line.replace('line', 'lime') : line)),
      /revision 38/,
    ],
    [
      'a changed byte outside of the chain',
      (lines) => lines.map((line, at) => (at === 40 ? line.replace('{', '{ ') : line)),
      /checksum/,
    ],
    ['swapped lines', swapped, /revision 4 does not follow/],
    ['a line too many', (lines) => [...lines.slice(0, -1), lines[3] ?? '', ...lines.slice(-1)], /does not follow/],
    ['something behind the end', (lines) => [...lines, lines.at(-1) ?? ''], /is not a line of an exported log/],
    ['no header', (lines) => lines.slice(1), /does not begin with the header/],
    ['nothing at all', () => [], /not the whole/],
    ['another file', () => ['{"connectionId":"contoso"}'], /Line 1 is not/],
  ])('%s', async (_, change, message) => {
    const log = makeMemoryEventLog();
    await expect(take(log, change(await linesOf(await openLog())))).rejects.toThrow(message);
    expect(await recordsIn(log, 'directorySync-contoso')).toEqual([]);
    await refuseHalfImport(log, 'contoso');
  });

  it.each<[string, Partial<ImportLogOptions>, RegExp]>([
    ['another connection', { connectionId: 'fabrikam' }, /connection contoso, not of fabrikam/],
    ['another tenant', { tenantId: 'u' }, /tenant t, not of u/],
    ['another key store', { keys: { id: 'other' } }, /key store here is not the one/],
  ])('%s', async (_, more, message) => {
    await expect(take(makeMemoryEventLog(), await linesOf(await openLog()), more)).rejects.toThrow(message);
  });

  it('a log that is there already, also one of who looked alone', async () => {
    const lines = await linesOf(await openLog());
    await expect(take(await openLog(), lines)).rejects.toThrow(/There is a log of this connection already/);
    const looked = makeMemoryEventLog();
    await appendTo(looked, 'directorySync-access-contoso', 1);
    await expect(take(looked, lines)).rejects.toThrow(/There is a log of this connection already/);
  });
});

describe('an import that is interrupted', () => {
  /** Dies at its n-th append. */
  const dying = (log: EventLog, nth: number): EventLog => {
    let count = 0;
    return {
      ...log,
      append: (...given) => {
        count += 1;
        return count < nth ? log.append(...given) : TE.left({ _tag: 'LogUnavailable', cause: 'dead' });
      },
    };
  };

  it.each([2, 3, 4, 5])('at its append %i is no log, and is finished by the same file', async (nth) => {
    const [lines, log] = [await linesOf(await openLog()), makeMemoryEventLog()];
    await expect(take(dying(log, nth), lines)).rejects.toThrow();
    await expect(refuseHalfImport(log, 'contoso')).rejects.toThrow(/import of this log was interrupted/);
    const cut = [...lines.slice(0, 3), ...lines.slice(-1)];
    await expect(take(log, cut)).rejects.toThrow(/checksum/);
    expect(await take(log, lines)).toMatchObject({ records: 1_206 });
    await refuseHalfImport(log, 'contoso');
    expect(await linesOf(log)).toEqual(lines);
  });

  it('goes on with no other file', async () => {
    const [lines, log] = [await linesOf(await openLog()), makeMemoryEventLog()];
    await expect(take(dying(log, 3), lines)).rejects.toThrow();
    const small = makeMemoryEventLog();
    await appendTo(small, 'directorySync-contoso', 2);
    await expect(take(log, await linesOf(small))).rejects.toThrow(/Another file was begun/);
  });

  it('by a signal says so', async () => {
    const signal = AbortSignal.abort();
    await expect(take(makeMemoryEventLog(), await linesOf(await openLog()), { signal })).rejects.toThrow(/stopped/);
  });
});

it('a log that takes little at once gets smaller parts', async () => {
  const log = makeMemoryEventLog();
  const small: EventLog = {
    ...log,
    append: (stream, expected, records) =>
      records.length > 40 ? TE.left({ _tag: 'BatchTooLarge', limit: '40' }) : log.append(stream, expected, records),
  };
  expect(await take(small, await linesOf(await openLog()))).toMatchObject({ records: 1_206 });
});

it('a log with a broken chain is not exported', async () => {
  const log = await openLog();
  const changed: EventLog = {
    ...log,
    pages: async function* (stream, options) {
      for await (const page of log.pages(stream, options))
        yield page.map((each) => (each.revision === 7n ? { ...each, type: 'Other' } : each));
    },
  };
  await expect(linesOf(changed)).rejects.toThrow(/revision 7 of directorySync-contoso does not follow/);
});
