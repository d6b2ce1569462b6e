import { status } from '@grpc/grpc-js';
import type { DirectorySync, EventView, Stores } from '@learnamp/directory-sync';
import { openEventStoreDbEventLog } from '@learnamp/directory-sync-event-log-eventstoredb';
import { type EventLog, verifyChain, type StoredRecord } from '@learnamp/directory-sync-event-sourcing';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import {
  type EventStoreOptions,
  startEventStore,
  type WireFault,
} from '@learnamp/directory-sync-simulator/eventstoredb';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from '../../support/connect.js';
import { lastingStores } from '../../support/lasting-stores.js';
import { calm, expectReplayEqualsLive, nobody, personNamed } from '../../support/stage.js';

const stream = 'directorySync-fabrikam';
const patience = { callMs: 250, lateMs: 5_000, retryMs: 400, pauseMs: 5, longestPauseMs: 40 };

/** A company whose log is in a cluster; every other store stays as it is while engines come and go. */
const openCompany = async (options: EventStoreOptions = {}) => {
  const simulator = await startSimulator({ seed: 81, company: nobody, graph: calm });
  const server = await startEventStore(options);
  const local = lastingStores();
  /** Called before each append with the types that are to be appended. */
  let onAppend: (types: ReadonlyArray<string>) => void = () => undefined;
  const watched = (log: EventLog): EventLog => ({
    ...log,
    append: (name, expected, records) => () => {
      onAppend(records.map(({ type }) => type));
      return log.append(name, expected, records)();
    },
  });
  const engines: DirectorySync[] = [];
  const open = (more: Partial<typeof patience> = {}): DirectorySync => {
    const { connectionString } = server;
    const { projections } = local;
    const log = openEventStoreDbEventLog({ connectionString, projections, patience: { ...patience, ...more } });
    const stores: Stores = { ...local, log: watched(log) };
    const engine = connect(simulator, { stores });
    engines.push(engine);
    return engine;
  };
  onTestFinished(async () => {
    for (const engine of engines) await engine.close();
    await simulator.close();
    server.close();
  });
  let hired = 0;
  const hire = (): string => {
    hired += 1;
    const userId = simulator.directory.addUser(personNamed(`Crew Member${hired}`));
    simulator.directory.addMember(simulator.scopeGroupId, userId);
    return userId;
  };
  const creations = (): number =>
    simulator.requests.matching({ system: 'learnAmp', method: 'POST' }).filter(({ path }) => path === '/v1/users')
      .length;
  /** Whatever happened: every event stands once, in one chain, and a replay of it is what the engine holds. */
  const expectWhole = async (engine: DirectorySync): Promise<void> => {
    const recorded = server.streams.stream(stream) ?? [];
    expect(new Set(recorded.map(({ id }) => id)).size).toBe(recorded.length);
    const log = openEventStoreDbEventLog({ connectionString: server.connectionString, projections: local.projections });
    const all: StoredRecord[] = [];
    for await (const page of log.pages(stream)) all.push(...page);
    await log.close();
    expect(verifyChain(undefined, all).broken).toEqual([]);
    await expectReplayEqualsLive(engine);
  };
  return {
    simulator,
    server,
    open,
    hire,
    creations,
    expectWhole,
    before: (type: string, act: () => void) => {
      onAppend = (types) => {
        if (!types.includes(type)) return;
        onAppend = () => undefined;
        act();
      };
    },
  };
};

const faults: ReadonlyArray<readonly [string, WireFault]> = [
  ['cut before it was carried out', { kind: 'cut', done: false }],
  ['cut after it was carried out', { kind: 'cut', done: true }],
  ['answered after the deadline', { kind: 'silent', done: true }],
  ['not answered', { kind: 'silent', done: false }],
  ['refused while a leader is elected', { kind: 'refused', code: status.UNAVAILABLE }],
  ['carried out by half', { kind: 'half', events: 1 }],
];

it.each(faults)(
  'FC-81: an append that is %s is recorded once, and its commands are sent once',
  async (_title, fault) => {
    const { server, open, hire, creations, expectWhole, simulator } = await openCompany();
    const engine = open({ retryMs: 5_000 });
    hire();
    expect(await engine.sync()).toMatchObject({ exitCode: 0 });
    const late = hire();
    // The store promises to know an id again in quick succession only: it is not relied on.
    server.streams.forgetIds();
    // Every append of the cycle meets it once: of what was seen, of what is sent, of what came of it.
    const appends = server.calls.filter(({ rpc }) => rpc === 'append').length;
    for (let times = 0; times < 3; times += 1) server.faults.next('append', fault);
    expect(await engine.sync()).toMatchObject({ exitCode: 0, people: { linked: 2 } });
    expect(server.calls.filter(({ rpc }) => rpc === 'append').length - appends).toBeGreaterThan(3);
    expect(server.faults.left()).toBe(0);
    expect(creations()).toBe(2);
    expect(simulator.learnAmp.accountByExternalId(late)).toBeDefined();
    await expectWhole(engine);
    expect(await engine.sync()).toMatchObject({ exitCode: 0, events: {} });
  },
);

it('FC-81: while the store is away nothing is sent, and afterwards the same engine goes on by itself', async () => {
  const { server, open, hire, creations, expectWhole, before } = await openCompany();
  const engine = open();
  hire();
  expect(await engine.sync()).toMatchObject({ exitCode: 0 });
  const [node] = server.nodes;
  hire();
  before('CommandsDispatched', () => node?.stop());
  // The observation is recorded, its command is not: so it is not sent, however often it is tried.
  for (let times = 0; times < 3; times += 1)
    expect(await engine.sync()).toMatchObject({ exitCode: 1, error: { code: 'log-unavailable' } });
  expect(creations()).toBe(1);
  await node?.start();
  expect(await engine.sync()).toMatchObject({ exitCode: 0, people: { linked: 2 } });
  expect(creations()).toBe(2);
  await expectWhole(engine);
});

it('FC-81: a store that goes away before the receipt costs no second account', async () => {
  const { server, open, hire, creations, expectWhole, before } = await openCompany();
  const engine = open();
  hire();
  const [node] = server.nodes;
  before('CommandSucceeded', () => node?.stop());
  expect(await engine.sync()).toMatchObject({ exitCode: 1, error: { code: 'log-unavailable' } });
  expect(creations()).toBe(1);
  await node?.start();
  expect(await engine.sync()).toMatchObject({ exitCode: 0, people: { linked: 1 } });
  expect(creations()).toBe(1);
  await expectWhole(engine);
});

it('FC-81: elections at every append, with followers that lag, change nothing', async () => {
  const { server, open, hire, creations, expectWhole, before } = await openCompany({ nodes: 3 });
  const engine = open({ retryMs: 10_000 });
  hire();
  expect(await engine.sync()).toMatchObject({ exitCode: 0 });
  hire();
  before('UserJoinedGroup', () => {
    server.nodes[0]?.fallBehind();
    server.elect(1);
  });
  expect(await engine.sync()).toMatchObject({ exitCode: 0 });
  hire();
  before('CommandsDispatched', () => {
    server.nodes[1]?.stop();
    server.elect(2);
  });
  expect(await engine.sync()).toMatchObject({ exitCode: 0, people: { linked: 3 } });
  expect(creations()).toBe(3);
  await expectWhole(engine);
});

it('FC-81: whoever follows goes on from the last event seen, through any number of restarts', async () => {
  const { server, open, hire } = await openCompany();
  const engine = open({ retryMs: 5_000 });
  const seen: EventView[] = [];
  const controller = new AbortController();
  const following = (async () => {
    for await (const event of engine.events({ follow: true, signal: controller.signal })) seen.push(event);
  })();
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise(setImmediate);
  };
  const recorded = (): number => server.streams.stream(stream)?.length ?? 0;
  for (let restarts = 0; restarts < 3; restarts += 1) {
    hire();
    expect(await engine.sync()).toMatchObject({ exitCode: 0 });
    await until(() => seen.length === recorded());
    server.nodes[0]?.stop();
    await until(() => server.subscriptions() === 0);
    await server.nodes[0]?.start();
  }
  controller.abort();
  await following.catch(() => undefined);
  expect(seen.map(({ revision }) => revision)).toEqual(Array.from({ length: recorded() }, (_, at) => String(at)));
});
