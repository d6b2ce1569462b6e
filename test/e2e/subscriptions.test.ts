import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  makeNotificationHandler,
  openGraphTenant,
  openMemoryStores,
  openSubscriptionKeeper,
  toNodeListener,
  type GraphTenant,
  type NotificationHandlerOptions,
  type Stores,
  type SubscriptionKeeper,
} from '@learnamp/directory-sync';
import { startSimulator, type Simulator, type Subscription } from '@learnamp/directory-sync-simulator';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect } from '../support/connect.js';
import { nobody, personNamed } from '../support/stage.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The genuine handler behind HTTP, as long as it is well. */
const openEndpoint = async (options: NotificationHandlerOptions) => {
  let well = true;
  let handshakes = 0;
  const handler = makeNotificationHandler(options);
  const server = createServer(
    toNodeListener((request) => {
      if (request.url.includes('validationToken')) handshakes += 1;
      return well ? handler(request) : Promise.resolve(new Response(null, { status: 500 }));
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/notifications`,
    handshakes: () => handshakes,
    counters: handler.counters,
    setWell: (now: boolean) => {
      well = now;
    },
  };
};

type Live = {
  readonly simulator: Simulator;
  readonly endpoint: Awaited<ReturnType<typeof openEndpoint>>;
  readonly tenant: GraphTenant;
  readonly stores: Stores;
  readonly keeper: SubscriptionKeeper;
  readonly open: () => Promise<SubscriptionKeeper>;
  readonly rounds: () => number;
  readonly onCatchUp: (run: () => Promise<void>) => void;
  readonly advance: (ms: number) => void;
  readonly events: () => Promise<ReadonlyArray<string>>;
};

const graphSettings = (simulator: Simulator) => ({
  tenantId: simulator.tenantId,
  cloud: 'global' as const,
  baseUrl: simulator.graphUrl,
  auth: {
    kind: 'client-secret' as const,
    authority: simulator.authorityUrl,
    clientId: simulator.clientId,
    clientSecret: simulator.clientSecret,
  },
  patienceMs: 20_000,
});

/** A tenant with one connection, a keeper, and a clock for all of them that moves by hand and when somebody sleeps. */
const goLive = async (): Promise<Live> => {
  let offset = 0;
  const now = () => new Date(Date.now() + offset);
  const advance = (ms: number): void => {
    offset += ms;
  };
  const simulator = await startSimulator({ seed: 7, company: nobody, now });
  const stores = openMemoryStores();
  const opened: { keeper?: SubscriptionKeeper } = {};
  const endpoint = await openEndpoint({
    inbox: stores.inbox,
    known: (id) => opened.keeper?.known(id),
    onLifecycle: (_tenantId, subscriptionId) => opened.keeper?.reauthorize(subscriptionId),
    now,
  });
  const sleep = async (ms: number): Promise<void> => advance(ms);
  const world = { now, sleep };
  const tenant = await openGraphTenant(graphSettings(simulator), { cache: stores.cache, world });
  const engine = connect(simulator, { stores, now });
  let rounds = 0;
  let whileCatchingUp: () => Promise<void> = () => Promise.resolve();
  const open = () =>
    openSubscriptionKeeper({
      tenantId: simulator.tenantId,
      log: stores.log,
      keys: stores.keys,
      client: tenant.subscriptions,
      notificationUrl: endpoint.url,
      catchUp: async () => {
        rounds += 1;
        await whileCatchingUp();
        await engine.sync();
      },
      world,
    });
  onTestFinished(async () => {
    await engine.close();
    await tenant.close();
    await simulator.close();
  });
  const keeper = await open();
  opened.keeper = keeper;
  return {
    simulator,
    endpoint,
    tenant,
    stores,
    keeper,
    open,
    onCatchUp: (run) => {
      whileCatchingUp = run;
    },
    rounds: () => rounds,
    advance,
    events: async () => {
      const seen: string[] = [];
      for await (const page of stores.log.pages(`directorySync-tenant-${simulator.tenantId}`)) {
        for (const { type, data } of page) {
          const { resource, reason } = data as { resource: string; reason?: string };
          seen.push([type, resource, reason].filter((word) => word !== undefined).join(' '));
        }
      }
      return seen;
    },
  };
};

/** Posts what Graph would post for a subscription. */
const post = async (simulator: Simulator, of: Subscription, more: Readonly<Record<string, unknown>>) => {
  const item = {
    subscriptionId: of.id,
    clientState: of.clientState,
    tenantId: simulator.tenantId,
    subscriptionExpirationDateTime: of.expirationDateTime,
    ...more,
  };
  const answer = await fetch(of.notificationUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ value: [item] }),
  });
  return answer.status;
};
const changed = {
  changeType: 'updated',
  resource: 'Users/1',
  resourceData: { '@odata.type': '#Microsoft.Graph.User', id: '1' },
};

const created = ['SubscriptionCreated users', 'SubscriptionCreated groups'];
const problems = (keeper: SubscriptionKeeper) => keeper.status().map(({ mode, problem }) => problem?.reason ?? mode);

describe('subscriptions of a tenant', () => {
  test('are made with a handshake on both addresses, for a little less than the longest life, and shared', async () => {
    const { simulator, endpoint, keeper, events, stores, rounds } = await goLive();
    await keeper.tick();
    expect(endpoint.handshakes()).toBe(4);
    const listed = simulator.subscriptions.list();
    expect(listed.map(({ resource, changeType }) => `${resource} ${changeType}`)).toEqual([
      '/users updated,deleted',
      '/groups updated,deleted',
    ]);
    for (const { id, clientState, lifecycleNotificationUrl, expirationDateTime } of listed) {
      expect(lifecycleNotificationUrl).toBe(endpoint.url);
      expect((Date.parse(expirationDateTime) - Date.now()) / 60_000).toBeGreaterThan(41_600);
      expect(keeper.known(id)?.clientStateDigests[0]).toMatch(/^[0-9a-f]{64}$/);
      expect(clientState!.length).toBeGreaterThan(60);
      for await (const page of stores.log.pages(`directorySync-tenant-${simulator.tenantId}`)) {
        for (const { data } of page) expect(JSON.stringify(data)).not.toContain(clientState);
      }
    }
    expect(await events()).toEqual(created);
    expect(rounds()).toBe(1);
  });

  test('FC-33: one that went without a word is missed within a day, and what changed meanwhile comes by the round', async () => {
    const { simulator, keeper, advance, events } = await goLive();
    await keeper.tick();
    const [users] = simulator.subscriptions.list();
    simulator.subscriptions.drop(users!.id);
    const userId = simulator.directory.addUser(personNamed('Ann Lee'));
    simulator.directory.addMember(simulator.scopeGroupId, userId);
    expect(simulator.learnAmp.accountByExternalId(userId)).toBeUndefined();
    advance(DAY);
    await keeper.tick();
    expect((await events()).slice(2)).toEqual(['SubscriptionLost users gone', 'SubscriptionCreated users']);
    expect(simulator.learnAmp.accountByExternalId(userId)).toBeDefined();
    expect(keeper.known(users!.id)).toBeUndefined();
  });

  test('FC-34: at half of its life one is renewed; a 404 makes a new one, while the old secret counts until the round is over', async () => {
    const { simulator, keeper, advance, events } = await goLive();
    await keeper.tick();
    const [users, groups] = simulator.subscriptions.list();
    advance(16 * DAY);
    simulator.subscriptions.drop(groups!.id);
    await keeper.tick();
    expect((await events()).slice(2)).toEqual([
      'SubscriptionRenewed users',
      'SubscriptionLost groups gone',
      'SubscriptionCreated groups',
    ]);
    const after = simulator.subscriptions.list();
    expect(after.map(({ id }) => id)).toContain(users!.id);
    expect(after).toHaveLength(2);
    expect(after.every(({ expirationDateTime }) => expirationDateTime > users!.expirationDateTime)).toBe(true);
  });

  test('FC-34: an endpoint that does not answer the handshake leaves polling, recorded once, until it answers', async () => {
    const { endpoint, keeper, advance, events } = await goLive();
    endpoint.setWell(false);
    for (let hour = 0; hour < 4; hour += 1) {
      await keeper.tick();
      advance(HOUR);
    }
    expect(problems(keeper)).toEqual(['validation', 'validation']);
    expect(await events()).toEqual(['SubscriptionLost users validation', 'SubscriptionLost groups validation']);
    endpoint.setWell(true);
    await keeper.tick();
    expect((await events()).slice(2)).toEqual(created);
  });

  test('FC-34: a process that died between Graph’s answer and its own record leaves nothing behind', async () => {
    const { simulator, endpoint, tenant, keeper, events } = await goLive();
    const expiresAt = new Date(Date.now() + DAY).toISOString();
    const lost = { notificationUrl: endpoint.url, lifecycleNotificationUrl: endpoint.url, clientState: 's', expiresAt };
    await tenant.subscriptions.create({ resource: '/users', ...lost })();
    const [stray] = simulator.subscriptions.list();
    await keeper.tick();
    const ids = simulator.subscriptions.list().map(({ id }) => id);
    expect(ids).toHaveLength(2);
    expect(ids).not.toContain(stray!.id);
    expect(ids.every((id) => keeper.known(id) !== undefined)).toBe(true);
    expect(await events()).toEqual(created);
  });

  test('FC-34: notifications of the old one count until the catch-up is over, and not any longer', async () => {
    const { simulator, endpoint, keeper, advance, stores, onCatchUp } = await goLive();
    await keeper.tick();
    const [old] = simulator.subscriptions.list();
    simulator.subscriptions.drop(old!.id);
    advance(DAY);
    let meanwhile = 0;
    onCatchUp(async () => {
      await post(simulator, old!, changed);
      meanwhile = (await stores.inbox.pending(simulator.tenantId))?.count ?? 0;
    });
    await keeper.tick();
    expect(meanwhile).toBe(1);
    expect(await post(simulator, old!, changed)).toBe(202);
    expect((await stores.inbox.pending(simulator.tenantId))?.count).toBe(1);
    const renewed = simulator.subscriptions.list().find(({ resource }) => resource === '/users');
    expect(await post(simulator, renewed!, changed)).toBe(202);
    expect((await stores.inbox.pending(simulator.tenantId))?.count).toBe(2);
    expect(endpoint.counters().forged).toBe(1);
  });

  test('FC-35: a new authorisation asked for renews at once; a forged wish for one does nothing', async () => {
    const { simulator, keeper, advance, events } = await goLive();
    await keeper.tick();
    const [users, groups] = simulator.subscriptions.list();
    advance(HOUR);
    const lifecycle = { lifecycleEvent: 'reauthorizationRequired' };
    const observed = { ...lifecycle, tenantId: undefined, organizationId: simulator.tenantId };
    expect(await post(simulator, users!, observed)).toBe(202);
    expect(await post(simulator, { ...groups!, clientState: 'guessed' }, lifecycle)).toBe(202);
    await keeper.tick();
    expect((await events()).slice(2)).toEqual(['SubscriptionRenewed users']);
  });

  test('FC-40: with the quota full the tenant is polled only, says so once, and recovers by itself', async () => {
    const { simulator, endpoint, keeper, advance, events } = await goLive();
    const others: string[] = [];
    for (let n = 0; n < 100; n += 1) {
      const made = await fetch(`${simulator.graphUrl}/subscriptions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${simulator.graphToken()}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          changeType: 'updated',
          resource: `/users/00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
          notificationUrl: endpoint.url,
          expirationDateTime: new Date(Date.now() + 20 * DAY).toISOString(),
        }),
      });
      others.push(((await made.json()) as { id: string }).id);
    }
    for (let day = 0; day < 3; day += 1) {
      await keeper.tick();
      advance(DAY);
    }
    expect(problems(keeper)).toEqual(['quota', 'quota']);
    expect(await events()).toEqual(['SubscriptionLost users quota', 'SubscriptionLost groups quota']);
    for (const id of others.slice(0, 2)) simulator.subscriptions.drop(id);
    await keeper.tick();
    expect(problems(keeper)).toEqual(['notified', 'notified']);
    expect(simulator.subscriptions.list()).toHaveLength(100);
  });

  test('without the permission for groups, users are notified and groups are polled', async () => {
    const { simulator, keeper, events } = await goLive();
    simulator.directory.withdraw('group-subscriptions');
    await keeper.tick();
    expect(problems(keeper)).toEqual(['notified', 'permission']);
    expect(await events()).toEqual(['SubscriptionCreated users', 'SubscriptionLost groups permission']);
  });

  test('survive a restart: nothing is made twice and the secrets still count', async () => {
    const { simulator, keeper, open, events } = await goLive();
    await keeper.tick();
    const again = await open();
    for (const { id } of simulator.subscriptions.list()) expect(again.known(id)).toEqual(keeper.known(id));
    await again.tick();
    expect(await events()).toEqual(created);
  });
});

describe('the governor of a tenant', () => {
  test('FC-69: a wait told to one connection holds for the other, outlives the process, and touches no other tenant', async () => {
    const { simulator, tenant, stores } = await goLive();
    const fault = simulator.faults.add({
      system: 'graph',
      path: /\/users\/\$count$/,
      times: 1,
      action: { status: 429, headers: { 'retry-after': '600' } },
    });
    const [one, two] = [tenant.source({ customAttributes: [] }), tenant.source({ customAttributes: [] })];
    const throttled = { _tag: 'Left', left: { _tag: 'GraphThrottled' } };
    expect(await one.countUsers()()).toMatchObject(throttled);
    expect(fault.hits()).toBe(1);
    simulator.requests.reset();
    expect(await two.countUsers()()).toMatchObject(throttled);
    const restarted = await openGraphTenant(graphSettings(simulator), { cache: stores.cache });
    onTestFinished(restarted.close);
    expect(await restarted.source({ customAttributes: [] }).countUsers()()).toMatchObject(throttled);
    expect(simulator.requests.count({ system: 'graph' })).toBe(0);
    const other = await goLive();
    expect(await other.tenant.source({ customAttributes: [] }).countUsers()()).toMatchObject({ _tag: 'Right' });
  });

  test('FC-71: items of a batch that are throttled are asked again after the longest wait they were told', async () => {
    const { simulator, tenant } = await goLive();
    const people = Array.from({ length: 20 }, (_, n) =>
      simulator.directory.addUser(personNamed(`Crew Member${String(n)}`)),
    );
    const waits = ['3', '7'];
    let struck = 0;
    simulator.faults.add({
      system: 'graph',
      match: ({ inBatch }) => inBatch,
      times: 2,
      action: {
        rewrite: (response) => ({ ...response, status: 429, headers: { 'Retry-After': waits[struck++] ?? '1' } }),
      },
    });
    const before = tenant.throttling();
    const read = await tenant.source({ customAttributes: [] }).readProfiles(people as never)();
    expect(read).toMatchObject({ _tag: 'Right' });
    if (read._tag === 'Right') expect(read.right.every(({ _tag }) => _tag === 'Found')).toBe(true);
    expect(tenant.throttling().throttled - before.throttled).toBe(2);
    expect(tenant.throttling().resourceUnits.total).toBeGreaterThan(0);
    const [, again] = simulator.requests.matching({ path: /\/\$batch$/ });
    expect(again?.items).toHaveLength(2);
  });
});
