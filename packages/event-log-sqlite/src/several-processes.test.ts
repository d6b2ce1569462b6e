import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { verifyChain } from '@learnamp/directory-sync-event-sourcing';
import type { EventLog, StoredRecord } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteEventLog } from './open-sqlite-event-log.js';
import { scratchFolder } from './testing/scratch-folder.js';

const program = fileURLToPath(new URL('./testing/appending-process.js', import.meta.url));

let folder: Awaited<ReturnType<typeof scratchFolder>>;
beforeEach(async () => {
  folder = await scratchFolder();
});
afterEach(() => folder.remove());

const path = (): string => folder.path('log.db');

const start = (stream: string, size: number, batches: number): ChildProcess =>
  spawn(process.execPath, [program, path(), stream, String(size), String(batches)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

const exit = async (child: ChildProcess): Promise<unknown> =>
  child.exitCode ?? child.signalCode ?? ((await once(child, 'exit')) as ReadonlyArray<unknown>)[0];

const read = async (log: EventLog, stream: string): Promise<ReadonlyArray<StoredRecord>> => {
  const all: StoredRecord[] = [];
  for await (const page of log.pages(stream)) all.push(...page);
  return all;
};

const batchOf = ({ data }: StoredRecord): string => (data as { readonly batch: string }).batch;

/** Each batch stands in one piece, with all of its records in their order. */
const expectWholeBatches = (records: ReadonlyArray<StoredRecord>, size: number): void => {
  expect(verifyChain(undefined, records).broken).toEqual([]);
  expect(records.length % size).toBe(0);
  for (let at = 0; at < records.length; at += size) {
    const batch = records.slice(at, at + size);
    expect(new Set(batch.map(batchOf)).size).toBe(1);
    expect(batch.map(({ data }) => (data as { readonly index: number }).index)).toEqual([...batch.keys()]);
  }
};

describe('several processes on one file', () => {
  it('append to one stream side by side, and none loses a record', async () => {
    const children = [start('shared', 7, 60), start('shared', 7, 60), start('shared', 7, 60)];
    expect(await Promise.all(children.map(exit))).toEqual([0, 0, 0]);
    const log = await openSqliteEventLog({ path: path() });
    const records = await read(log, 'shared');
    expect(records).toHaveLength(3 * 60 * 7);
    expectWholeBatches(records, 7);
    await log.close();
  });

  it('follow what another one appends', async () => {
    const log = await openSqliteEventLog({ path: path() });
    const child = start('followed', 3, 20);
    const controller = new AbortController();
    const seen: StoredRecord[] = [];
    for await (const page of log.follow('followed', { signal: controller.signal })) {
      seen.push(...page);
      if (seen.length === 60) controller.abort();
    }
    expectWholeBatches(seen, 3);
    expect(await exit(child)).toBe(0);
    await log.close();
  });

  it('leave whole appends behind when they are killed, every answered one among them, and the file is usable at once', async () => {
    const size = 300;
    for (const [round, appends] of [1, 2, 3, 5, 8].entries()) {
      const child = start(`killed-${round}`, size, 1_000_000);
      let answered = -1n;
      let lines = 0;
      for await (const line of createInterface({ input: child.stdout! })) {
        answered = BigInt(line.split(' ')[1] ?? '');
        lines += 1;
        if (lines === appends) child.kill('SIGKILL');
      }
      await exit(child);
      const log = await openSqliteEventLog({ path: path() });
      const records = await read(log, `killed-${round}`);
      expectWholeBatches(records, size);
      expect(BigInt(records.length)).toBeGreaterThan(answered);
      const [first] = records;
      const next = { ...first!, id: 'after the kill' };
      expect(E.isRight(await log.append(`killed-${round}`, BigInt(records.length - 1), [next])())).toBe(true);
      await log.close();
    }
  });
});
