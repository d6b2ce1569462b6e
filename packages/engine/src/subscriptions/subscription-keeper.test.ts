import { createHash } from 'node:crypto';
import { makeMemoryEventLog, makeMemoryKeyStore } from '@learnamp/directory-sync-event-sourcing';
import type { EventLog } from '@learnamp/directory-sync-event-sourcing';
import type { SubscriptionRefused } from '@learnamp/directory-sync-graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSubscriptionKeeper } from './subscription-keeper.js';
import type { SubscriptionKeeper, SubscriptionKeeperOptions } from './subscription-keeper.js';
import { makeGraphOfSubscriptions } from './testing/graph-of-subscriptions.js';

const tenantId = '5f1c0b2a-0000-4000-8000-00000000aaaa';
const notificationUrl = 'https://host.example/notifications';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const refused = (reason: SubscriptionRefused['reason']): SubscriptionRefused => ({
  _tag: 'SubscriptionRefused',
  reason,
  code: 'ExtensionError',
});
const unreachable = { _tag: 'GraphUnreachable', detail: 'down' } as const;
const forbidden = { _tag: 'GraphForbidden', code: 'ExtensionError' } as const;

const setUp = async (changes: Partial<SubscriptionKeeperOptions> = {}) => {
  let at = Date.parse('2026-11-01T00:00:00Z');
  let ids = 0;
  const now = () => new Date(at);
  const graph = makeGraphOfSubscriptions(now);
  const log = makeMemoryEventLog();
  const keys = makeMemoryKeyStore();
  const rounds: string[] = [];
  const secrets: string[] = [];
  const open = (more: Partial<SubscriptionKeeperOptions> = {}): Promise<SubscriptionKeeper> =>
    openSubscriptionKeeper({
      tenantId,
      log,
      keys,
      client: graph.client,
      notificationUrl,
      catchUp: async (tenant) => {
        rounds.push(tenant);
      },
      world: {
        now,
        random: () => 0.5,
        newId: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
        newSecret: () => {
          secrets.push(`secret-${String(secrets.length + 1)}`);
          return secrets.at(-1)!;
        },
        sleep: async (ms, signal) => {
          signal?.throwIfAborted();
          at += ms;
        },
      },
      ...changes,
      ...more,
    });
  const keeper = await open();
  const stored = async () => {
    const records = [];
    for await (const page of log.pages(`directorySync-tenant-${tenantId}`)) records.push(...page);
    return records;
  };
  return {
    graph,
    keeper,
    open,
    log,
    rounds,
    secrets,
    stored,
    /** Types and what they are about, in order. */
    events: async () =>
      (await stored()).map(({ type, data }) => {
        const { subscriptionId, reason } = data as { subscriptionId: string; reason?: string };
        return [type, reason ?? subscriptionId].join(' ');
      }),
    advance: (ms: number) => {
      at += ms;
    },
    passed: () => at - Date.parse('2026-11-01T00:00:00Z'),
    ids: () => graph.alive().map(({ subscriptionId }) => subscriptionId),
  };
};

const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
const modes = (keeper: SubscriptionKeeper) => keeper.status().map(({ mode, problem }) => [mode, problem?.reason]);

describe('a keeper', () => {
  it('makes one subscription to users and one to groups, catches up once, and then is quiet', async () => {
    const { keeper, graph, events, rounds, secrets, stored } = await setUp();
    const next = await keeper.tick();
    expect(graph.newCalls()).toEqual(['list', 'create /users', 'create /groups']);
    expect(await events()).toEqual(['SubscriptionCreated users-1', 'SubscriptionCreated groups-2']);
    expect(rounds).toEqual([tenantId]);
    expect(next.toISOString()).toBe('2026-11-02T00:00:00.000Z');
    expect(modes(keeper)).toEqual([
      ['notified', undefined],
      ['notified', undefined],
    ]);
    expect(keeper.known('users-1')).toEqual({
      subscriptionId: 'users-1',
      tenantId,
      resource: 'users',
      clientStateDigests: [digestOf(secrets[0]!)],
    });
    expect(keeper.known('nobody')).toBeUndefined();
    expect(JSON.stringify((await stored()).map(({ data, metadata }) => [data, metadata]))).not.toContain('secret-');
    await keeper.tick();
    expect(graph.newCalls()).toEqual([]);
    expect(rounds).toHaveLength(1);
  });

  it('still knows the secret after a restart, by its digest', async () => {
    const { keeper, open, secrets, graph } = await setUp();
    await keeper.tick();
    const again = await open();
    expect(again.known('groups-2')?.clientStateDigests).toEqual([digestOf(secrets[1]!)]);
    graph.newCalls();
    await again.tick();
    expect(graph.newCalls()).toEqual(['list']);
  });

  it('FC-33: finds out daily that one ended without a word, makes a new one and catches up', async () => {
    const { keeper, graph, events, rounds, advance } = await setUp();
    await keeper.tick();
    graph.drop('users-1');
    advance(DAY);
    await keeper.tick();
    expect((await events()).slice(2)).toEqual(['SubscriptionLost gone', 'SubscriptionCreated users-3']);
    expect(rounds).toHaveLength(2);
    expect(keeper.known('users-1')).toBeUndefined();
    expect(keeper.known('users-3')).toBeDefined();
  });

  it('FC-33: counts one as lost when its time is over, although Graph cannot be reached', async () => {
    const { keeper, graph, events, advance } = await setUp();
    await keeper.tick();
    advance(40 * DAY);
    graph.fault('list', unreachable, 9);
    graph.fault('create', unreachable, 9);
    await keeper.tick();
    expect((await events()).slice(2)).toEqual(['SubscriptionLost expired', 'SubscriptionLost expired']);
    expect(modes(keeper)).toEqual([
      ['poll-only', 'graph-unreachable'],
      ['poll-only', 'graph-unreachable'],
    ]);
  });

  it('FC-34: renews at half of the life, with back-off while that fails, and records it once it worked', async () => {
    const { keeper, graph, events, advance, passed } = await setUp();
    await keeper.tick();
    advance(15 * DAY);
    graph.newCalls();
    graph.fault('renew', unreachable, 4);
    const waits: number[] = [];
    for (let n = 0; n < 2; n += 1) {
      const wait = (await keeper.tick()).getTime() - (Date.parse('2026-11-01T00:00:00Z') + passed());
      waits.push(wait);
      advance(wait);
    }
    await keeper.tick();
    expect(graph.newCalls().filter((call) => call === 'renew users-1')).toHaveLength(3);
    expect(waits).toEqual([45_000, 90_000]);
    expect((await events()).slice(2).sort()).toEqual(['SubscriptionRenewed groups-2', 'SubscriptionRenewed users-1']);
    expect(keeper.status()[0]!.expiresAt! > '2026-12-12').toBe(true);
  });

  it('FC-34: a renewal that says 404 is a loss: create new, catch up, forget old', async () => {
    const order: string[] = [];
    const { keeper, graph, events, advance } = await setUp({
      catchUp: async () => {
        order.push(`round while users-1 is ${keeper.known('users-1') === undefined ? 'forgotten' : 'known'}`);
      },
    });
    await keeper.tick();
    advance(15 * DAY);
    graph.drop('users-1');
    await keeper.tick();
    expect((await events()).slice(2)).toEqual([
      'SubscriptionLost gone',
      'SubscriptionCreated users-3',
      'SubscriptionRenewed groups-2',
    ]);
    expect(order).toEqual(['round while users-1 is known', 'round while users-1 is known']);
    expect(keeper.known('users-1')).toBeUndefined();
  });

  it('FC-34: a refused renewal leaves the subscription alone until its end', async () => {
    const { keeper, graph, events, advance, ids } = await setUp();
    await keeper.tick();
    graph.fault('renew', forbidden, 10_000);
    for (let day = 0; day < 28; day += 1) {
      advance(DAY);
      await keeper.tick();
    }
    expect(ids()).toEqual(['users-1', 'groups-2']);
    expect(keeper.status()[0]).toMatchObject({ mode: 'notified', problem: { reason: 'graph-credentials' } });
    graph.clearFaults();
    advance(2 * DAY);
    await keeper.tick();
    expect(modes(keeper)).toEqual([
      ['notified', undefined],
      ['notified', undefined],
    ]);
    expect((await events()).slice(2)).toEqual([
      'SubscriptionLost expired',
      'SubscriptionCreated users-3',
      'SubscriptionLost expired',
      'SubscriptionCreated groups-4',
    ]);
  });

  it('FC-34: a new endpoint validation that fails is recorded once and tried again within the hour', async () => {
    const { keeper, graph, events, advance } = await setUp();
    graph.fault('create', refused('validation'), 6);
    for (let n = 0; n < 3; n += 1) {
      const due = await keeper.tick();
      expect(due.getTime()).toBeGreaterThan(0);
      advance(HOUR);
    }
    expect(await events()).toEqual(['SubscriptionLost validation', 'SubscriptionLost validation']);
    await keeper.tick();
    expect((await events()).slice(2)).toEqual(['SubscriptionCreated users-1', 'SubscriptionCreated groups-2']);
  });

  it('FC-34: the old secret stays valid while the round that catches up fails', async () => {
    let broken = false;
    const { keeper, graph, advance, secrets, open } = await setUp({
      catchUp: async () => {
        if (broken) throw new Error('no round');
      },
    });
    await keeper.tick();
    graph.drop('users-1');
    advance(DAY);
    broken = true;
    await keeper.tick();
    expect(keeper.known('users-1')?.clientStateDigests).toEqual([digestOf(secrets[0]!)]);
    const restarted = await open();
    expect(restarted.known('users-1')).toBeDefined();
    broken = false;
    await restarted.tick();
    expect(restarted.known('users-1')).toBeUndefined();
    advance(5 * MINUTE);
    await keeper.tick();
    expect(keeper.known('users-1')).toBeUndefined();
  });

  it('FC-35: renews at once when Graph asks for a new authorisation, catches up, and ignores the repeats', async () => {
    const { keeper, graph, events, rounds, advance } = await setUp();
    await keeper.tick();
    advance(HOUR);
    graph.newCalls();
    keeper.reauthorize('users-1');
    keeper.reauthorize('somebody-elses');
    await keeper.tick();
    for (let n = 0; n < 50; n += 1) keeper.reauthorize('users-1');
    await keeper.tick();
    expect(graph.newCalls()).toEqual(['renew users-1']);
    expect((await events()).slice(2)).toEqual(['SubscriptionRenewed users-1']);
    expect(rounds).toHaveLength(2);
  });

  it('FC-35: a hint that comes within ten minutes of a renewal is not lost: it is followed once they are over', async () => {
    const { keeper, graph, advance } = await setUp();
    await keeper.tick();
    graph.newCalls();
    advance(MINUTE);
    keeper.reauthorize('users-1');
    const due = await keeper.tick();
    expect(graph.newCalls()).toEqual([]);
    expect(due.toISOString()).toBe('2026-11-01T00:10:00.000Z');
    advance(9 * MINUTE);
    await keeper.tick();
    expect(graph.newCalls()).toEqual(['renew users-1']);
  });

  it('FC-40: a full quota is recorded once, seen in the status, tried again daily, and leaves the other resource alone', async () => {
    const { keeper, graph, events, advance, rounds } = await setUp();
    graph.fault('create', refused('quota'), 1);
    await keeper.tick();
    expect(modes(keeper)).toEqual([
      ['poll-only', 'quota'],
      ['notified', undefined],
    ]);
    let tries = 0;
    for (let hour = 0; hour < 30 * 24; hour += 1) {
      graph.clearFaults();
      graph.fault('create', refused('quota'), 1);
      advance(HOUR);
      await keeper.tick();
      tries += graph.newCalls().filter((call) => call === 'create /users').length;
    }
    expect(tries).toBeLessThan(60);
    expect(tries).toBeGreaterThan(25);
    expect((await events()).filter((event) => event.startsWith('SubscriptionLost'))).toEqual([
      'SubscriptionLost quota',
    ]);
    graph.clearFaults();
    advance(DAY);
    await keeper.tick();
    expect(modes(keeper)[0]).toEqual(['notified', undefined]);
    expect(rounds).toHaveLength(2);
  });

  it('a missing permission for groups leaves users notified', async () => {
    const { graph, open } = await setUp();
    const { client } = graph;
    const partial = await open({
      client: {
        ...client,
        create: (input, options) =>
          input.resource === '/groups'
            ? async () => ({ _tag: 'Left', left: refused('permission') })
            : client.create(input, options),
      },
    });
    await partial.tick();
    expect(modes(partial)).toEqual([
      ['notified', undefined],
      ['poll-only', 'permission'],
    ]);
    expect(partial.status()[1]!.problem!.retryAt).toBeDefined();
  });

  it('one whose answer was lost is found, cleared and made anew, since its secret is not known', async () => {
    const { keeper, graph, events, advance, ids } = await setUp();
    graph.fault('create', 'answer-lost');
    await keeper.tick();
    expect(await events()).toEqual(['SubscriptionCreated groups-2']);
    advance(HOUR);
    await keeper.tick();
    expect(await events()).toEqual(['SubscriptionCreated groups-2', 'SubscriptionCreated users-3']);
    expect(ids()).toEqual(['groups-2', 'users-3']);
    expect(graph.newCalls()).toContain('remove users-1');
  });

  it('one that is back in Graph’s list is taken over again', async () => {
    const { keeper, graph, events, advance, secrets } = await setUp();
    await keeper.tick();
    const before = graph.alive().find(({ subscriptionId }) => subscriptionId === 'users-1')!;
    graph.drop('users-1');
    graph.fault('create', unreachable);
    advance(DAY);
    await keeper.tick();
    graph.put(before);
    advance(HOUR);
    await keeper.tick();
    expect((await events()).slice(2)).toEqual(['SubscriptionLost gone', 'SubscriptionCreated users-1']);
    expect(keeper.known('users-1')?.clientStateDigests).toEqual([digestOf(secrets[0]!)]);
  });

  it('moves to another address by ending the old one first, since Graph allows no second', async () => {
    const { keeper, open, events, ids, graph } = await setUp();
    await keeper.tick();
    const moved = await open({ notificationUrl: 'https://new.example/hook' });
    graph.newCalls();
    await moved.tick();
    expect(graph.newCalls()).toEqual(['list', 'remove users-1', 'create /users', 'remove groups-2', 'create /groups']);
    expect((await events()).slice(2)).toEqual([
      'SubscriptionLost moved',
      'SubscriptionCreated users-3',
      'SubscriptionLost moved',
      'SubscriptionCreated groups-4',
    ]);
    expect(ids()).toEqual(['users-3', 'groups-4']);
    expect(graph.alive().every(({ notificationUrl: url }) => url === 'https://new.example/hook')).toBe(true);
  });

  it('yields to another user of the same app, says so once, and looks again the next day', async () => {
    const { keeper, graph, events, advance, ids } = await setUp();
    graph.put({
      subscriptionId: 'theirs',
      resource: 'Users',
      changeType: 'updated,deleted',
      notificationUrl: 'https://staging.example/hook',
      expiresAt: new Date(Date.parse('2026-11-01T00:00:00Z') + 2.5 * DAY).toISOString(),
      clientState: 'x',
    });
    for (let day = 0; day < 3; day += 1) {
      await keeper.tick();
      expect(modes(keeper)[0]).toEqual(['poll-only', 'occupied']);
      expect(ids()).toContain('theirs');
      advance(DAY);
    }
    await keeper.tick();
    expect(modes(keeper)[0]).toEqual(['notified', undefined]);
    expect((await events()).filter((event) => event.endsWith('occupied'))).toHaveLength(1);
  });

  it('two processes of one tenant agree: the facts of both are recorded, one subscription remains', async () => {
    const { keeper, open, events, ids, advance } = await setUp();
    const other = await open();
    await Promise.all([keeper.tick(), other.tick()]);
    for (let day = 0; day < 3; day += 1) {
      advance(DAY);
      await keeper.tick();
      await other.tick();
    }
    expect(ids()).toHaveLength(2);
    const known = ids().map((id) => [keeper.known(id) !== undefined, other.known(id) !== undefined]);
    expect(known).toEqual([
      [true, true],
      [true, true],
    ]);
    expect((await events()).length).toBeLessThanOrEqual(8);
  });

  it('waits as long as Graph asks', async () => {
    const { keeper, graph } = await setUp();
    graph.fault('list', { _tag: 'GraphThrottled', retryAt: '2026-11-01T05:00:00.000Z' }, 2);
    expect((await keeper.tick()).toISOString()).toBe('2026-11-01T05:00:00.000Z');
    expect(modes(keeper)[0]).toEqual(['poll-only', 'throttled']);
  });

  it('refuses an address Graph would not call', async () => {
    for (const url of ['http://host.example/x', 'host.example', 'https://user@host.example/x', 'ftp://127.0.0.1/x']) {
      await expect(setUp({ notificationUrl: url }), url).rejects.toThrow(/^notifications\.publicUrl must be/);
    }
    await expect(setUp({ notificationUrl: 'http://127.0.0.1:8080/x' })).resolves.toBeDefined();
  });

  it('ends at once when it is told to, and appends nothing on a quiet day', async () => {
    const controller = new AbortController();
    let naps = 0;
    let at = Date.parse('2026-11-01T00:00:00Z');
    const set = await setUp();
    await set.keeper.tick();
    const quiet = await set.open({
      world: {
        now: () => new Date(at),
        random: () => 0.5,
        sleep: async (ms) => {
          at += ms;
          naps += 1;
          if (naps === 24) controller.abort();
        },
      },
    });
    await quiet.run(controller.signal);
    expect(at - Date.parse('2026-11-01T00:00:00Z')).toBe(DAY);
    expect(await set.events()).toHaveLength(2);
  });

  it('a hint wakes a keeper that sleeps', async () => {
    const set = await setUp();
    await set.keeper.tick();
    set.advance(HOUR);
    const controller = new AbortController();
    let woken = false;
    const keeper = await set.open({
      world: {
        now: () => new Date(Date.parse('2026-11-01T02:00:00Z')),
        random: () => 0.5,
        sleep: (_ms, signal) =>
          new Promise((_resolve, reject) => {
            if (woken) controller.abort();
            signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
            if (signal?.aborted === true) reject(new Error('aborted'));
            woken = true;
            queueMicrotask(() => keeper.reauthorize('users-1'));
          }),
      },
    });
    await keeper.run(controller.signal);
    expect(await set.events()).toContain('SubscriptionRenewed users-1');
  });

  it('goes on after the log failed', async () => {
    const set = await setUp();
    let broken = true;
    const log: EventLog = {
      ...set.log,
      append: (...args) =>
        broken
          ? async () => ({ _tag: 'Left', left: { _tag: 'LogUnavailable', cause: 'disk' } })
          : set.log.append(...args),
    };
    const keeper = await set.open({ log });
    await expect(keeper.tick()).rejects.toThrow(/event log/);
    broken = false;
    set.advance(HOUR);
    await keeper.tick();
    expect(modes(keeper)).toEqual([
      ['notified', undefined],
      ['notified', undefined],
    ]);
    expect(set.ids()).toHaveLength(2);
  });
});

describe('whatever happens', () => {
  const call = fc.constantFrom('list', 'create', 'renew', 'remove' as const);
  const failure = fc.constantFrom(
    unreachable,
    forbidden,
    'answer-lost' as const,
    refused('quota'),
    refused('validation'),
    refused('permission'),
  );
  const step = fc.oneof(
    fc.record({ kind: fc.constant('fault' as const), call, failure }),
    fc.record({ kind: fc.constant('time' as const), hours: fc.integer({ min: 1, max: 24 * 16 }) }),
    fc.record({ kind: fc.constant('drop' as const), nth: fc.nat(3) }),
    fc.record({ kind: fc.constant('restart' as const) }),
    fc.record({ kind: fc.constant('hint' as const), nth: fc.nat(3) }),
  );

  it('FC-34: there are never more than two for a resource, and when faults end one of each is live and known', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { graph, open, advance, ids, secrets } = await setUp();
        let keeper = await open();
        for (const each of steps) {
          if (each.kind === 'fault') {
            // Graph refuses to make one, and nothing else, for these reasons.
            const odd = typeof each.failure === 'object' && each.failure._tag === 'SubscriptionRefused';
            if (!odd || each.call === 'create') graph.fault(each.call, each.failure);
          } else if (each.kind === 'time') advance(each.hours * HOUR);
          else if (each.kind === 'drop') graph.drop(ids()[each.nth] ?? '');
          else if (each.kind === 'hint') keeper.reauthorize(ids()[each.nth] ?? '');
          else keeper = await open();
          await keeper.tick();
        }
        graph.clearFaults();
        for (let day = 0; day < 3; day += 1) {
          advance(DAY);
          await keeper.tick();
        }
        expect(graph.most()).toBeLessThanOrEqual(2);
        const live = graph.alive();
        expect(live.map(({ resource }) => resource).sort()).toEqual(['groups', 'users']);
        for (const { subscriptionId, clientState } of live) {
          expect(secrets).toContain(clientState);
          expect(keeper.known(subscriptionId)?.clientStateDigests).toEqual([digestOf(clientState)]);
        }
        expect(modes(keeper)).toEqual([
          ['notified', undefined],
          ['notified', undefined],
        ]);
      }),
      { numRuns: 150 },
    );
  });
});
