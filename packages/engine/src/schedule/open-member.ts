import { mappedAttributes } from '@learnamp/directory-sync-domain';
import { credentialExpiry } from '@learnamp/directory-sync-graph';
import type { LearnAmpPort } from '@learnamp/directory-sync-learn-amp';
import { openLearnAmpRest } from '@learnamp/directory-sync-learn-amp';
import { openConnection, type Connection } from '../connection/open-connection.js';
import { DirectorySyncError } from '../directory-sync.js';
import type { Stores } from '../memory.js';
import { rememberedLearnAmpWait } from '../remembered-wait.js';
import type { FairSlots } from './fair-slots.js';
import type { ConnectionOptions, EngineWorld, SyncEngineOptions } from './sync-engine.js';
import type { Seat } from './tenant-runner.js';

/** So long something may go wrong within one request before the cycle ends and the connection backs off. */
export const PATIENCE_MS = 30_000;

export const isPort = (learnAmp: ConnectionOptions['learnAmp']): learnAmp is LearnAmpPort => 'execute' in learnAmp;

const stay = (): Promise<void> => Promise.resolve();

/** Stores that several connections share are closed by who opened them. */
const shared = ({ log, keys, cache, inbox, projections }: Stores): Stores => ({
  log: { ...log, close: stay },
  keys: { ...keys, close: stay },
  cache: { ...cache, close: stay },
  inbox: { ...inbox, close: stay },
  projections: { ...projections, close: stay },
});

/** The log belongs to somebody else: nothing but another configuration helps. */
const isForeign = (error: unknown): boolean =>
  error instanceof DirectorySyncError && (error.code === 'wrong-tenant' || error.code === 'key-store-mismatch');

export type OpenMember = {
  readonly connection: Connection;
  /** Frees what was opened for this connection alone. */
  readonly close: () => Promise<void>;
};

/** Opens everything of one connection but its schedule. Rejects where its log does not belong to the tenant. */
export const openMember = async (
  options: ConnectionOptions,
  engine: Pick<SyncEngineOptions, 'stores' | 'logger' | 'telemetry'> & {
    readonly world: EngineWorld;
    readonly slots: FairSlots;
    readonly seat: Seat;
  },
): Promise<OpenMember> => {
  const { connectionId, preferences } = options;
  const { world, slots } = engine;
  const own = options.learnAmp;
  const directory = engine.seat.source({ customAttributes: mappedAttributes(preferences) });
  const { cache } = options.stores ?? engine.stores;
  const wait = isPort(own) ? {} : await rememberedLearnAmpWait(cache, connectionId, world.now);
  const learnAmp = isPort(own)
    ? own
    : openLearnAmpRest(
        { ...own, patienceMs: own.patienceMs ?? PATIENCE_MS, waitsAsTold: true },
        { ...world, ...wait, fetch: slots.sharing(connectionId, world.fetch) },
      );
  const close = async (): Promise<void> => {
    connection.telemetry.close();
    await directory.close();
    if (!isPort(own)) await learnAmp.close();
    for (const store of Object.values(options.stores ?? {})) await store.close();
  };
  const connection = openConnection({
    connectionId,
    tenantId: options.tenantId,
    groupId: options.groupId,
    preferences,
    settings: options.settings,
    ...(options.stores ?? shared(engine.stores)),
    directory,
    learnAmp,
    learnAmpDeadlineMs: options.learnAmpDeadlineMs,
    logger: engine.logger,
    telemetry: engine.telemetry,
    accessLog: options.accessLog,
    credentialExpiry: () => credentialExpiry(options.graph.auth),
    world: { now: world.now, ...(world.newEventId === undefined ? {} : { newId: world.newEventId }) },
  });
  try {
    await connection.open();
  } catch (error) {
    // What passes is met again by the first cycle, which waits and tries again.
    if (isForeign(error)) {
      await close();
      throw error;
    }
  }
  return { connection, close };
};
