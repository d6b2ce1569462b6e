import { teamKeyOf, type TeamId } from '@learnamp/directory-sync-domain';
import type { LearnAmpTeam } from '../learn-amp-port.js';
import { makeTurns, type Turns } from './make-turns.js';

/** The external id of a team made for a department: unique in a company, so a second creation is refused. */
export const teamExternalId = (teamKey: string): string => `entra-dept:${teamKey}`;

/**
 * The teams this client has read or made. Invariant: `complete` is true only while a whole listing, with the teams made
 * since, is held and is not stale; then a name that is not here is not at Learn Amp either.
 */
export type TeamDirectory = {
  readonly complete: () => boolean;
  /** Of the teams held: those of this key. */
  readonly matching: (teamKey: string) => ReadonlyArray<LearnAmpTeam>;
  readonly replace: (teams: ReadonlyArray<LearnAmpTeam>) => void;
  readonly add: (team: LearnAmpTeam) => void;
  /** Learn Amp does not know this team any more, so the rest may be out of date as well. */
  readonly forget: (teamId: TeamId) => void;
  /** Runs the work of one key after what is under way for it, so that two callers do not make one team, or one list, twice. */
  readonly inTurn: Turns;
};

/** People rename and delete teams by hand; what was read longer ago is asked for again. */
const freshMs = 15 * 60 * 1000;

/** By external id where one carries it (it may have been renamed by hand), else by name, folded as departments are. */
export const matchTeams = (teams: Iterable<LearnAmpTeam>, teamKey: string): ReadonlyArray<LearnAmpTeam> => {
  const all = [...teams];
  const ours = all.filter((team) => team.externalId === teamExternalId(teamKey));
  return ours.length > 0 ? ours : all.filter((team) => teamKeyOf(team.name) === teamKey);
};

export const makeTeamDirectory = (now: () => Date): TeamDirectory => {
  let teams = new Map<string, LearnAmpTeam>();
  let readAt: number | undefined;
  const inTurn = makeTurns();

  const complete = (): boolean => readAt !== undefined && Math.abs(now().getTime() - readAt) < freshMs;

  return {
    complete,
    matching: (teamKey) => matchTeams(teams.values(), teamKey),
    replace: (listed) => {
      teams = new Map(listed.map((team) => [team.teamId, team]));
      readAt = now().getTime();
    },
    add: (team) => void teams.set(team.teamId, team),
    forget: (teamId) => {
      teams.delete(teamId);
      readAt = undefined;
    },
    inTurn,
  };
};
