import { copyFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEventLog } from '@learnamp/directory-sync-event-log-sqlite';
import type { RecordToAppend } from '@learnamp/directory-sync-event-sourcing';
import { expect, it, onTestFinished } from 'vitest';
import { compact } from '../../crash/compact.js';
import { calm, openStage } from '../../support/stage.js';

const batch = (count: number, name: string): ReadonlyArray<RecordToAppend> =>
  Array.from({ length: count }, (_, index) => ({
    id: `${name}-${index}`,
    type: 'SomethingHappened',
    schemaVersion: 1,
    recordedAt: '2026-02-03T04:05:06.789Z',
    data: { index, filling: 'x'.repeat(200) },
    metadata: { subjects: [], correlationId: 'cycle', causationId: 'request' },
  }));

it('a batch of a thousand that was torn anywhere is there as a whole or not at all, and the log goes on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'directory-sync-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'log.db');
  const log = await openSqliteEventLog({ path });
  await log.append('s', 'no-stream', batch(10, 'before'))();
  const begun = statSync(`${path}-wal`).size;
  await log.append('s', 9n, batch(1_000, 'torn'))();
  const ended = statSync(`${path}-wal`).size;
  expect(ended).toBeGreaterThan(begun + 100_000);

  const found = new Set<number>();
  for (let cut = 0; cut <= 24; cut += 1) {
    const copy = join(folder, `copy-${cut}.db`);
    copyFileSync(path, copy);
    copyFileSync(`${path}-wal`, `${copy}-wal`);
    truncateSync(`${copy}-wal`, begun + Math.floor(((ended - begun) * cut) / 24));
    const torn = await openSqliteEventLog({ path: copy });
    let count = 0;
    for await (const page of torn.pages('s')) count += page.length;
    found.add(count);
    const again = await torn.append('s', 9n, batch(1_000, 'torn'))();
    expect([cut, again._tag]).toEqual([cut, 'Right']);
    await torn.close();
    rmSync(copy);
  }
  await log.close();
  expect([...found].sort((one, other) => one - other)).toEqual([10, 1_010]);
});

it('over a log with a changed byte nothing is sent, and the revision is named', async () => {
  const stage = await openStage({ graph: calm });
  const crew = stage.crew(6);
  await stage.sync();
  const joined = (await stage.events('UserJoinedGroup'))[2];
  await stage.close();
  const path = join(stage.folder, 'log.db');
  await compact(path);
  const file = readFileSync(path);
  const at = file.indexOf(`${joined?.id ?? ''}UserJoinedGroup`);
  const sealed = file.indexOf('"sealed":"', at) + 20;
  expect(sealed).toBeGreaterThan(at);
  file[sealed] = (file[sealed] ?? 0) === 0x41 ? 0x42 : 0x41;
  writeFileSync(path, file);
  // Whoever has no rows reads everything.
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}.local${suffix}`, { force: true });

  stage.newWrites();
  stage.leave(crew[0] ?? '');
  const engine = await stage.reopen();
  const report = await engine.sync();
  expect(report).toMatchObject({ ok: false, exitCode: 1 });
  expect(report.error?.message).toContain(`revision ${joined?.revision ?? ''}`);
  expect(stage.newWrites()).toEqual([]);
  const { ok, checks } = await engine.verify();
  expect(ok).toBe(false);
  expect(JSON.stringify(checks)).toContain(`"${joined?.revision ?? ''}"`);
});
