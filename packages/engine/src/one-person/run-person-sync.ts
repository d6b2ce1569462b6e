import type { ObjectId } from '@learnamp/directory-sync-domain';
import { cycleContextOf } from '../connection/cycle-context-of.js';
import { cycleHeader } from '../connection/cycle-header.js';
import type { CycleRequest } from '../connection/cycle-request.js';
import { measureCycle, nothingDone } from '../connection/measure-cycle.js';
import type { Connection, OpenState } from '../connection/open-connection.js';
import { CONCURRENCY, ready } from '../connection/run-sync.js';
import { whyNotBegin } from '../connection/why-not-begin.js';
import { recordAbort } from '../cycle.js';
import { makeDispatcher } from '../deliver/dispatch.js';
import { makePlanner } from '../deliver/plan-now.js';
import { DirectorySyncError, type SyncReport } from '../directory-sync.js';
import type { CycleContext } from '../observe/cycle-context.js';
import { peopleCounts } from '../report.js';
import { makeRefusedLinks } from '../refused-links/refused-links.js';
import type { EngineState } from '../state/engine-state.js';
import type { LiveStep } from '../why/why.js';
import { deliverPerson, stateOfOne } from './deliver-person.js';
import { observePerson, type Stays } from './observe-person.js';
import type { PersonCycle } from './person-sync.js';
import { tracedDirectory, tracedLearnAmp } from './traced-sources.js';

export type PersonRequest = Pick<CycleRequest, 'onProgress' | 'signal' | 'actors'> & { readonly userId: ObjectId };

const asCycle = (request: PersonRequest): CycleRequest => ({
  ...request,
  trigger: 'manual',
  full: false,
  photos: false,
});

/** One person is no first sync: who else is there, and what they have at Learn Amp, has to be known before. */
const whyNotAlone = async (
  connection: Connection,
  open: OpenState,
  request: CycleRequest,
): Promise<DirectorySyncError | undefined> => {
  // An engine that was asked, and was not waited for, keeps the connection.
  if (request.signal?.aborted === true)
    return new DirectorySyncError('stopped', 'The sync was stopped before it began; nothing was read or sent.');
  const still = await whyNotBegin(connection, open, request);
  if (still !== undefined) return still;
  const { initialSyncDone, fullDue, groupId } = open.state.connection();
  if (!initialSyncDone || fullDue)
    return new DirectorySyncError(
      'stopped',
      'Everybody has to be read first: run "directory-sync sync" without --user once.',
    );
  if (groupId !== undefined && groupId !== connection.options.groupId)
    return new DirectorySyncError(
      'stopped',
      'Another scope group is configured than the one that was read: run "directory-sync sync" without --user once.',
    );
  return undefined;
};

/** What keeps the next cycle from its end as well. Anything else is told to whoever asked, and to nobody else. */
const concernsEverybody: ReadonlySet<string> = new Set([
  'graph-credentials',
  'learn-amp-credentials',
  'invariant-violated',
]);

type Ran = { readonly stays: Stays | undefined; readonly error: DirectorySyncError | undefined };

const runSteps = async (context: CycleContext, run: () => Promise<void>, userId: ObjectId) => {
  let stays: Stays | undefined;
  try {
    stays = await observePerson(context, userId);
    if (stays === undefined) await run();
    return { stays, error: undefined } satisfies Ran;
  } catch (caught) {
    if (!(caught instanceof DirectorySyncError)) throw caught;
    if (concernsEverybody.has(caught.code)) await recordAbort(context, caught);
    return { stays, error: caught } satisfies Ran;
  }
};

const count = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;

const concluded = ({ stays, error }: Ran, report: SyncReport, isToLeave: boolean): string => {
  if (error !== undefined) return error.message;
  if (stays !== undefined) return stays.says;
  const sent = Object.values(report.commands).reduce((sum, { planned, held }) => sum + planned - held, 0);
  const recorded = Object.values(report.events).reduce((sum, each) => sum + each, 0);
  const leaves = isToLeave
    ? ' The account is to be deactivated: that is never sent for one person alone; the next sync decides it under the hold.'
    : '';
  const waits = report.attention.some(({ kind }) => kind === 'held')
    ? ' The account is to be created together with others, which waits for approval: "directory-sync held" says why.'
    : '';
  const done =
    recorded === 0 && sent === 0
      ? 'A member of the scope group, and as it should be: nothing was to be recorded or sent.'
      : `A member of the scope group: ${count(recorded, 'event')} recorded, ${count(sent, 'command')} sent.`;
  return `${done}${waits}${leaves}`;
};

type Ended = { readonly cycle: PersonCycle; readonly lostRows: boolean };

const runOnce = async (connection: Connection, asked: PersonRequest, correlationId: string): Promise<Ended> => {
  const { ended } = await connection.telemetry.cycle('person', async () => {
    const ended = await runAsked(connection, asked, correlationId);
    return { ended, report: ended.cycle.report };
  });
  return ended;
};

const runAsked = async (connection: Connection, asked: PersonRequest, correlationId: string): Promise<Ended> => {
  const { options } = connection;
  const { userId } = asked;
  const request = asCycle(asked);
  const report = measureCycle(connection, request);
  const steps: LiveStep[] = [];
  const ended = (made: SyncReport, outcome: PersonCycle['outcome'], conclusion: string): PersonCycle => ({
    userId,
    outcome,
    conclusion,
    report: made,
    steps,
    correlationId,
  });
  const notBegun = (why: DirectorySyncError, state?: EngineState): Ended => ({
    cycle: ended(report(nothingDone(why, state)), 'undecided', why.message),
    lostRows: false,
  });
  const open = await ready(connection, request);
  if (open instanceof DirectorySyncError) return notBegun(open);
  const { state, recorder } = open;
  const against = await whyNotAlone(connection, open, request);
  if (against !== undefined) return notBegun(against, state);
  recorder.openCycle(await cycleHeader(options, state, options.keys, request), correlationId);
  const note = (step: LiveStep): void => void steps.push(step);
  const refused = makeRefusedLinks(options, connection.world.now);
  const one = stateOfOne(state, userId);
  const context = cycleContextOf(connection, { state: one, recorder }, request, {
    directory: tracedDirectory(refused.watch(options.directory), note),
    learnAmp: tracedLearnAmp(options.learnAmp, userId, note),
  });
  const planner = makePlanner(context);
  const dispatcher = makeDispatcher(context, options.keys, options.concurrency ?? CONCURRENCY);
  const deliver = () => deliverPerson(context, { state, planner, dispatcher, userId });
  const ran = await runSteps(context, deliver, userId);
  const { error } = ran;
  const plans = new Map(planner.plans());
  const result = { tally: dispatcher.tally, plans, unreadable: context.unreadable, error, observed: false };
  const made = report({ recorder, state: one, result, refusedLinks: refused.counted() });
  await refused.keep();
  // Of a state whose rows were lost under it nothing is told but the error.
  const told = state.isLost() ? made : { ...made, people: peopleCounts(state, made.attention) };
  state.rest();
  const outcome = error === undefined ? (ran.stays?.outcome ?? 'synced') : 'undecided';
  const isToLeave = plans.get(userId)?.leaver !== undefined;
  return { cycle: ended(told, outcome, concluded(ran, told, isToLeave)), lostRows: state.isLost() };
};

/**
 * One cycle over one person: both sides are asked directly, what changed is recorded, and this person's commands are delivered.
 * Rows that turn out to be lost on the way cost a fold, as in any cycle: it begins once more, and goes on from what it recorded.
 * Invariants: no cursor moves; nobody leaves, and no deactivation is sent; nobody else's commands are sent, and whoever waits
 * for the next cycle goes on waiting for it.
 */
export const runPersonSync = async (connection: Connection, asked: PersonRequest): Promise<PersonCycle> => {
  const correlationId = connection.world.newId();
  const { cycle, lostRows } = await runOnce(connection, asked, correlationId);
  if (!lostRows || cycle.report.ok) return cycle;
  const { connectionId } = connection.options;
  connection.logger.warn({ connectionId }, 'Rows of the local database were lost: folded anew.');
  return (await runOnce(connection, asked, correlationId)).cycle;
};
