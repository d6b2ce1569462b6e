import { planPerson, type ObjectId } from '@learnamp/directory-sync-domain';
import { askLiveEngine } from '../connection/ask-live-engine.js';
import type { CycleQueue } from '../connection/cycle-queue.js';
import { requestOf } from '../connection/cycle-request.js';
import type { Connection } from '../connection/open-connection.js';
import type { AccountsLook } from '../deliver/observe-accounts.js';
import { planContextOf } from '../deliver/plan-now.js';
import { DirectorySyncError } from '../directory-sync.js';
import type { EngineState } from '../state/engine-state.js';
import { eventViews } from '../views/event-view.js';
import type { Difference, ReconcileOptions, ReconcileReport } from './reconcile-report.js';

type Drift = ReadonlyMap<ObjectId, ReadonlyArray<string>>;

/** The state before it, where the log can be read. */
const stateBefore = async ({ present }: Connection): Promise<EngineState | undefined> => {
  try {
    return await present();
  } catch (error) {
    // Whatever keeps the log from being read is the outcome of the cycle, which reports it.
    if (error instanceof DirectorySyncError && error.code !== 'wrong-tenant') return undefined;
    throw error;
  }
};

/** What was told since, by this process or by another. */
const driftSince = async ({ stream }: Connection, from: bigint | undefined): Promise<Drift> => {
  const drift = new Map<ObjectId, ReadonlyArray<string>>();
  if (from === undefined) return drift;
  for await (const { data } of eventViews(stream, { from, types: ['DriftDetected'] })) {
    if (data === null) continue;
    const { userId, fields } = data as { readonly userId: ObjectId; readonly fields: ReadonlyArray<string> };
    drift.set(userId, [...new Set([...(drift.get(userId) ?? []), ...fields])]);
  }
  return drift;
};

const outcomes = ({ options }: Connection, state: EngineState) => {
  const context = planContextOf(state, options.preferences);
  return (userId: ObjectId): Difference['outcome'] => {
    if (state.delivered(userId).hold?.standing === 'held') return 'held';
    const { commands, leaver, notes } = planPerson(context, userId);
    if (notes.some(({ kind }) => kind === 'parked' || kind === 'rejected')) return 'parked';
    return commands.length === 0 && leaver === undefined ? 'put-right' : 'waits';
  };
};

/**
 * Reads everything Learn Amp lists and puts right what was changed there by hand, without reading the directory from the
 * beginning. An engine that runs in another process is asked for a full cycle, which does the same.
 *
 * @param askOther asks that engine; the running engine itself has nobody to ask
 */
export const runReconcile = async (
  connection: Connection,
  queue: CycleQueue,
  reconcile: ReconcileOptions,
  askOther: typeof askLiveEngine = askLiveEngine,
): Promise<ReconcileReport> => {
  const before = await stateBefore(connection);
  // A first sync is looked at before it is sent, and asks on a terminal.
  if (before?.connection().initialSyncDone === false)
    throw new DirectorySyncError('stopped', 'Nobody was synced yet: run "directory-sync sync" first.');
  const from = before === undefined ? undefined : (before.head()?.revision ?? -1n) + 1n;
  let look: AccountsLook | undefined;
  const sync = { ...reconcile, photos: false };
  const report =
    (await askOther(connection, { ...sync, full: true })) ??
    (await queue.request({
      ...requestOf(sync),
      reconciles: true,
      onLook: (made) => {
        look = made;
      },
    }));
  const drift = await driftSince(connection, from).catch((error: unknown) => {
    if (!report.ok && error instanceof DirectorySyncError) return new Map<ObjectId, ReadonlyArray<string>>();
    throw error;
  });
  const outcomeOf = drift.size === 0 ? undefined : outcomes(connection, await connection.present());
  return {
    report,
    looked: look === undefined ? null : { accounts: look.accounts, compared: look.compared },
    differences: [...drift]
      .map(([userId, fields]) => ({ userId, fields, outcome: outcomeOf?.(userId) ?? 'waits' }))
      .sort((a, b) => (a.userId < b.userId ? -1 : 1)),
  };
};
