import * as E from 'fp-ts/lib/Either.js';
import { afterEach, describe, expect, it } from 'vitest';
import { openDirectorySource } from '../open-microsoft-graph.js';
import { user } from '../testing/ids.js';
import { closeAll, openScriptedTransport, openServer } from '../testing/scripted-graph.js';
import type { Asked, Reply } from '../testing/scripted-server.js';
import { makeGovernor } from './governor.js';

afterEach(closeAll);

const choices = { customAttributes: [] };
const count: Reply = { text: '7' };

describe('a transport shared by several readers', () => {
  it('signs in once for all of them, and counts the requests of each', async () => {
    const login = await openServer(() => ({ json: { token_type: 'Bearer', expires_in: 3599, access_token: 'tok' } }));
    const { transport } = await openScriptedTransport(() => count, {}, login);
    const [one, two] = [openDirectorySource(transport, choices), openDirectorySource(transport, choices)];
    await Promise.all([one.countUsers()(), two.countUsers()(), two.countUsers()()]);
    expect(login.asked).toHaveLength(1);
    expect([one.requestCount(), two.requestCount()]).toEqual([1, 2]);
    expect(transport.governor.snapshot().requests).toBe(3);
  });

  it('FC-69: makes all of them wait when one is told to, and nobody of another tenant', async () => {
    const script = (_asked: Asked, nth: number): Reply =>
      nth === 1 ? { status: 429, headers: { 'retry-after': '600' } } : count;
    const { transport, server } = await openScriptedTransport(script);
    const [one, two] = [openDirectorySource(transport, choices), openDirectorySource(transport, choices)];
    const throttled = E.left({ _tag: 'GraphThrottled', retryAt: '2026-11-24T10:10:00.000Z' });
    expect(await one.countUsers()()).toEqual(throttled);
    expect(await two.countUsers()()).toEqual(throttled);
    expect(server.asked).toHaveLength(1);
    const other = await openScriptedTransport(() => count);
    expect(await openDirectorySource(other.transport, choices).countUsers()()).toEqual(E.right(7));
    expect(other.world.slept).toEqual([]);
  });

  it('FC-69: two transports of one tenant share a governor that is given to both', async () => {
    const first = await openScriptedTransport(() => ({ status: 429, headers: { 'retry-after': '60' } }));
    const governor = makeGovernor(first.world);
    const throttling = await openScriptedTransport(
      () => ({ status: 429, headers: { 'retry-after': '60' } }),
      {},
      undefined,
      governor,
    );
    const well = await openScriptedTransport(() => count, {}, undefined, governor);
    await openDirectorySource(throttling.transport, choices).countUsers()();
    expect(await openDirectorySource(well.transport, choices).countUsers()()).toMatchObject(
      E.left({ _tag: 'GraphThrottled' }),
    );
    expect(well.server.asked).toEqual([]);
  });

  it('FC-71: a wait told to one item of a batch holds for every reader', async () => {
    const { transport, world } = await openScriptedTransport((asked, nth) => {
      if (!asked.url.endsWith('/$batch')) return count;
      const { requests } = JSON.parse(asked.body) as { requests: ReadonlyArray<{ id: string }> };
      const headers = { 'Retry-After': '20', 'x-ms-resource-unit': '1', 'x-ms-throttle-limit-percentage': '1.1' };
      return {
        json: {
          responses: requests.map(({ id }) =>
            nth === 1 ? { id, status: 429, headers } : { id, status: 404, headers: { 'x-ms-resource-unit': 1 } },
          ),
        },
      };
    });
    const [one, two] = [openDirectorySource(transport, choices), openDirectorySource(transport, choices)];
    const reading = one.readProfiles([user(1), user(2)])();
    expect(await reading).toMatchObject(E.right([{ _tag: 'NotFound' }, { _tag: 'NotFound' }]));
    expect(await two.countUsers()()).toEqual(E.right(7));
    expect(world.slept.slice(0, 1)).toEqual([20_000]);
    expect(transport.governor.snapshot()).toMatchObject({ throttled: 2, resourceUnits: { total: 6 } });
  });

  it('FC-70: a storm at the service is felt by one request at a time, and nothing is sent while it pauses', async () => {
    const { transport, server, world } = await openScriptedTransport(() => ({ status: 503 }));
    const source = openDirectorySource(transport, choices);
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => source.countUsers()()));
    expect(outcomes.every(E.isLeft)).toBe(true);
    // Each alone would have tried eight times within its 30 s; together they soon go one by one.
    expect(server.asked.length).toBeLessThan(10 * 8);
    expect(transport.governor.snapshot()).toMatchObject({ inFlight: 0 });
    expect(world.slept.length).toBeGreaterThan(0);
  });

  it('what is aborted says nothing about Graph', async () => {
    const controller = new AbortController();
    const { transport } = await openScriptedTransport(() => {
      controller.abort();
      return { silent: true };
    });
    const source = openDirectorySource(transport, choices);
    expect(await source.countUsers({ signal: controller.signal })()).toEqual(E.left({ _tag: 'GraphAborted' }));
    expect(transport.governor.snapshot()).toMatchObject({ requests: 1, inFlight: 0, failuresInARow: 0 });
  });

  it('says low and high priority in the header Graph reads, and nothing for normal work', async () => {
    const { transport, server } = await openScriptedTransport((asked) =>
      asked.url.endsWith('/$batch')
        ? { json: { responses: [{ id: '1', status: 404 }] } }
        : { text: '7', headers: { 'x-ms-resource-unit': '2' } },
    );
    const source = openDirectorySource(transport, choices);
    await source.countUsers({ priority: 'low' })();
    await source.countUsers({ priority: 'high' })();
    await source.countUsers({ priority: 'normal' })();
    await source.countUsers()();
    await source.readProfiles([user(1)], { priority: 'low' })();
    expect(server.asked.map(({ headers }) => headers['x-ms-throttle-priority'])).toEqual([
      'Low',
      'High',
      undefined,
      undefined,
      'Low',
      'Low',
    ]);
    expect(transport.governor.snapshot().resourceUnits.total).toBe(8);
  });

  it('goes on when one reader is closed, and ends all when it is closed itself', async () => {
    const { transport } = await openScriptedTransport((_asked, nth) => {
      if (nth > 1) return count;
      void one.close();
      return { silent: true };
    });
    const [one, two] = [openDirectorySource(transport, choices), openDirectorySource(transport, choices)];
    expect(await one.countUsers()()).toEqual(E.left({ _tag: 'GraphAborted' }));
    expect(E.isRight(await two.countUsers()())).toBe(true);
    await transport.close();
    expect(await two.countUsers()()).toEqual(E.left({ _tag: 'GraphAborted' }));
    expect(await openDirectorySource(transport, choices).countUsers()()).toEqual(E.left({ _tag: 'GraphAborted' }));
  });
});
