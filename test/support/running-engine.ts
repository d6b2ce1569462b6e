import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  decodePreferences,
  openSyncEngine,
  toNodeListener,
  type Alert,
  type ConnectionOptions,
  type DirectorySync,
  type EventView,
  type Stores,
  type SyncEngine,
  type SyncEngineOptions,
  type SyncReport,
} from '@learnamp/directory-sync';
import { startSimulator, type GraphServerOptions, type Simulator } from '@learnamp/directory-sync-simulator';
import * as E from 'fp-ts/lib/Either.js';
import { onTestFinished } from 'vitest';
import { lastingStores } from './lasting-stores.js';
import { graphSettingsOf, idOf, learnAmpSettingsOf } from './simulator-settings.js';
import { calm, nobody, personNamed } from './stage.js';
import { makeVirtualTime, type VirtualTime } from './virtual-time.js';

/** A company with its two systems, in the virtual time of the test. */
export const openCompany = async (
  time: VirtualTime,
  seed = 1,
  graph: GraphServerOptions = calm,
): Promise<Simulator> => {
  const simulator = await startSimulator({ seed, company: nobody, graph, now: time.now });
  onTestFinished(() => simulator.close());
  return simulator;
};

/** A person in the scope group. */
export const hire = ({ directory }: Simulator, name: string): string => {
  const userId = directory.addUser(personNamed(name));
  directory.addMember(directory.scopeGroupId, userId);
  return userId;
};

export const connectionTo = (
  simulator: Simulator,
  more: Partial<ConnectionOptions> & { readonly wishes?: Readonly<Record<string, unknown>> } = {},
): ConnectionOptions => {
  const { wishes = {}, ...parts } = more;
  const preferences = decodePreferences(wishes, 'preferences');
  if (E.isLeft(preferences)) throw new Error(JSON.stringify(preferences.left));
  return {
    connectionId: 'fabrikam',
    tenantId: idOf(simulator.tenantId),
    groupId: idOf(simulator.scopeGroupId),
    preferences: preferences.right,
    graph: graphSettingsOf(simulator, undefined),
    learnAmp: learnAmpSettingsOf(simulator, preferences.right.externalId, undefined),
    settings: {
      graphBaseUrl: simulator.graphUrl,
      graphCredential: 'client-secret test',
      learnAmpBaseUrl: simulator.learnAmpUrl,
    },
    ...parts,
  };
};

export { lastingStores };

export type Running = {
  readonly time: VirtualTime;
  readonly stores: Stores;
  readonly engine: SyncEngine;
  /** Cycles in the order they ended. */
  readonly cycles: ReadonlyArray<SyncReport>;
  readonly alerts: ReadonlyArray<Alert>;
  /** Posts to the handler what Graph would post for the subscriptions of a tenant: one item, about a user. */
  readonly notify: (simulator: Simulator) => Promise<Response>;
};

/** Hands requests to the simulator that has the address. */
const networkOf =
  (simulators: ReadonlyArray<Simulator>): typeof globalThis.fetch =>
  (input, init) => {
    const { origin } = new URL(input instanceof Request ? input.url : input);
    const owner = simulators.find(({ graphUrl, learnAmpUrl }) =>
      [graphUrl, learnAmpUrl].some((url) => url.startsWith(origin)),
    );
    return owner === undefined ? Promise.reject(new TypeError('fetch failed')) : owner.fetch(input, init);
  };

export type RunningOptions = Omit<Partial<SyncEngineOptions>, 'world' | 'stores' | 'notifications'> & {
  /** Served on loopback, where the simulator's handshake finds it. Default: none, the connections are polled. */
  readonly notified?: boolean;
  readonly time?: VirtualTime;
  readonly stores?: Stores;
  readonly random?: () => number;
};

/** Serves what is put into `handler` later: the address must be known before the engine is. */
const openEndpoint = async () => {
  let handler: SyncEngine['handler'] | undefined;
  const server = createServer(
    toNodeListener((request) => handler?.(request) ?? Promise.resolve(new Response(null, { status: 503 }))),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return {
    publicUrl: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/notifications`,
    serve: (by: SyncEngine['handler']) => {
      handler = by;
    },
  };
};

/** An engine in virtual time over simulators whose answers need no sockets. */
export const openRunning = async (
  simulators: ReadonlyArray<Simulator>,
  options: RunningOptions = {},
): Promise<Running> => {
  const { time = makeVirtualTime(), stores = lastingStores(), random = () => 0.5, notified = false, ...more } = options;
  const endpoint = notified ? await openEndpoint() : undefined;
  const cycles: SyncReport[] = [];
  const alerts: Alert[] = [];
  let ids = 0;
  const engine = openSyncEngine({
    stores,
    alert: (alert) => alerts.push(alert),
    onCycle: ({ report }) => cycles.push(report),
    ...more,
    ...(endpoint === undefined ? {} : { notifications: { publicUrl: endpoint.publicUrl } }),
    world: {
      now: time.now,
      sleep: time.sleep,
      random,
      newId: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
      fetch: time.counting(networkOf(simulators)),
    },
  });
  endpoint?.serve(engine.handler);
  onTestFinished(() => stopped(time, engine));
  return {
    time,
    stores,
    engine,
    cycles,
    alerts,
    notify: async (simulator) => {
      const [subscription] = simulator.subscriptions.list();
      if (subscription === undefined) throw new Error('There is no subscription.');
      const item = {
        subscriptionId: subscription.id,
        clientState: subscription.clientState,
        tenantId: simulator.tenantId,
        subscriptionExpirationDateTime: subscription.expirationDateTime,
        changeType: 'updated',
        resource: 'Users/72b08237-30f1-4fbe-be57-1df593448f7a',
        resourceData: { id: '72b08237-30f1-4fbe-be57-1df593448f7a' },
      };
      return engine.handler(
        new Request(subscription.notificationUrl, { method: 'POST', body: JSON.stringify({ value: [item] }) }),
      );
    },
  };
};

/** Stops while time passes: what waits for a deadline gets it. */
export const stopped = async (time: VirtualTime, engine: SyncEngine, deadlineMs = 10_000): Promise<void> => {
  let done = false;
  const stopping = engine.stop({ deadlineMs }).finally(() => (done = true));
  await time.until(() => done, 600_000);
  await stopping;
};

/** Runs something while time passes. */
export const during = async <A>(time: VirtualTime, work: Promise<A>, withinMs = 3_600_000): Promise<A> => {
  let done = false;
  const settled = work.finally(() => (done = true));
  settled.catch(() => undefined);
  await time.until(() => done, withinMs);
  return settled;
};

export const eventsOf = async (
  sync: Pick<DirectorySync, 'events'> | undefined,
  ...types: ReadonlyArray<string>
): Promise<ReadonlyArray<EventView>> => {
  const found: EventView[] = [];
  for await (const event of sync?.events(types.length === 0 ? {} : { types }) ?? []) found.push(event);
  return found;
};
