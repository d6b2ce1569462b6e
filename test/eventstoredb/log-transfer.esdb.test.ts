import { importLog, type Stores } from '@learnamp/directory-sync';
import { openSqliteEventLog } from '@learnamp/directory-sync-event-log-sqlite';
import type { EventLog } from '@learnamp/directory-sync-event-sourcing';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from '../support/connect.js';
import { lastingStores } from '../support/lasting-stores.js';
import { idOf } from '../support/simulator-settings.js';
import { calm } from '../support/stage.js';
import { open, readAll, serve } from './open-log.js';

it('a log moves from SQLite to EventStoreDB and back, equal byte for byte, and verifies on both', async () => {
  const simulator = await startSimulator({ seed: 3, company: { people: 25 }, graph: calm });
  const folder = await mkdtemp(join(tmpdir(), 'log-transfer-'));
  onTestFinished(async () => {
    await simulator.close();
    await rm(folder, { recursive: true });
  });
  const openFile = async (name: string): Promise<EventLog> => {
    const log = await openSqliteEventLog({ path: join(folder, name) });
    onTestFinished(() => log.close());
    return log;
  };
  // The keys stay where they are: only the log moves.
  const { keys } = lastingStores();
  const over = (log: EventLog) => connect(simulator, { stores: { ...lastingStores(), keys, log } satisfies Stores });
  const linesOf = async (log: EventLog): Promise<ReadonlyArray<string>> => {
    const lines: string[] = [];
    for await (const line of over(log).exportLog()) lines.push(line);
    return lines;
  };
  const move = async (lines: ReadonlyArray<string>, log: EventLog): Promise<EventLog> => {
    const lasting = async function* () {
      yield* await Promise.resolve(lines);
    };
    await importLog({ log, keys, connectionId: 'fabrikam', tenantId: idOf(simulator.tenantId), lines: lasting });
    return log;
  };

  const first = await openFile('first.db');
  expect(await over(first).sync()).toMatchObject({ ok: true });
  const head = (await over(first).signedHead()) ?? undefined;
  const lines = await linesOf(first);

  const cluster = await move(lines, open(await serve()));
  const last = await move(await linesOf(cluster), await openFile('last.db'));
  for (const log of [cluster, last]) {
    expect(await readAll(log, 'directorySync-fabrikam')).toEqual(await readAll(first, 'directorySync-fabrikam'));
    expect(await linesOf(log)).toEqual(lines);
    expect(await over(log).verify({ head })).toMatchObject({ ok: true });
  }
});
