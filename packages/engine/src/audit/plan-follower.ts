import type {
  Command,
  DirectoryEvent,
  ObjectId,
  PersonPlan,
  PlanContext,
  TeamKey,
} from '@learnamp/directory-sync-domain';
import { initialConnection, planPerson, refusalKey } from '@learnamp/directory-sync-domain';
import { dueAgain } from '../deliver/due-again.js';
import { isIdle } from '../deliver/idle.js';
import type { EngineState } from '../state/engine-state.js';
import { makeOpenCommands, noChange, type Change, type Following } from './open-commands.js';
import { anAccount, anAddress, aPerson, aTeam, makeLookers, tracedContext, type Looked } from './traced-context.js';
import { makeWantedTeams } from './wanted-teams.js';

export type PlanFollower = {
  /** Plans everybody as they stand: what is asked for already is no consequence of what comes. */
  readonly begin: () => void;
  /** What follows from the event that was folded last. `next` is the one behind it, where there is one. */
  readonly after: (event: DirectoryEvent, next: DirectoryEvent | undefined) => Following;
};

const isInFlight = (state: EngineState, userId: ObjectId): boolean =>
  Object.keys(state.delivered(userId).unknown).length > 0;

/** The receipt of a creation or a link is whole only with the link, which is the next event: nobody plans in between. */
const linksNext = (next: DirectoryEvent | undefined, userId: ObjectId): boolean =>
  next?.type === 'UserLinked' && next.data.userId === userId;

const commandsOf = ({ commands, leaver }: PersonPlan): ReadonlyArray<Command> =>
  leaver === undefined ? commands : [...commands, leaver];

/**
 * Follows the plans of everybody from event to event. Invariant: whoever is not in flight has the plan that `planPerson` makes of
 * the present state and the preferences recorded by then; only people are planned whose own state changed, whose plan rests on
 * theirs, or whose plan looked at what changed. Whoever is in flight keeps what was asked for and not sent, until the receipt.
 */
export const makePlanFollower = (state: EngineState, contextAt: (state: EngineState) => PlanContext): PlanFollower => {
  const open = makeOpenCommands();
  const lookers = makeLookers();
  const teams = makeWantedTeams();
  const teamsInFlight = new Set<TeamKey>();
  const askAgain = new Set<string>();
  const teamsAskedAgain = new Set<string>();
  let looked = new Set<Looked>();
  let seen = initialConnection;
  let context = contextAt(state);
  let traced = context;

  /** A team under another id: whoever has it is planned with something else. */
  const movesTeam = (event: DirectoryEvent | undefined): boolean => {
    if (event?.type !== 'TeamEnsured') return false;
    const known = seen.teams[event.data.teamKey];
    return known !== undefined && known.teamId !== event.data.teamId;
  };

  /** Whether everybody is planned with something else since the event. */
  const renewContext = (event: DirectoryEvent | undefined): boolean => {
    const now = state.connection();
    const moved = movesTeam(event);
    const isNews =
      seen.preferences !== now.preferences ||
      seen.unsupported !== now.unsupported ||
      seen.settingsRevision !== now.settingsRevision;
    seen = now;
    if (isNews || event === undefined) {
      context = { ...contextAt(state), askAgain };
      traced = tracedContext(context, (at) => looked.add(at));
    }
    return isNews || moved;
  };

  const settleTeam = (key: TeamKey, change: Change): void => {
    if (teamsInFlight.has(key)) return;
    const { teams: known, rejectedTeams } = state.connection();
    const isRefused = key in rejectedTeams && !teamsAskedAgain.has(key);
    const command = key in known || isRefused ? undefined : teams.planOf(key);
    open.plan(key, command === undefined ? [] : [command], change);
  };

  const keepPlan = (userId: ObjectId, plan: PersonPlan): ReadonlyArray<TeamKey> => {
    if (isIdle(context, userId, plan)) {
      lookers.forget(userId);
      return teams.note(userId, undefined);
    }
    looked.delete(aPerson(userId));
    lookers.note(userId, looked);
    const lacks = plan.team !== undefined && context.team(plan.team.key) === undefined;
    return teams.note(userId, lacks ? plan.team : undefined);
  };

  const planAgain = (userId: ObjectId, change: Change): ReadonlyArray<TeamKey> => {
    if (isInFlight(state, userId)) return [];
    looked = new Set();
    const plan = planPerson(traced, userId);
    open.plan(userId, commandsOf(plan), change);
    return keepPlan(userId, plan);
  };

  /** What stands beside the commands in flight: the plan as it would be without them, less what they are. */
  const planBeside = (userId: ObjectId, change: Change): void => {
    const { unknown, ...delivered } = state.delivered(userId);
    const settled: PlanContext = {
      ...context,
      delivered: (other) => (other === userId ? { ...delivered, unknown: {} } : context.delivered(other)),
    };
    const left = commandsOf(planPerson(settled, userId)).filter(({ kind }) => unknown[kind] === undefined);
    open.plan(userId, left, change);
  };

  const changedBy = (event: DirectoryEvent, touched: Iterable<ObjectId>): ReadonlySet<ObjectId> => {
    const again = new Set<ObjectId>(touched);
    const add = (name: Looked): void => {
      for (const userId of lookers.lookersAt(name)) again.add(userId);
    };
    for (const userId of touched) {
      const { email, link } = state.delivered(userId);
      add(aPerson(userId));
      if (email !== undefined) add(anAddress(email.toLowerCase()));
      if (link !== undefined) add(anAccount(link));
    }
    if (event.type === 'TeamEnsured') add(aTeam(event.data.teamKey));
    return again;
  };

  /** A cycle that reads everything asks once more for teams that were refused; what was not asked for is left out again with its end. */
  const turnCycle = (event: DirectoryEvent): ReadonlyArray<ObjectId> => {
    if (event.type !== 'SyncStarted' && event.type !== 'SyncCompleted' && event.type !== 'SyncAborted') return [];
    const asked = [...askAgain].map((key) => key.slice(0, key.indexOf('/')) as ObjectId);
    askAgain.clear();
    teamsAskedAgain.clear();
    // An answer that has not come by now does not come any more.
    if (event.type === 'SyncStarted') teamsInFlight.clear();
    if (event.type !== 'SyncStarted' || event.data.trigger !== 'full') return asked;
    for (const key of Object.keys(state.connection().rejectedTeams)) teamsAskedAgain.add(key);
    return asked;
  };

  /** Time passes as rounds close: what was refused long enough ago is asked about once more. */
  const turnClock = (event: DirectoryEvent, next: DirectoryEvent | undefined): ReadonlyArray<ObjectId> => {
    const round = next?.type === 'CommandsDispatched' ? next : event;
    if (round.type !== 'CommandsDispatched' && round.type !== 'DeltaCursorMoved') return [];
    const due = dueAgain(state, round.data.graphTime).filter((key) => !askAgain.has(key));
    for (const key of due) askAgain.add(key);
    return due.map((key) => key.slice(0, key.indexOf('/')) as ObjectId);
  };

  const send = (event: DirectoryEvent, change: Change): void => {
    if (event.type !== 'CommandsDispatched') return;
    for (const { kind, subject } of event.data.items) {
      open.send(subject, kind, change);
      askAgain.delete(refusalKey(subject as ObjectId, kind));
      if (kind !== 'EnsureTeam') continue;
      teamsInFlight.add(subject as TeamKey);
      teamsAskedAgain.delete(subject);
    }
  };

  /** Teams whose standing this event may have changed besides the wishes for them. */
  const teamsOf = (event: DirectoryEvent): Iterable<TeamKey> => {
    if (event.type === 'TeamEnsured') {
      teamsInFlight.delete(event.data.teamKey);
      return [event.data.teamKey];
    }
    if (event.type === 'CommandRejected' && event.data.command.kind === 'EnsureTeam') {
      teamsInFlight.delete(event.data.command.teamKey);
      return [event.data.command.teamKey];
    }
    const turns = event.type === 'SyncStarted' || event.type === 'SyncCompleted' || event.type === 'SyncAborted';
    return turns || event.type === 'PreferencesChanged' ? [...teams.keys()] : [];
  };

  const planAll = (userIds: Iterable<ObjectId>, change: Change, except: (userId: ObjectId) => boolean) => {
    const keys = new Set<TeamKey>();
    for (const userId of userIds) if (!except(userId)) for (const key of planAgain(userId, change)) keys.add(key);
    return keys;
  };

  function* everybody(): Generator<ObjectId> {
    for (const { userId } of state.people()) yield userId;
  }

  return {
    begin: () => {
      state.takeTouched();
      renewContext(undefined);
      const change = noChange();
      for (const key of planAll(everybody(), change, () => false)) settleTeam(key, change);
      for (const userId of state.deliveredIn('unknown')) planBeside(userId, change);
    },
    after: (event, next) => {
      const change = noChange();
      const touched = state.takeTouched();
      const asked = [...turnCycle(event), ...turnClock(event, next)];
      send(event, change);
      const again = renewContext(event)
        ? new Set([...everybody(), ...touched])
        : changedBy(event, [...touched, ...asked]);
      const keys = planAll(again, change, (userId) => linksNext(next, userId));
      for (const key of new Set([...keys, ...teamsOf(event)])) settleTeam(key, change);
      return change;
    },
  };
};
