import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteEventLog } from '@learnamp/directory-sync-event-log-sqlite';
import { LogFailure, type StoredRecord, verifyChain } from '@learnamp/directory-sync-event-sourcing';
import { randomFrom } from '@learnamp/directory-sync-simulator';
import { expect, it } from 'vitest';
import { compact } from './compact.js';
import { calm, openStage, type Stage } from '../support/stage.js';

const FLIPS = 1_000;
/** Each so many flips the engine's own `verify` is asked too: it folds the log as well, and takes longer. */
const VERIFIED = 100;

type Cell = { readonly record: StoredRecord; readonly from: number; readonly length: number };

const readRecords = async (path: string): Promise<ReadonlyArray<StoredRecord>> => {
  const log = await openSqliteEventLog({ path });
  try {
    const records: StoredRecord[] = [];
    for await (const page of log.pages('directorySync-fabrikam')) records.push(...page);
    return records;
  } finally {
    await log.close();
  }
};

const flip = (path: string, at: number, bit: number): void => {
  const byte = readFileSync(path)[at] ?? 0;
  const file = openSync(path, 'r+');
  writeSync(file, Uint8Array.of(byte ^ (1 << bit)), 0, 1, at);
  closeSync(file);
};

const textOf = (records: ReadonlyArray<StoredRecord>): string =>
  JSON.stringify(records, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));

/** Whether what stands there is what is read: pages that were split keep old copies of records. */
const isRead = async (path: string, at: number, whole: string): Promise<boolean> => {
  flip(path, at, 0);
  const changed = await readRecords(path).then(
    (records) => textOf(records) !== whole,
    () => true,
  );
  flip(path, at, 0);
  return changed;
};

/** Where the columns of each record stand in the file, from its id to its hash, one behind the other. */
const cellsIn = async (path: string, records: ReadonlyArray<StoredRecord>): Promise<ReadonlyArray<Cell>> => {
  const file = readFileSync(path);
  const whole = textOf(records);
  const cells: Cell[] = [];
  for (const record of records) {
    const head = Buffer.from(`${record.id}${record.type}`);
    for (let from = file.indexOf(head); from >= 0; from = file.indexOf(head, from + 1)) {
      const to = file.indexOf(record.metadata.hash, from);
      // A record that SQLite laid on several pages does not stand in one piece.
      if (to < 0 || to - from > 3_500 || !(await isRead(path, from, whole))) continue;
      cells.push({ record, from, length: to - from + record.metadata.hash.length });
    }
  }
  return cells;
};

/** The first revision that is not what was written, or that cannot be read at all. */
const firstBroken = async (path: string): Promise<bigint | 'unreadable' | undefined> => {
  try {
    return verifyChain(undefined, await readRecords(path)).broken[0]?.revision;
  } catch (error) {
    if (error instanceof LogFailure || error instanceof SyntaxError) return 'unreadable';
    throw error;
  }
};

const engineFinds = async (stage: Stage): Promise<boolean> => {
  const engine = await stage.reopen();
  const found = await engine.verify().then(
    ({ ok }) => !ok,
    () => true,
  );
  await engine.close();
  return found;
};

it(`each of ${FLIPS} flipped bits in the records of a log is found, at its record`, { timeout: 900_000 }, async () => {
  const stage = await openStage({ graph: calm });
  stage.crew(3, { department: 'Sales' });
  await stage.sync();
  await stage.close();
  const path = join(stage.folder, 'log.db');
  await compact(path);
  const records = await readRecords(path);
  const cells = await cellsIn(path, records);
  expect(cells.length).toBeGreaterThan(records.length / 2);
  expect(await firstBroken(path)).toBeUndefined();

  const random = randomFrom(1_000, 'flips');
  const missed: string[] = [];
  let unreadable = 0;
  for (let done = 1; done <= FLIPS; done += 1) {
    const cell = cells[random.integer(0, cells.length - 1)]!;
    const [at, bit] = [cell.from + random.integer(0, cell.length - 1), random.integer(0, 7)];
    flip(path, at, bit);
    const broken = await firstBroken(path);
    if (broken === 'unreadable') unreadable += 1;
    else if (broken !== cell.record.revision)
      missed.push(`bit ${bit} of byte ${at}, revision ${cell.record.revision}: ${String(broken)}`);
    if (done % VERIFIED === 0 && !(await engineFinds(stage))) missed.push(`verify: bit ${bit} of byte ${at}`);
    flip(path, at, bit);
  }
  expect(missed).toEqual([]);
  expect(unreadable).toBeLessThan(FLIPS);
  expect(await firstBroken(path)).toBeUndefined();
});
