import type { LearnAmpFailure, Outcome, RejectionCode } from '@learnamp/directory-sync-domain';
import type { NoAnswer } from '../http/send.js';

export const rejected = (code: RejectionCode, fields: ReadonlyArray<string> = []): Outcome => ({
  _tag: 'Rejected',
  code,
  fields,
});

export const failed = (failure: LearnAmpFailure): Outcome => ({ _tag: 'Failed', failure });

/** Statuses that speak of the address rather than of what was asked there: then nobody can be looked up. */
const ofTheAddress: ReadonlySet<number> = new Set([404, 405, 410]);

/**
 * A look-up of one person or team that failed. A request that is refused for what stands in it (an odd address, say) is
 * that one's matter: nobody else waits for it.
 */
export const notLookedUp = (failure: LearnAmpFailure): Outcome => {
  const status = failure._tag === 'LearnAmpProtocol' ? (failure.status ?? 0) : 0;
  return status >= 400 && status < 500 && !ofTheAddress.has(status) ? rejected('protocol') : failed(failure);
};

export const unknown: Outcome = { _tag: 'Unknown' };

/** A write without an answer: in doubt it took effect. */
export const unanswered = ({ failure, maybeApplied }: NoAnswer): Outcome => (maybeApplied ? unknown : failed(failure));
