import type { LearnAmpFailure, Outcome, RejectionCode } from '@learnamp/directory-sync-domain';
import type { NoAnswer } from '../http/send.js';

export const rejected = (code: RejectionCode, fields: ReadonlyArray<string> = []): Outcome => ({
  _tag: 'Rejected',
  code,
  fields,
});

export const failed = (failure: LearnAmpFailure): Outcome => ({ _tag: 'Failed', failure });

export const unknown: Outcome = { _tag: 'Unknown' };

/** A write without an answer: in doubt it took effect. */
export const unanswered = ({ failure, maybeApplied }: NoAnswer): Outcome => (maybeApplied ? unknown : failed(failure));
