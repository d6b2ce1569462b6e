import type { Command, ObjectId } from '@learnamp/directory-sync-domain';
import { mappedAttributes, standardAttributes } from '@learnamp/directory-sync-domain';
import type { KeyStore } from '@learnamp/directory-sync-event-sourcing';
import { makeMemoryKeyStore, timeOrderedId } from '@learnamp/directory-sync-event-sourcing';
import { randomBytes } from 'node:crypto';
import { checkIdentity, identityEvents, recordablePreferences } from './connection-identity.js';
import { runCycle, type CycleResult } from './cycle.js';
import type {
  Actor,
  DirectorySync,
  DirectorySyncOptions,
  Logger,
  Preview,
  ReplayStep,
  Status,
  SyncOptions,
  SyncReport,
  World,
} from './directory-sync.js';
import { DirectorySyncError } from './directory-sync.js';
import { makeLinkCache, readOnlyLinkCache } from './link-cache.js';
import type { CycleContext } from './observe/cycle-context.js';
import { attributesTaken, makeLeftOutCache } from './observe/left-out.js';
import { foldStream, openStream } from './open-stream.js';
import { makePreviewPort } from './preview-port.js';
import { makeRecorder, makeShadowRecorder, type Header, type Pending, type Recorder } from './record/recorder.js';
import { asPreviewed, attentionOf, commandCounts, exitCodeOf, notesOf, peopleCounts } from './report.js';
import { makeEngineState, type EngineState } from './state/engine-state.js';
import { stateDigest } from './state/state-digest.js';
import { version } from './version.js';
import { describeCommand } from './views/describe-command.js';
import { eventViews } from './views/event-view.js';
import { parkedPeople, personView, reachOf } from './views/person-view.js';
import { replaySteps } from './views/replay-steps.js';
import { standingAttention } from './views/standing.js';
import { notRunning, statusOf } from './views/status-view.js';

const quiet: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const CONCURRENCY = 6;

/**
 * One connection's engine over an open log, key store, directory and Learn Amp.
 *
 * @example
 * const engine = createDirectorySync({ connectionId, tenantId, groupId, preferences, ...stores, directory, learnAmp, settings });
 * const report = await engine.sync();
 * await engine.close();
 */
export const createDirectorySync = (options: DirectorySyncOptions): DirectorySync => {
  const now = options.world?.now ?? (() => new Date());
  // Ids in the order of time keep the log's id index compact: three times the append rate of random ones on a large file.
  const world: World = { now, newId: options.world?.newId ?? (() => timeOrderedId(now(), randomBytes(10))) };
  const logger = options.logger ?? quiet;
  const stream = openStream(options, world);
  const links = makeLinkCache(options.cache, options.connectionId);
  const attributes = [...standardAttributes, ...mappedAttributes(options.preferences)];
  const leftOut = makeLeftOutCache(options.cache, options.connectionId);
  const lastSyncKey = `last-sync:${options.connectionId}`;
  const freshnessKey = `freshness:${options.connectionId}`;

  let opened: Promise<{ state: EngineState; recorder: Recorder }> | undefined;
  let tail: Promise<unknown> = Promise.resolve();

  /** Folds the log once; a fold that failed is tried again by the next call. */
  const open = (onEvents?: (count: number) => void) => {
    opened ??= (async () => {
      const state = await foldStream(stream, onEvents);
      checkIdentity(options, state.connection());
      return { state, recorder: makeRecorder({ stream, state, newId: world.newId }) };
    })().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };

  const headerOf = async (state: EngineState, keys: KeyStore, sync: SyncOptions): Promise<Header> => {
    const preferences = await recordablePreferences(options, keys);
    return (epoch) => headerEvents(state, preferences, epoch, sync);
  };

  const headerEvents = (
    state: EngineState,
    preferences: Readonly<Record<string, unknown>>,
    epoch: number,
    sync: SyncOptions,
  ): ReadonlyArray<Pending> => {
    const actor = sync.actor ?? 'unknown';
    const engine: ReadonlyArray<Pending> =
      state.connection().epoch === epoch ? [] : [{ type: 'EngineStarted', data: { epoch, version } }];
    return [
      ...identityEvents(options, state.connection(), preferences, actor),
      ...engine,
      ...(sync.actor === undefined ? [] : [{ type: 'SyncRequested' as const, data: { actor } }]),
      { type: 'SyncStarted', data: { trigger: sync.full === true ? 'full' : 'manual' } },
    ];
  };

  const contextOf = (
    state: EngineState,
    recorder: Recorder,
    sync: SyncOptions,
    shadow: Partial<CycleContext>,
  ): CycleContext => ({
    connectionId: options.connectionId,
    groupId: options.groupId,
    preferences: options.preferences,
    tracked: () => attributesTaken(attributes, options.directory.leftOut()),
    leftOut,
    state,
    recorder,
    directory: options.directory,
    learnAmp: options.learnAmp,
    full: sync.full === true,
    now: world.now,
    newId: world.newId,
    logger,
    progress: sync.onProgress ?? (() => undefined),
    signal: sync.signal,
    clock: { graphTime: undefined },
    read: { groups: 0 },
    unreadable: new Set(),
    links,
    ...shadow,
  });

  const measure = () => {
    const startedAt = world.now();
    const graph = options.directory.requestCount();
    const learnAmp = options.learnAmp.requestCount();
    return (
      recorder: Pick<Recorder, 'counts'>,
      state: EngineState,
      result: CycleResult,
      sync: SyncOptions,
    ): SyncReport => {
      const finishedAt = world.now();
      const attention = attentionOf(state, result.plans, result.unreadable);
      const notes = notesOf(result.plans);
      const { error } = result;
      return {
        ok: error === undefined,
        exitCode: error === undefined ? exitCodeOf(state, attention) : 1,
        connectionId: options.connectionId,
        trigger: sync.full === true ? 'full' : 'manual',
        startedAt: startedAt.toISOString(),
        finishedAt: finishedAt.toISOString(),
        durationMs: finishedAt.getTime() - startedAt.getTime(),
        requests: {
          graph: options.directory.requestCount() - graph,
          learnAmp: options.learnAmp.requestCount() - learnAmp,
        },
        events: recorder.counts(),
        commands: commandCounts(result.tally, state, result.plans.values()),
        people: peopleCounts(state, attention),
        attention,
        ...(notes.length === 0 ? {} : { notes }),
        ...(error === undefined ? {} : { error: { code: codeOf(error), message: error.message } }),
      };
    };
  };

  const runSync = async (sync: SyncOptions): Promise<SyncReport> => {
    const report = measure();
    let ready: Awaited<ReturnType<typeof open>>;
    try {
      ready = await open((done) => sync.onProgress?.({ step: 'fold', done, total: undefined }));
      await ready.recorder.refresh();
    } catch (error) {
      if (!(error instanceof DirectorySyncError) || error.code === 'wrong-tenant') throw error;
      const nothing = { tally: new Map(), plans: new Map(), unreadable: new Set<ObjectId>(), error };
      return report({ counts: () => ({}) }, makeEngineState(), nothing, sync);
    }
    const { state, recorder } = ready;
    if (state.connection().paused) {
      const nothing = { tally: new Map(), plans: new Map(), unreadable: new Set<ObjectId>(), error: isPaused() };
      return report({ counts: () => ({}) }, state, nothing, sync);
    }
    recorder.openCycle(await headerOf(state, options.keys, sync), world.newId());
    const context = contextOf(state, recorder, sync, {});
    const result = await runCycle(context, {
      confirmFirstSync: sync.confirmFirstSync,
      keys: options.keys,
      concurrency: options.concurrency ?? CONCURRENCY,
    });
    const made = report(recorder, state, result, sync);
    await options.cache.put(lastSyncKey, JSON.stringify({ at: made.finishedAt, ok: made.ok }));
    if (made.ok) await options.cache.put(freshnessKey, JSON.stringify({ roundAt: made.finishedAt }));
    logger.info({ exitCode: made.exitCode, events: made.events, requests: made.requests }, 'sync finished');
    return made;
  };

  const runPreview = async (sync: SyncOptions): Promise<Preview> => {
    const report = measure();
    const state = await foldStream(stream);
    checkIdentity(options, state.connection());
    const now = peopleCounts(state, standingAttention(state, options.preferences));
    const recorder = makeShadowRecorder(state, world.now);
    const noKeys = makeMemoryKeyStore();
    recorder.openCycle(await headerOf(state, noKeys, sync), world.newId());
    const commands: Command[] = [];
    const context = contextOf(state, recorder, sync, {
      links: readOnlyLinkCache(links),
      leftOut: { ...leftOut, put: () => Promise.resolve() },
      learnAmp: makePreviewPort(options.learnAmp, {
        note: (command) => commands.push(command),
        looksUp: state.connection().initialSyncDone && sync.full !== true,
      }),
    });
    const result = await runCycle(context, { keys: noKeys, concurrency: CONCURRENCY });
    const held = [...state.deliveredPeople()].flatMap(({ userId, hold }) =>
      hold?.standing === 'held' ? [{ userId, kind: hold.kind }] : [],
    );
    const nameOf = (userId: Parameters<EngineState['person']>[0]) =>
      state.person(userId)?.attributes.displayName ?? undefined;
    return {
      ...asPreviewed(report(recorder, state, result, sync), now),
      commands: [
        ...commands.map((command) => ({
          kind: command.kind,
          userId: command.kind === 'EnsureTeam' ? undefined : command.userId,
          displayName: command.kind === 'EnsureTeam' ? undefined : nameOf(command.userId),
          held: false,
          summary: describeCommand(command),
        })),
        ...held.map(({ userId, kind }) => ({
          kind: kind === 'deactivations' ? ('DeactivateUser' as const) : ('CreateUser' as const),
          userId,
          displayName: nameOf(userId),
          held: true,
          summary: kind === 'deactivations' ? 'deactivate: waits for approval' : 'create: waits for approval',
        })),
      ],
    };
  };

  /** Cycles of one connection never overlap: one serial cursor per stream. */
  const inTurn = <A>(run: () => Promise<A>): Promise<A> => {
    const turn = tail.then(run, run);
    tail = turn.catch(() => undefined);
    return turn;
  };

  const present = async (): Promise<EngineState> => {
    const state = await foldStream(stream);
    checkIdentity(options, state.connection());
    return state;
  };

  /** Repeats record nothing. */
  const administer = async (by: Actor, type: 'ConnectionPaused' | 'ConnectionResumed'): Promise<void> => {
    const { state, recorder } = await open();
    const preferences = await recordablePreferences(options, options.keys);
    await recorder.administer(() => {
      const { created, paused } = state.connection();
      if (paused === (type === 'ConnectionPaused')) return [];
      const opening = created === undefined ? identityEvents(options, state.connection(), preferences, by.actor) : [];
      return [...opening, { type, data: by }];
    });
  };

  return {
    sync: (sync = {}) => inTurn(() => runSync(sync)),
    preview: (sync = {}) => inTurn(() => runPreview(sync)),
    status: async (): Promise<Status> => {
      const state = await present();
      const side = {
        lastSync: await options.cache.get(lastSyncKey),
        freshness: await options.cache.get(freshnessKey),
        live: notRunning,
      };
      return statusOf(options, state, side, world.now());
    },
    pause: (by) => administer(by, 'ConnectionPaused'),
    resume: (by) => administer(by, 'ConnectionResumed'),
    people: async function* () {
      const state = await present();
      const { preferences } = options;
      const parked = parkedPeople(standingAttention(state, preferences));
      const view = { state, preferences, reach: reachOf(state, options.groupId), parked };
      for (const person of state.people()) if (person.everInScope) yield personView(view, person);
    },
    events: (query = {}) => eventViews(stream, query),
    replay: (): AsyncIterable<ReplayStep> => replaySteps(stream, (state) => checkIdentity(options, state.connection())),
    stateDigest: async () => stateDigest((await open()).state),
    close: async () => {
      await tail;
      await options.directory.close();
      await options.learnAmp.close();
      await options.log.close();
      await options.keys.close();
      await options.cache.close();
      await options.inbox?.close();
      await options.projections?.close();
    },
  };
};

const isPaused = () =>
  new DirectorySyncError('stopped', 'This connection is paused: nothing is synced until it is resumed.');

const codeOf = (error: DirectorySyncError) => (error.code === 'wrong-tenant' ? 'key-store-mismatch' : error.code);
