import type { LearnAmpFailure } from '@learnamp/directory-sync-domain';
import { DirectorySyncError } from '../directory-sync-error.js';
import { learnAmpError } from '../failure.js';

/** So many different people or teams in a row without any answer in between: then it is Learn Amp, and not one of them. */
export const IN_A_ROW = 5;

/**
 * Who got no answer from Learn Amp in one cycle. One subject without an answer delays nobody else (I-11): the run ends only
 * where `IN_A_ROW` different ones have none, and nothing was heard in between.
 */
export type Answers = {
  /** Learn Amp answered, whatever it said and of whom. */
  readonly heard: () => void;
  /** No usable answer about this person (object id) or team (key). Nothing more of theirs is tried in this cycle. */
  readonly missed: (subject: string, error: DirectorySyncError, about?: 'team') => void;
  readonly isTeam: (subject: string) => boolean;
  readonly isMissing: (subject: string) => boolean;
  readonly missing: () => ReadonlySet<string>;
  /** Why the run ends here; `undefined`: it goes on. */
  readonly ended: () => DirectorySyncError | undefined;
  /** The same at the end of a run: also where somebody was asked about, and nothing was heard at all. */
  readonly silence: () => DirectorySyncError | undefined;
};

export const makeAnswers = (): Answers => {
  const missing = new Set<string>();
  const teams = new Set<string>();
  const inARow = new Set<string>();
  let isHeard = false;
  let last: DirectorySyncError | undefined;
  const ended = (): DirectorySyncError | undefined => (inARow.size < IN_A_ROW ? undefined : last);
  return {
    heard: () => {
      isHeard = true;
      if (ended() === undefined) inARow.clear();
    },
    missed: (subject, error, about) => {
      missing.add(subject);
      if (about === 'team') teams.add(subject);
      inARow.add(subject);
      last = error;
    },
    isTeam: (subject) => teams.has(subject),
    isMissing: (subject) => missing.has(subject),
    missing: () => missing,
    ended,
    silence: () => ended() ?? (missing.size > 0 && !isHeard ? last : undefined),
  };
};

/** What concerns the whole run, and no subject alone: the credentials, a wait that Learn Amp asks for, an abort. */
export const endsRun = ({ _tag }: LearnAmpFailure): boolean =>
  _tag !== 'LearnAmpUnreachable' && _tag !== 'LearnAmpProtocol';

/** A read about one subject failed: throws where that ends the run; else the subject waits for the next cycle. */
export const noteMissed = (answers: Answers, subject: string, failure: LearnAmpFailure): void => {
  const error = learnAmpError(failure);
  if (endsRun(failure)) throw error;
  answers.missed(subject, error);
  const over = answers.ended();
  if (over !== undefined) throw over;
};

export const unanswered = (): DirectorySyncError =>
  new DirectorySyncError(
    'learn-amp-unreachable',
    'Learn Amp did not answer in time; what it may have done is looked up by the next sync.',
  );
