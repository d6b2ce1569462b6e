import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openSqliteEventLog } from '@learnamp/directory-sync-event-log-sqlite';
import { type StoredRecord, verifyChain } from '@learnamp/directory-sync-event-sourcing';
import { randomFrom } from '@learnamp/directory-sync-simulator';
import { expect, it, onTestFinished } from 'vitest';

/** `CRASH=all`: the 200 of the release lane. */
const ROUNDS = process.env['CRASH'] === 'all' ? 200 : 8;
const program = fileURLToPath(
  new URL('../../packages/event-log-sqlite/src/testing/appending-process.js', import.meta.url),
);

type Acknowledged = Map<string, bigint>;

type Appending = { readonly child: ChildProcess; readonly ended: Promise<unknown> };

const append = (
  path: string,
  size: number,
  pause: number,
  onAnswer: (batch: string, last: bigint) => void,
): Appending => {
  const child = spawn(process.execPath, [program, path, 'shared', String(size), 'Infinity', String(pause)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const [batch = '', last = ''] = line.split(' ');
    onAnswer(batch, BigInt(last));
  });
  return { child, ended: Promise.all([once(child, 'exit'), once(lines, 'close')]) };
};

const readAll = async (path: string): Promise<ReadonlyArray<StoredRecord>> => {
  const log = await openSqliteEventLog({ path });
  const records: StoredRecord[] = [];
  for await (const page of log.pages('shared')) records.push(...page);
  await log.close();
  return records;
};

const expectAllThere = (records: ReadonlyArray<StoredRecord>, acknowledged: Acknowledged): void => {
  expect(records.map(({ revision }) => revision)).toEqual(records.map((_, index) => BigInt(index)));
  expect(verifyChain(undefined, records).broken).toEqual([]);
  expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
  const batches = new Map<string, StoredRecord[]>();
  for (const record of records) {
    const { batch } = record.data as { readonly batch: string };
    batches.set(batch, [...(batches.get(batch) ?? []), record]);
  }
  // Whole, in one piece, once.
  for (const batch of batches.values()) {
    expect(batch.map(({ data }) => (data as { readonly index: number }).index)).toEqual([...batch.keys()]);
    expect(batch.at(-1)!.revision - batch[0]!.revision).toBe(BigInt(batch.length - 1));
  }
  for (const [batch, last] of acknowledged)
    expect([batch, batches.get(batch)?.at(-1)?.revision]).toEqual([batch, last]);
};

it(
  `${ROUNDS} processes that are killed while another one appends to the same file lose nothing that was acknowledged`,
  { timeout: 1_200_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'directory-sync-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, 'log.db');
    await (await openSqliteEventLog({ path })).close();
    const random = randomFrom(200, 'kills');
    const acknowledged: Acknowledged = new Map();
    const note = (batch: string, last: bigint): void => void acknowledged.set(batch, last);

    let contended = 0;
    const contender = append(path, 3, 5, (batch, last) => {
      contended += 1;
      note(batch, last);
    });
    let own = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const answers = random.integer(1, 6);
      let seen = 0;
      const killed = append(path, random.integer(1, 40), 0, (batch, last) => {
        own += 1;
        seen += 1;
        note(batch, last);
        if (seen === answers) killed.child.kill('SIGKILL');
      });
      await killed.ended;
      expect(killed.child.signalCode).toBe('SIGKILL');
    }
    contender.child.kill('SIGKILL');
    await contender.ended;

    const records = await readAll(path);
    expectAllThere(records, acknowledged);
    expect(own).toBeGreaterThanOrEqual(ROUNDS);
    expect(contended).toBeGreaterThan(ROUNDS / 4);
    console.log(`${ROUNDS} kills, ${acknowledged.size} appends acknowledged, ${records.length} records`);
  },
);
