import { makeActivity } from './activity/count-activity.js';
import { diffSteps } from './audit/diff.js';
import { historySteps } from './audit/history.js';
import { replaySteps } from './audit/replay-steps.js';
import { stateAt } from './audit/state-at.js';
import { whatIfSteps } from './audit/what-if.js';
import { listAccesses } from './access/list-accesses.js';
import { recordAccess } from './access/record-access.js';
import { askLiveEngine } from './connection/ask-live-engine.js';
import { administer } from './connection/administer.js';
import { disconnect } from './connection/disconnect.js';
import { makeAside, type Aside } from './connection/aside.js';
import { auditedLogOf, whatIfPartsOf } from './connection/audited-log-of.js';
import { makeCycleQueue, type CycleQueue } from './connection/cycle-queue.js';
import { requestOf } from './connection/cycle-request.js';
import { readLiveness } from './connection/live.js';
import { openConnection, type Connection } from './connection/open-connection.js';
import { runRebuild } from './connection/run-rebuild.js';
import { runPreview } from './connection/run-preview.js';
import { runSync } from './connection/run-sync.js';
import { sideTable } from './connection/side-table.js';
import type { DirectorySync, DirectorySyncOptions, PeopleOptions, PersonView, Status } from './directory-sync.js';
import { findUsers } from './find-users.js';
import { decideHeld } from './hold/decide-held.js';
import { listHeld } from './hold/list-held.js';
import { runPersonSync } from './one-person/run-person-sync.js';
import { syncUser } from './one-person/sync-user.js';
import { listParked } from './parked/list-parked.js';
import { retryParked } from './parked/retry-parked.js';
import { personSides } from './people/person-sides.js';
import { makePeopleSearch } from './people/search-people.js';
import { erasePerson } from './personal-data/erase-person.js';
import { projectionViews } from './rebuild/projection-views.js';
import { readRestartedRounds } from './observe/begun-rounds.js';
import { readRefusedLinks } from './refused-links/refused-links.js';
import { runReconcile } from './reconcile/run-reconcile.js';
import { stateDigest } from './state/state-digest.js';
import { eventViews } from './views/event-view.js';
import { parkedPeople, personView, reachOf } from './views/person-view.js';
import { exportedLog, signedHeadOf } from './log-transfer/of-connection.js';
import { runVerify } from './verify/run-verify.js';
import { statusOf } from './views/status-view.js';
import { explainPerson } from './why/explain-person.js';
import { exportPerson } from './why/export-person.js';

const statusNow = async ({ options, present, standing, world }: Connection): Promise<Status> => {
  const side = sideTable(options);
  const state = await present();
  const live = await readLiveness(options.cache, options.connectionId, world.now());
  const told = {
    lastSync: await side.lastSync(),
    freshness: await side.freshness(),
    live,
    attention: await standing(state),
  };
  const expiresAt = await options.credentialExpiry?.();
  const refusedLinks = await readRefusedLinks(options);
  const restartedRounds = await readRestartedRounds(options);
  return {
    ...statusOf(options, state, told, world.now()),
    ...(expiresAt === undefined ? {} : { credentialExpiresAt: expiresAt.toISOString() }),
    ...(refusedLinks === undefined ? {} : { refusedLinks }),
    ...(restartedRounds === undefined ? {} : { restartedRounds }),
  };
};

async function* peopleNow(connection: Connection, { userIds, by }: PeopleOptions): AsyncGenerator<PersonView> {
  const { options, present, standing } = connection;
  const wanted = userIds === undefined ? undefined : new Set(userIds);
  const state = await present();
  const count = wanted?.size ?? state.counts().everInScope;
  await recordAccess(connection, { view: 'people', userIds: [...(wanted ?? [])], count, by });
  const { preferences } = options;
  const parked = parkedPeople(await standing(state));
  const view = { state, preferences, reach: reachOf(state, options.groupId), parked };
  const asked = wanted === undefined ? state.people() : [...wanted].flatMap((userId) => state.person(userId) ?? []);
  for (const person of asked) if (person.everInScope) yield personView(view, person);
}

/** What keeps an index in memory, for lists and charts, and makes it when it is first asked for. */
const searching = (connection: Connection): Pick<DirectorySync, 'activity' | 'searchPeople'> => {
  const search = makePeopleSearch(connection);
  const count = makeActivity(connection);
  return { searchPeople: (query = {}) => search(query), activity: (query = {}) => count(query) };
};

const closeAll = async ({ options, telemetry }: Connection): Promise<void> => {
  telemetry.close();
  await options.directory.close();
  await options.learnAmp.close();
  await options.log.close();
  await options.keys.close();
  await options.cache.close();
  await options.inbox?.close();
  await options.projections?.close();
};

/** The methods of a connection over its queue of cycles; who runs it by a schedule puts its own `sync` in their place. */
export const directorySyncOver = (
  connection: Connection,
  queue: CycleQueue,
  aside: Aside = makeAside(),
): DirectorySync => ({
  ...searching(connection),
  sync: async (sync = {}) => (await askLiveEngine(connection, sync)) ?? queue.request(requestOf(sync)),
  syncUser: (userId, options = {}) =>
    syncUser(connection, userId, options, {
      run: (request) => queue.inTurn(() => runPersonSync(connection, request)),
    }),
  preview: (sync = {}) => queue.inTurn(() => runPreview(connection, requestOf(sync))),
  reconcile: (reconcile = {}) => runReconcile(connection, queue, reconcile),
  status: () => statusNow(connection),
  pause: (by) => administer(connection, 'ConnectionPaused', by),
  resume: (by) => administer(connection, 'ConnectionResumed', by),
  disconnect: (by) => disconnect(connection, by),
  held: (options = {}) => listHeld(connection, options),
  approveHeld: (request) => decideHeld(connection, 'HeldCommandsApproved', request),
  rejectHeld: (request) => decideHeld(connection, 'HeldCommandsRejected', request),
  parked: (options = {}) => listParked(connection, options),
  retry: (request) => retryParked(connection, request),
  people: (query = {}) => peopleNow(connection, query),
  person: (userId, options = {}) => personSides(connection, userId, options),
  findUsers: (user, options = {}) => findUsers(connection, user, options),
  why: (userId, options = {}) => explainPerson(connection, userId, options),
  exportPerson: (userId, by) => exportPerson(connection, userId, by),
  accesses: (query = {}) => listAccesses(connection, query),
  events: (query = {}) => eventViews(connection.stream, query),
  replay: (query = {}) => replaySteps(auditedLogOf(connection), query),
  whatIf: (query) => whatIfSteps(whatIfPartsOf(connection), query),
  history: (query = {}) => historySteps(auditedLogOf(connection), query),
  stateAt: (at, query = {}) => stateAt(auditedLogOf(connection), at, query),
  diff: (query) => diffSteps(auditedLogOf(connection), query),
  rebuild: (options = {}) => aside.run((signal) => runRebuild(connection, { ...options, signal }), options.signal),
  signedHead: () => signedHeadOf(connection),
  exportLog: () => exportedLog(connection),
  verify: (options = {}) => queue.inTurn(() => runVerify(connection, options)),
  erase: (userId, by) => queue.inTurn(() => erasePerson(connection, userId, by)),
  projections: () => projectionViews(connection),
  stateDigest: async () => stateDigest((await connection.open()).state),
  close: async () => {
    await aside.end();
    await queue.idle();
    await closeAll(connection);
  },
});

/**
 * One connection's engine over an open log, key store, directory and Learn Amp.
 *
 * @example
 * const engine = createDirectorySync({ connectionId, tenantId, groupId, preferences, ...stores, directory, learnAmp, settings });
 * const report = await engine.sync();
 * await engine.close();
 */
export const createDirectorySync = (options: DirectorySyncOptions): DirectorySync => {
  const connection = openConnection(options);
  return directorySyncOver(
    connection,
    makeCycleQueue((request) => runSync(connection, request)),
  );
};
