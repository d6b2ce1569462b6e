import type { Command, CommandKind, Outcome } from '@learnamp/directory-sync-domain';
import type { CycleContext } from '../observe/cycle-context.js';
import type { Pending } from '../record/recorder.js';

type Answered = { readonly command: Command };

/** A command whose success shows that there is a seat: it made one free, or took one. */
const showsSeat = ({ kind }: Command, outcome: Outcome): boolean =>
  outcome._tag === 'Succeeded' &&
  (kind === 'DeactivateUser' ||
    (kind === 'CreateUser' && outcome.result === 'created') ||
    (kind === 'ReactivateUser' && outcome.result === 'updated'));

/**
 * What one person's answer says about everybody: that the company has no seat left, or has one again, and that a team is
 * gone. Of many who are told the same it is recorded once.
 */
export const makeLearnt = ({ state }: Pick<CycleContext, 'state'>, unsupported: ReadonlySet<CommandKind>) => {
  const gone = new Set<string>();
  /** What was told and is not folded yet. */
  let told: { readonly seats: 'some' | 'none'; readonly since: string } | undefined;

  const seatEvents = (command: Command, outcome: Outcome): ReadonlyArray<Pending> => {
    const isRefused = outcome._tag === 'Rejected' && outcome.code === 'no_seats';
    const since = state.connection().noSeatsSince;
    const known = told?.since === since ? told.seats : since === '' ? 'some' : 'none';
    const seats = isRefused ? 'none' : showsSeat(command, outcome) ? 'some' : known;
    if (seats === known) return [];
    told = { seats, since };
    return [{ type: 'LearnAmpCapabilitiesObserved', data: { unsupported: [...unsupported].sort(), seats } }];
  };

  const teamEvents = (command: Command, outcome: Outcome): ReadonlyArray<Pending> => {
    if (command.kind !== 'SetPrimaryTeam' || outcome._tag !== 'Rejected' || outcome.code !== 'unknown_team') return [];
    const { teamKey, teamId } = command;
    if (gone.has(teamId)) return [];
    gone.add(teamId);
    return [{ type: 'TeamGone', data: { teamKey, teamId } }];
  };

  return ({ command }: Answered, outcome: Outcome): ReadonlyArray<Pending> => [
    ...seatEvents(command, outcome),
    ...teamEvents(command, outcome),
  ];
};
