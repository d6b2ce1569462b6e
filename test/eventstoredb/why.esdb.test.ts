import type { AccessView, DirectorySync } from '@learnamp/directory-sync';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { startEventStore } from '@learnamp/directory-sync-simulator/eventstoredb';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openStores } from '../examples/eventstoredb.js';
import { connect } from '../support/connect.js';
import { idOf } from '../support/simulator-settings.js';
import { calm, nobody, personNamed } from '../support/stage.js';

const open = async () => {
  const simulator = await startSimulator({ seed: 7, company: nobody, graph: calm });
  const server = await startEventStore();
  const folder = await mkdtemp(join(tmpdir(), 'why-eventstoredb-'));
  const ann = simulator.directory.addUser(personNamed('Ann Lee'));
  simulator.directory.addMember(simulator.scopeGroupId, ann);
  const engine = connect(simulator, { stores: await openStores(server.connectionString, folder) });
  onTestFinished(async () => {
    await engine.close();
    await simulator.close();
    server.close();
    await rm(folder, { recursive: true });
  });
  return { engine, ann: idOf(ann) };
};

const accesses = async (engine: DirectorySync): Promise<ReadonlyArray<AccessView>> => {
  const found: AccessView[] = [];
  for await (const access of engine.accesses()) found.push(access);
  return found;
};

it('a person is explained over EventStoreDB, and who looked stands in a stream of its own', async () => {
  const { engine, ann } = await open();
  await engine.why(ann);
  expect(await accesses(engine)).toEqual([]);
  await engine.sync();
  const before = (await engine.status()).head;
  const why = await engine.why(ann, { by: { actor: 'Sam' } });
  expect(why.conclusion).toMatch(/^Active in Learn Amp as \d+; nothing is to be done\.$/);
  expect(why.events.map(({ type }) => type)).toContain('UserJoinedGroup');
  expect(why.scope.groupPath).toHaveLength(1);
  await engine.exportPerson(ann, { actor: 'Dora' });
  expect(await accesses(engine)).toMatchObject([
    { revision: '0', view: 'why', actor: 'Sam' },
    { revision: '1', view: 'export', actor: 'Dora' },
  ]);
  expect((await engine.status()).head).toEqual(before);
});
