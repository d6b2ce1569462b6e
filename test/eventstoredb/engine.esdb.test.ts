import type { EventLog } from '@learnamp/directory-sync-event-sourcing';
import type { DirectorySync, EventView } from '@learnamp/directory-sync';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { startEventStore } from '@learnamp/directory-sync-simulator/eventstoredb';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openStores } from '../examples/eventstoredb.js';
import { connect } from '../support/connect.js';
import { calm, expectReplayEqualsLive, nobody, personNamed } from '../support/stage.js';

const start = async (people: number) => {
  const simulator = await startSimulator({ seed: 7, company: nobody, graph: calm });
  const server = await startEventStore();
  const folder = await mkdtemp(join(tmpdir(), 'engine-eventstoredb-'));
  onTestFinished(async () => {
    await simulator.close();
    server.close();
    await rm(folder, { recursive: true });
  });
  const hire = (name: string): string => {
    const userId = simulator.directory.addUser(personNamed(name, { jobTitle: 'x'.repeat(100) }));
    simulator.directory.addMember(simulator.scopeGroupId, userId);
    return userId;
  };
  const crew = Array.from({ length: people }, (_, index) => hire(`Crew Member${index}`));
  const tooLarge: number[] = [];
  const watched = (log: EventLog): EventLog => ({
    ...log,
    append: (stream, expected, records) => async () => {
      const answer = await log.append(stream, expected, records)();
      if (answer._tag === 'Left' && answer.left._tag === 'BatchTooLarge') tooLarge.push(records.length);
      return answer;
    },
  });
  let closed = (): Promise<void> => Promise.resolve();
  /** A machine of its own: log and keys are shared, the local database is not. */
  const open = async (machine: string): Promise<DirectorySync> => {
    const own = join(folder, machine);
    await mkdir(own);
    // The keys come along with the log, the local database does not.
    if (existsSync(join(folder, 'keys'))) await cp(join(folder, 'keys'), join(own, 'directory-sync.keys'));
    const stores = await openStores(server.connectionString, own);
    closed = () => cp(join(own, 'directory-sync.keys'), join(folder, 'keys'));
    return connect(simulator, { stores: { ...stores, log: watched(stores.log) } });
  };
  return { simulator, server, hire, crew, open, tooLarge, backUpKeys: () => closed() };
};

const historyOf = async (engine: DirectorySync, userId: string): Promise<ReadonlyArray<string>> => {
  const all: EventView[] = [];
  for await (const event of engine.events({ userIds: [userId as never] })) all.push(event);
  return all.map(({ type }) => type);
};

it('a company is synced over EventStoreDB, and another machine goes on where the first one ended', async () => {
  const { simulator, server, hire, crew, open, backUpKeys } = await start(12);
  const first = await open('first');
  expect(await first.sync()).toMatchObject({ exitCode: 0, people: { linked: 12 } });
  const [one = ''] = crew;
  simulator.directory.updateUser(one, { department: 'Finance' });
  const late = hire('Late Comer');
  // Whatever befalls the answers, nothing is sent or recorded twice.
  for (let times = 0; times < 3; times += 1) {
    server.faults.next('append', { kind: 'cut', done: true });
    server.faults.next('append', { kind: 'cut', done: false });
  }
  expect(await first.sync()).toMatchObject({ exitCode: 0, people: { linked: 13 } });
  expect(server.faults.left()).toBeLessThan(6);
  await expectReplayEqualsLive(first);
  const history = await historyOf(first, one);
  expect(history.filter((type) => type === 'UserJoinedGroup' || type === 'DepartmentChanged')).toEqual([
    'UserJoinedGroup',
    'DepartmentChanged',
  ]);
  const digest = await first.stateDigest();
  await first.close();
  await backUpKeys();

  const writes = simulator.learnAmp.writes().length;
  const second = await open('second');
  expect(await second.sync()).toMatchObject({ exitCode: 0, events: {} });
  expect(simulator.learnAmp.writes().length).toBe(writes);
  expect(await second.stateDigest()).toBe(digest);
  expect(await historyOf(second, one)).toEqual(history);
  expect(simulator.learnAmp.accountByExternalId(late)).toBeDefined();
  await second.close();
});

it('what is too large for one append goes in parts, and an initial sync comes out whole', async () => {
  const { simulator, open, tooLarge, crew } = await start(700);
  const engine = await open('first');
  expect(await engine.sync()).toMatchObject({ exitCode: 0, people: { linked: 700 } });
  expect(tooLarge.length).toBeGreaterThan(0);
  expect(crew.filter((userId) => simulator.learnAmp.accountByExternalId(userId) === undefined)).toEqual([]);
  await expectReplayEqualsLive(engine);
  await engine.close();
});
