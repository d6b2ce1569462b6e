import { credentialExpiry } from '@learnamp/directory-sync-graph';
import { realWorld } from '../default-world.js';
import { tellLiveness } from '../connection/live.js';
import { DirectorySyncError, type DirectorySync, type Liveness } from '../directory-sync.js';
import { makeTurns } from '../record/turns.js';
import { makeNotificationHandler } from '../notifications/notification-handler.js';
import { checkNotificationUrl } from '../subscriptions/check-notification-url.js';
import { makeAlerts } from './alerts.js';
import { makeExpiryAlarms } from './expiry-alarms.js';
import { callHost } from './call-host.js';
import { conditionsOf, undecidedOf } from './conditions.js';
import { openConnectionRunner, type ConnectionRunner } from './connection-runner.js';
import { makeFairSlots } from './fair-slots.js';
import { foundByPoll } from './found-changes.js';
import { livenessOf } from './liveness.js';
import { offerHead } from './offer-head.js';
import { isPort, openMember, PATIENCE_MS, type OpenMember } from './open-member.js';
import type { Alert, ConnectionOptions, EngineWorld, SyncEngine, SyncEngineOptions } from './sync-engine.js';
import { makeTenantRunner, type Seat, type TenantRunner } from './tenant-runner.js';
import { quietTelemetry } from '../telemetry/telemetry.js';
import { intakeReadings } from '../telemetry/intake-readings.js';
import { makeTicker } from './ticker.js';
import { causeInLog } from '../telemetry/error-type.js';

const REQUESTS_AT_ONCE = 64;
const POLL_SECONDS = 300;
const FULL_SYNC_HOURS = 24;
const DEADLINE_MS = 30_000;
const WATCH_EVERY_MS = 2_000;
const BEAT_EVERY_MS = 10_000;
/** Connections that begin together begin so far apart. */
const SPREAD_MS = 25;

type Member = {
  readonly options: ConnectionOptions;
  readonly open: OpenMember;
  readonly seat: Seat;
  readonly tenant: TenantRunner;
  readonly runner: ConnectionRunner;
  readonly pollMs: number;
  readonly alerts: ReturnType<typeof makeAlerts>;
  readonly expiry: ReturnType<typeof makeExpiryAlarms>;
  /** Since when notifications are in trouble. */
  problemSince: number | undefined;
  readonly directorySync: DirectorySync;
};

/** Opens an engine without connections; it does nothing until `start`. Throws one sentence where an address cannot be one. */
export const openSyncEngine = (options: SyncEngineOptions): SyncEngine => {
  const { stores, notifications, logger, telemetry = quietTelemetry } = options;
  if (notifications !== undefined) {
    checkNotificationUrl(notifications.publicUrl);
    checkNotificationUrl(notifications.lifecycleUrl ?? notifications.publicUrl);
  }
  const requestsAtOnce = options.requestsAtOnce ?? REQUESTS_AT_ONCE;
  const real = realWorld({ connections: requestsAtOnce });
  const world: EngineWorld = { ...real.world, ...options.world, governor: undefined };
  const slots = makeFairSlots(requestsAtOnce);
  const members = new Map<string, Member>();
  /** By connection the tenant of those that are not members yet. */
  const opening = new Map<string, string>();
  const tenants = new Map<string, TenantRunner>();
  /** By tenant: what connections share is opened and closed by one of them at a time. */
  const turns = new Map<string, ReturnType<typeof makeTurns>>();
  let started = false;
  let stopping: Promise<void> | undefined;

  // Behind a call, since it may become so while something is waited for.
  const wasStopped = (): boolean => stopping !== undefined;
  const stoppedError = () => new DirectorySyncError('stopped', 'The engine was stopped.');
  /** What cannot be closed keeps nothing else open. */
  const tried = (work: Promise<unknown>): Promise<unknown> =>
    work.catch((cause: unknown) =>
      logger?.warn({ cause: causeInLog(cause) }, 'Something could not be ended as it should.'),
    );
  const inTurn = <A>(tenantId: string, run: () => Promise<A>): Promise<A> => {
    const turn = turns.get(tenantId) ?? makeTurns();
    turns.set(tenantId, turn);
    return turn(run);
  };
  const onHostFailure = (cause: unknown) =>
    logger?.warn({ cause: causeInLog(cause) }, 'What the host was told, it failed on.');
  /** The host hears of it twice where it is both: the one who embeds the engine, and Learn Amp itself. */
  const alertOf =
    ({ learnAmp }: ConnectionOptions) =>
    (condition: Alert): void => {
      callHost(() => options.alert?.(condition), onHostFailure);
      if (isPort(learnAmp)) callHost(() => learnAmp.alert?.(condition), onHostFailure);
    };

  const tenantOf = (tenantId: string): TenantRunner => {
    const known = tenants.get(tenantId);
    if (known !== undefined) return known;
    const fetch = slots.sharing(`tenant:${tenantId}`, world.fetch);
    const share = (connectionId: string) => slots.sharing(connectionId, world.fetch);
    const shared = { stores, notifications, logger, telemetry, share };
    const tenant = makeTenantRunner({ tenantId, ...shared, world: { ...world, fetch } });
    tenants.set(tenantId, tenant);
    return tenant;
  };
  const ownerOf = (subscriptionId: string) => {
    for (const tenant of tenants.values()) {
      const found = tenant.known(subscriptionId);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const handler = makeNotificationHandler({
    inbox: stores.inbox,
    known: ownerOf,
    onMarked: (tenantId) => tenants.get(tenantId)?.marked(),
    onLifecycle: (tenantId, subscriptionId) => tenants.get(tenantId)?.reauthorize(subscriptionId),
    now: world.now,
    logger,
  });

  const unwatch = telemetry.watch(() => intakeReadings(handler.counters()));

  const livenessNow = ({ runner, seat, tenant }: Member): Liveness => {
    const seen = { now: world.now().getTime(), throttledUntil: seat.throttledUntil(), webhook: tenant.webhook() };
    return livenessOf(runner, seen);
  };
  const tellNow = (member: Member): Promise<void> => {
    const { cache, connectionId } = member.open.connection.options;
    return tellLiveness(cache, connectionId, livenessNow(member), world.now());
  };
  const beat = async (member: Member): Promise<void> => {
    const { runner, tenant, pollMs, alerts } = member;
    await tellNow(member);
    const isFirst = runner.memory().latest === undefined && runner.isBusy();
    const resting = runner.isPaused() || isFirst;
    const now = world.now().getTime();
    member.problemSince = tenant.webhook().problem === null ? undefined : (member.problemSince ?? now);
    const { problemSince } = member;
    const linkDaysLeft = runner.linkDaysLeft();
    const conditions = conditionsOf(runner.memory(), { now, pollMs, resting, problemSince, linkDaysLeft });
    await alerts.consider(conditions, undecidedOf(runner.memory(), problemSince, now));
    await member.expiry.consider();
  };
  const allOf = async (looks: ReadonlyArray<Promise<void>>): Promise<void> => {
    for (const ended of await Promise.allSettled(looks))
      if (ended.status === 'rejected')
        logger?.warn({ cause: causeInLog(ended.reason) }, 'A look at the connections failed.');
  };
  // Apart: a log that answers nobody holds up the looks at it, and lets no other connection seem dead meanwhile.
  const tickers = [
    makeTicker(world, WATCH_EVERY_MS, () => allOf([...members.values()].map(({ runner }) => runner.watch()))),
    makeTicker(world, BEAT_EVERY_MS, () =>
      allOf([...[...members.values()].map(beat), ...[...tenants.values()].map((tenant) => tenant.beat())]),
    ),
  ];

  const letGo = async (member: Member): Promise<void> => {
    const { connectionId, tenantId } = member.options;
    await member.runner.stop();
    members.delete(connectionId);
    await tried(tellNow(member));
    await tried(member.open.close());
    await leave(tenantId, connectionId);
  };
  const leave = async (tenantId: string, connectionId: string): Promise<void> => {
    const tenant = tenants.get(tenantId);
    if (tenant === undefined || (await tenant.leave(connectionId))) return;
    tenants.delete(tenantId);
    await tenant.stop();
    await tried(tenant.close());
  };
  const remove = async (connectionId: string): Promise<void> => {
    const tenantId = members.get(connectionId)?.options.tenantId ?? opening.get(connectionId);
    if (tenantId === undefined) return;
    members.get(connectionId)?.runner.abort();
    await inTurn(tenantId, async () => {
      const member = members.get(connectionId);
      member?.runner.abort();
      if (member !== undefined) await letGo(member);
    });
  };

  const makeRunner = (connection: ConnectionOptions, open: OpenMember, seat: Seat, tenant: TenantRunner) => {
    const { connectionId } = connection;
    const { pollSeconds = POLL_SECONDS, fullSyncHours = FULL_SYNC_HOURS } = connection.schedule ?? {};
    const runner = openConnectionRunner({
      connection: open.connection,
      pollMs: pollSeconds * 1_000,
      fullEveryMs: fullSyncHours * 3_600_000,
      world,
      seat,
      onCycle: (cycle) => {
        if (foundByPoll(cycle.report)) tenant.found();
        const member = members.get(connectionId);
        // Who looks from another process need not wait for the next heartbeat to see that it is over.
        if (member !== undefined) void tried(runner.idle().then(() => tellNow(member)));
        callHost(() => options.onCycle?.(cycle), onHostFailure);
        void tried(
          offerHead(open.connection, cycle.report, (offered) =>
            callHost(() => options.onHead?.(offered), onHostFailure),
          ),
        );
      },
    });
    return { runner, pollMs: pollSeconds * 1_000 };
  };

  const open = async (connection: ConnectionOptions): Promise<DirectorySync> => {
    const { connectionId, tenantId, graph } = connection;
    if (stopping !== undefined) throw stoppedError();
    const tenant = tenantOf(tenantId);
    const patient = { ...graph, tenantId, patienceMs: graph.patienceMs ?? PATIENCE_MS, waitsAsTold: true };
    const seat = await tenant.join(connectionId, patient);
    const opened = await openMember(connection, { stores, logger, telemetry, world, slots, seat }).catch(
      async (error: unknown) => {
        await leave(tenantId, connectionId);
        throw error;
      },
    );
    if (wasStopped()) {
      await tried(opened.close());
      await leave(tenantId, connectionId);
      throw stoppedError();
    }
    const { runner, pollMs } = makeRunner(connection, opened, seat, tenant);
    const { cache } = opened.connection.options;
    const told = { connectionId, cache, alert: alertOf(connection), now: world.now };
    const alerts = makeAlerts(told);
    const expiry = makeExpiryAlarms({ ...told, expiry: () => credentialExpiry(graph.auth) });
    const directorySync = { ...runner.directorySync, close: () => remove(connectionId) };
    const member: Member = {
      problemSince: undefined,
      options: connection,
      open: opened,
      seat,
      tenant,
      runner,
      pollMs,
      alerts,
      expiry,
      directorySync,
    };
    tenant.attach(connectionId, runner);
    members.set(connectionId, member);
    if (started) begin(member, 0);
    return directorySync;
  };
  const begin = ({ runner, tenant }: Member, delayMs: number): void => {
    runner.start(delayMs);
    tenant.start();
  };

  const stopAll = async (deadlineMs: number): Promise<void> => {
    const running = [...members.values()];
    const ended = new AbortController();
    const deadline = world
      .sleep(deadlineMs, ended.signal)
      .then(() => running.forEach(({ runner }) => runner.abort()))
      .catch(() => undefined);
    const stopped = Promise.all([
      ...running.map(({ runner }) => runner.stop()),
      ...[...tenants.values()].map((tenant) => tenant.stop()),
      ...tickers.map((ticker) => ticker.stop()),
    ]);
    await stopped.finally(() => ended.abort());
    await deadline;
    // Whatever is being added is refused by now, and whatever is being removed ends first.
    for (const [tenantId, turn] of turns)
      await turn(async () => {
        for (const member of members.values()) if (member.options.tenantId === tenantId) await letGo(member);
      });
    unwatch();
    for (const store of Object.values(stores)) await tried(store.close());
    await tried(real.close());
  };

  return {
    add: async (connection) => {
      const { connectionId } = connection;
      if (stopping !== undefined) throw stoppedError();
      if (opening.has(connectionId) || members.has(connectionId))
        throw new TypeError(`The connection ${connectionId} was added already.`);
      opening.set(connectionId, connection.tenantId);
      return inTurn(connection.tenantId, () => open(connection)).finally(() => opening.delete(connectionId));
    },
    remove,
    connection: (connectionId) => members.get(connectionId)?.directorySync,
    start: () => {
      if (started || stopping !== undefined) return;
      started = true;
      [...members.values()].forEach((member, index) => begin(member, index * SPREAD_MS));
      for (const ticker of tickers) ticker.start();
    },
    stop: ({ deadlineMs = DEADLINE_MS } = {}) => (stopping ??= stopAll(deadlineMs)),
    status: () => Promise.all([...members.values()].map(({ directorySync }) => directorySync.status())),
    forgetToken: (tenantId) => tenants.get(tenantId.toLowerCase())?.forgetToken(),
    handler,
  };
};
