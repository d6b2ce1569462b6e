import type { ObjectId, PlanContext, TeamKey } from '@learnamp/directory-sync-domain';
import { planPerson } from '@learnamp/directory-sync-domain';
import type { EngineState } from '../state/engine-state.js';

export type TeamWish = { readonly key: TeamKey; readonly name: string };

export type TeamWishes = {
  /** To be called after each fold. */
  readonly folded: () => void;
  /** Who wants one of these teams now, each with their spelling. */
  readonly of: (keys: ReadonlySet<TeamKey>, context: PlanContext) => ReadonlyArray<TeamWish>;
};

/**
 * Who wants teams that Learn Amp does not have yet, without a look at everybody for each new team. Invariant: whoever is in
 * scope and is neither in `unseen` nor in `teamless` wants a team that is known, or none.
 */
export const makeTeamWishes = (state: EngineState): TeamWishes => {
  const unseen = new Set<ObjectId>();
  const teamless = new Map<ObjectId, TeamKey>();
  let preferencesRevision: string | undefined;

  const look = (userId: ObjectId, context: PlanContext): void => {
    const person = state.person(userId);
    const team = person?.inScope === true ? context.desired(person).team : undefined;
    if (team === undefined || context.team(team.key) !== undefined) teamless.delete(userId);
    else teamless.set(userId, team.key);
  };

  return {
    folded: () => {
      for (const userId of state.takeTouched()) unseen.add(userId);
    },
    of: (keys, context) => {
      const present = state.connection().preferencesRevision;
      if (preferencesRevision !== present) for (const { userId } of state.inScope()) unseen.add(userId);
      preferencesRevision = present;
      for (const userId of unseen) look(userId, context);
      unseen.clear();
      const wishes: TeamWish[] = [];
      for (const [userId, key] of teamless) {
        if (context.team(key) !== undefined) teamless.delete(userId);
        else if (keys.has(key)) {
          const { team } = planPerson(context, userId);
          if (team !== undefined) wishes.push(team);
        }
      }
      return wishes;
    },
  };
};
