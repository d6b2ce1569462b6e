import type { Command, ObjectId, PersonPlan, PlanContext, Preferences, TeamKey } from '@learnamp/directory-sync-domain';
import {
  desire,
  planPerson,
  refusalKey,
  type DesiredPerson,
  type DirectoryPerson,
} from '@learnamp/directory-sync-domain';
import { setImmediate } from 'node:timers/promises';
import { graphTimeOf, type PlanningContext } from '../observe/cycle-context.js';
import type { EngineState } from '../state/engine-state.js';
import { quietTelemetry, type Telemetry } from '../telemetry/telemetry.js';
import { dueAgain } from './due-again.js';
import { isIdle, planBasis } from './idle.js';

/**
 * A plan as it is kept between two looks. Of a `creation` the team alone is kept: a first sync plans one for everybody, and each
 * is made again from the same state when it is needed (`planOf`).
 */
export type KeptPlan = PersonPlan & { readonly creation?: true };

export type Planner = {
  readonly context: PlanContext;
  /**
   * Plans whoever may need anything: those who are noted, or everybody in a full cycle and after what everybody is planned
   * with changed. Everybody is planned in slices that let others have their turn.
   */
  readonly start: () => Promise<void>;
  /** Plans the people again whose state changed, those who depend on them, and whoever had to wait for others. */
  readonly refresh: (waited?: Iterable<ObjectId>) => void;
  /** The plans that are not idle, as they are kept. */
  readonly plans: () => ReadonlyMap<ObjectId, KeptPlan>;
  /** The whole plan of one of them. */
  readonly planOf: (userId: ObjectId) => PersonPlan | undefined;
  /** These are being sent: what was refused before was asked once more with them, and not again in this cycle. */
  readonly sending: (commands: ReadonlyArray<Command>) => void;
  /** The last look of a cycle; notes who is done. */
  readonly finish: () => Promise<void>;
};

/** What `plan` may look at, over the present state; what is desired of a person is computed once for each state of theirs. */
export const planContextOf = (state: EngineState, preferences: Preferences): PlanContext => {
  const desired = new WeakMap<DirectoryPerson, DesiredPerson>();
  return {
    preferences,
    person: state.person,
    delivered: state.delivered,
    desired: (person) => {
      const known = desired.get(person);
      if (known !== undefined) return known;
      const made = desire(preferences, person);
      desired.set(person, made);
      return made;
    },
    team: (key) => state.connection().teams[key],
    holderOfEmail: state.holderOfEmail,
    holderOfAccount: state.holderOfAccount,
    unsupported: new Set(state.connection().unsupported),
    unreadable: state.unreadable,
    hasNoSeats: () => state.connection().noSeatsSince !== '',
    settingsRevision: () => state.connection().settingsRevision,
  };
};

type Planning = Pick<PlanningContext, 'state' | 'preferences' | 'full' | 'clock' | 'now' | 'onPlanned'> & {
  readonly telemetry?: Telemetry | undefined;
};

/** People planned before others have their turn: some tens of milliseconds. */
const SLICE = 500;

/**
 * Keeps the plans current while a cycle delivers. Invariant: after `refresh` everybody who is not among the plans has an idle
 * one, and each plan equals `planPerson` over the present state; only people touched since, those whose plans rest on
 * theirs, and people who wait for an address or a team are planned again.
 */
export const makePlanner = (cycle: Planning): Planner => {
  const { state, preferences, telemetry = quietTelemetry } = cycle;
  const plans = new Map<ObjectId, KeptPlan>();
  const kept = makeKeptCreations();
  const askAgain = new Set<string>();
  const plannedWith = planBasis(preferences);
  let started: Promise<void> | undefined;
  let swept = false;
  let teamsSeen: unknown;
  let seatsSeen = '';

  const context: PlanContext = { ...planContextOf(state, preferences), askAgain };

  const plan = (userId: ObjectId): void => {
    const made = planPerson(context, userId);
    if (isIdle(context, userId, made)) plans.delete(userId);
    else plans.set(userId, isToKeepSmall(userId, made) ? kept(made) : made);
  };
  /** What was refused before and is asked for once more is not the same plan any more once it was sent. */
  const isToKeepSmall = (userId: ObjectId, { commands, leaver, notes, standing }: PersonPlan): boolean =>
    commands.length === 1 &&
    commands[0]?.kind === 'CreateUser' &&
    leaver === undefined &&
    notes.length === 0 &&
    standing.length === 0 &&
    !askAgain.has(refusalKey(userId, 'CreateUser'));

  const planEverybody = async (): Promise<void> => {
    state.work.beginSweep();
    let planned = 0;
    for (const userId of state.everybody()) {
      plan(userId);
      planned += 1;
      if (planned % SLICE !== 0) continue;
      cycle.onPlanned?.(planned);
      await setImmediate();
    }
    swept = true;
  };

  const begin = async (): Promise<void> => {
    state.forgetTouched();
    for (const key of dueAgain(state, graphTimeOf(cycle))) askAgain.add(key);
    teamsSeen = state.connection().teams;
    seatsSeen = state.connection().noSeatsSince;
    if (cycle.full || state.work.isEverybodyPending(plannedWith)) await planEverybody();
    else for (const userId of state.work.pending()) plan(userId);
  };

  const refresh = (waited: Iterable<ObjectId> = []): void => {
    const again = new Set<ObjectId>(state.takeTouched());
    for (const userId of waited) again.add(userId);
    const { teams, noSeatsSince } = state.connection();
    for (const [userId, made] of plans) {
      // Waiting for something of somebody else: an address, a team, a manager.
      const waits = made.notes.some(({ kind }) => kind === 'identity-conflict' || kind === 'deferred');
      const newTeam = teams !== teamsSeen && made.team !== undefined;
      // Seats are gone, or there again.
      const seats = noSeatsSince !== seatsSeen;
      // The account that was to become theirs may be somebody else's by now.
      const adopts = made.commands.some(({ kind }) => kind === 'LinkUser');
      if (waits || newTeam || adopts || seats) again.add(userId);
    }
    teamsSeen = teams;
    seatsSeen = noSeatsSince;
    for (const userId of again) plan(userId);
  };

  const start = async (): Promise<void> => {
    started ??= telemetry.inSpan('plan', {}, async (span) => {
      await begin();
      span.set({ planned: plans.size });
    });
    await started;
    refresh();
  };

  return {
    context,
    start,
    refresh,
    plans: () => plans,
    planOf: (userId) => {
      const known = plans.get(userId);
      return known?.creation === true ? planPerson(context, userId) : known;
    },
    sending: (commands) => {
      for (const command of commands)
        if (command.kind !== 'EnsureTeam') askAgain.delete(refusalKey(command.userId, command.kind));
    },
    finish: async () => {
      await start();
      state.work.settlePlans({ plannedWith, busy: plans, swept });
    },
  };
};

/** Creations that differ in nothing but their people are kept as one. */
const makeKeptCreations = (): ((plan: PersonPlan) => KeptPlan) => {
  const known = new Map<string, KeptPlan>();
  return ({ team }) => {
    const name = team === undefined ? '' : JSON.stringify([team.key, team.name]);
    const found = known.get(name);
    if (found !== undefined) return found;
    const made: KeptPlan = { commands: [], leaver: undefined, team, standing: [], notes: [], creation: true };
    known.set(name, made);
    return made;
  };
};

/** Teams that somebody needs, with every spelling. */
export function* wantedTeams(planner: Planner): Generator<{ readonly key: TeamKey; readonly name: string }> {
  for (const [, { team }] of planner.plans()) if (team !== undefined) yield team;
}
