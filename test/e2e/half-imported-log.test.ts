import { importLog, type Stores } from '@learnamp/directory-sync';
import type { EventLog } from '@learnamp/directory-sync-event-sourcing';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from '../support/connect.js';
import { lastingStores } from '../support/lasting-stores.js';
import { idOf } from '../support/simulator-settings.js';
import { calm } from '../support/stage.js';

/** The process dies between the mark that an import began and the first record. */
const dying = (log: EventLog): EventLog => ({
  ...log,
  append: (stream, ...call) =>
    stream === 'directorySync-fabrikam'
      ? TE.left({ _tag: 'LogUnavailable', cause: 'died here' })
      : log.append(stream, ...call),
});

it('an engine that was open on the empty log before an import began does not work on the half of it', async () => {
  const simulator = await startSimulator({ seed: 1, company: { people: 5 }, graph: calm });
  const first = lastingStores();
  const stores: Stores = { ...lastingStores(), keys: first.keys };
  const [before, engine] = [connect(simulator, { stores: first }), connect(simulator, { stores })];
  onTestFinished(async () => {
    await before.close();
    await engine.close();
    await simulator.close();
  });
  expect(await before.sync()).toMatchObject({ ok: true });
  const lines: string[] = [];
  for await (const line of before.exportLog()) lines.push(line);
  const accounts = simulator.learnAmp.accounts().length;
  const bring = (log: EventLog) =>
    importLog({
      log,
      keys: stores.keys,
      connectionId: 'fabrikam',
      tenantId: idOf(simulator.tenantId),
      lines: async function* () {
        yield* await Promise.resolve(lines);
      },
    });

  await engine.stateDigest();
  await expect(bring(dying(stores.log))).rejects.toMatchObject({ code: 'log-unavailable' });
  await expect(engine.status()).rejects.toMatchObject({ code: 'log-unavailable' });
  expect(await engine.sync()).toMatchObject({ ok: false, error: { code: 'log-unavailable' } });
  await bring(stores.log);
  expect(await engine.sync()).toMatchObject({ ok: true, people: { linked: 5 } });
  expect(simulator.learnAmp.accounts()).toHaveLength(accounts);
  expect(await engine.verify()).toMatchObject({ ok: true });
});
