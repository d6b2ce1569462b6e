import type { Command, ObjectId, PersonPlan, PlanContext, Preferences, TeamKey } from '@learnamp/directory-sync-domain';
import {
  desire,
  planPerson,
  refusalKey,
  type DesiredPerson,
  type DirectoryPerson,
} from '@learnamp/directory-sync-domain';
import type { CycleContext } from '../observe/cycle-context.js';
import type { EngineState } from '../state/engine-state.js';

export type Planner = {
  readonly context: PlanContext;
  /** The present plan of everybody: planned once, then again for the people whose state changed and those who depend on them. */
  readonly refresh: () => void;
  readonly plans: () => Iterable<readonly [ObjectId, PersonPlan]>;
  readonly planOf: (userId: ObjectId) => PersonPlan | undefined;
  /** These are being sent: what was refused before was asked once more with them, and not again in this cycle. */
  readonly sending: (commands: ReadonlyArray<Command>) => void;
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
  };
};

/** A full cycle asks once more for everything that was refused: what Learn Amp lacked may be there by now. */
const refusals = (cycle: CycleContext): Set<string> =>
  new Set(
    cycle.full
      ? [...cycle.state.deliveredPeople()].flatMap(({ userId, rejected }) =>
          Object.keys(rejected).map((kind) => refusalKey(userId, kind as Command['kind'])),
        )
      : [],
  );

/**
 * Keeps the plan of every person current while a cycle delivers. Invariant: after `refresh` each plan equals
 * `planPerson` over the present state; only people touched since, their reports, and people whose address they held or
 * wanted are planned again.
 */
export const makePlanner = (cycle: CycleContext): Planner => {
  const { state, preferences } = cycle;
  const plans = new Map<ObjectId, PersonPlan>();
  const askAgain = refusals(cycle);
  let fresh = true;
  let teamsSeen: unknown;

  const context: PlanContext = { ...planContextOf(state, preferences), askAgain };

  const plan = (userId: ObjectId): void => {
    const made = planPerson(context, userId);
    const idle =
      made.commands.length === 0 &&
      made.leaver === undefined &&
      made.notes.length === 0 &&
      made.standing.length === 0 &&
      made.team === undefined;
    if (idle) plans.delete(userId);
    else plans.set(userId, made);
  };

  const refresh = (): void => {
    const touched = state.takeTouched();
    const teams = state.connection().teams;
    if (fresh) {
      for (const { userId } of state.people()) plan(userId);
      fresh = false;
      teamsSeen = teams;
      return;
    }
    const again = new Set<ObjectId>(touched);
    for (const userId of touched) for (const report of state.reportsOf(userId)) again.add(report);
    for (const [userId, made] of plans) {
      // Waiting for something of somebody else: an address, a team, a manager.
      const waits = made.notes.some(({ kind }) => kind === 'identity-conflict' || kind === 'deferred');
      const newTeam = teams !== teamsSeen && made.team !== undefined;
      // The account that was to become theirs may be somebody else's by now.
      const adopts = made.commands.some(({ kind }) => kind === 'LinkUser');
      if (waits || newTeam || adopts) again.add(userId);
    }
    teamsSeen = teams;
    for (const userId of again) plan(userId);
  };

  return {
    context,
    refresh,
    plans: () => plans.entries(),
    planOf: (userId) => plans.get(userId),
    sending: (commands) => {
      for (const command of commands)
        if (command.kind !== 'EnsureTeam') askAgain.delete(refusalKey(command.userId, command.kind));
    },
  };
};

/** Teams that somebody needs, with every spelling. */
export function* wantedTeams(planner: Planner): Generator<{ readonly key: TeamKey; readonly name: string }> {
  for (const [, { team }] of planner.plans()) if (team !== undefined) yield team;
}
