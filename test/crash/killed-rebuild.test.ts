import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RebuildReport } from '@learnamp/directory-sync';
import { openSqliteProjections } from '@learnamp/directory-sync-event-log-sqlite';
import { canonicalJson } from '@learnamp/directory-sync-event-sourcing';
import { randomFrom } from '@learnamp/directory-sync-simulator';
import { expect, it, onTestFinished } from 'vitest';
import { foldVersion, tables } from '../../packages/engine/src/state/tables.js';
import { madeLog } from '../bench/support/made-log.js';

const program = fileURLToPath(new URL('./programs/rebuild.js', import.meta.url));
const ROUNDS = process.env['CRASH'] === 'all' ? 20 : 6;
const SIZE = { people: 100, events: 6_000, sealed: true };

type Ended = {
  readonly report: RebuildReport | undefined;
  readonly progress: ReadonlyArray<number>;
  readonly stderr: string;
};

/** One rebuild in a process of its own, which is gone the moment it has told of so many pages. */
const runRebuild = (asked: Readonly<Record<string, unknown>>, killAfter?: number): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, JSON.stringify(asked)], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (killAfter !== undefined && stdout.split('\n').length > killAfter) child.kill('SIGKILL');
    });
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', () => {
      const lines = stdout.split('\n').slice(0, -1);
      const last = lines.at(-1) ?? '';
      const report = last.startsWith('{') ? (JSON.parse(last) as RebuildReport) : undefined;
      resolve({ report, progress: lines.filter((line) => /^\d+$/.test(line)).map(Number), stderr });
    });
  });

/**
 * What stands in a file: checkpoint, and every row with what it is found by. As canonical text: the order of a row's fields
 * tells which of its fields were absent when it was last read, and nothing depends on it.
 */
const standing = async (path: string, name: string): Promise<string> => {
  const database = await openSqliteProjections({ path });
  const rows = await database.rows({ name, version: foldVersion });
  const hash = createHash('sha256').update(String(rows.checkpoint()?.revision));
  for (const table of Object.values(tables))
    for (const row of rows.scan(table)) hash.update(canonicalJson([table, row]));
  for (const index of ['in-scope', 'leaving', 'held', 'refused', 'unknown'])
    for (const table of [tables.people, tables.delivered])
      hash.update(canonicalJson([index, table, rows.keysAt(table, index, 'yes')]));
  expect(rows.check().altered).toBe(0);
  await database.close();
  return hash.digest('hex');
};

it(
  `a rebuild that is killed in ${ROUNDS} rounds leaves what stood, and the next one goes on and ends like one that was not`,
  { timeout: 900_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'killed-rebuild-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const made = await madeLog(SIZE);
    // A copy: opening a log writes beside it, and others read the made one.
    const paths = { logPath: join(folder, 'log.db'), keysPath: join(folder, 'log.db.keys') };
    await copyFile(made.logPath, paths.logPath);
    await copyFile(made.keysPath, paths.keysPath);
    const clean = join(folder, 'clean.db');
    const asked = { ...paths, stream: made.stream, commitRows: 150 };
    const whole = await runRebuild({ ...asked, localPath: clean });
    expect([whole.report?.events, whole.report?.resumedFrom, whole.stderr]).toEqual([SIZE.events, undefined, '']);
    const wanted = await standing(clean, made.stream);
    const pages = whole.progress.length;

    const random = randomFrom(83, 'kills');
    const resumed: bigint[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const localPath = join(folder, `local-${round}.db`);
      await copyFile(clean, localPath);
      let reached = 0;
      for (let kills = random.integer(1, 2); kills > 0; kills -= 1) {
        const killed = await runRebuild(
          { ...asked, localPath },
          random.integer(1, Math.max(1, Math.floor(pages / kills) - 1)),
        );
        if (killed.report === undefined) reached = killed.progress.at(-1) ?? reached;
        expect([round, await standing(localPath, made.stream)]).toEqual([round, wanted]);
      }
      const { report, stderr } = await runRebuild({ ...asked, localPath });
      expect([round, stderr, report?.stateDigest]).toEqual([round, '', whole.report?.stateDigest]);
      expect([round, await standing(localPath, made.stream)]).toEqual([round, wanted]);
      if (report?.resumedFrom !== undefined) resumed.push(BigInt(report.resumedFrom));
      expect(Number(report?.resumedFrom ?? 0)).toBeLessThanOrEqual(reached);
    }
    // Nearly all of them: one that dies within its first commit has nothing to go on from.
    expect(resumed.length).toBeGreaterThan(ROUNDS / 2);
  },
);
