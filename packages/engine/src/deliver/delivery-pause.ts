import type { DeliveryPause } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import { DirectorySyncError, type ErrorCode } from '../directory-sync-error.js';
import { learnAmpError } from '../failure.js';
import type { CycleContext } from '../observe/cycle-context.js';
import type { Pending } from '../record/recorder.js';
import type { DeliveryStanding } from '../sync-report.js';
import type { EngineState } from '../state/engine-state.js';
import { version } from '../version.js';
import { violationOf } from './check-dispatch.js';

/** Why delivery pauses; each is also the code of the error that a cycle ends with meanwhile. */
const reasons = ['learn-amp-credentials', 'learn-amp-unreachable', 'invariant-violated'] as const;
type Reason = (typeof reasons)[number];

const reasonOf = ({ code }: { readonly code: string }): Reason | undefined => reasons.find((reason) => reason === code);

/**
 * What is recorded when a cycle ends with an error: that delivery pauses, where it is the credentials or an invariant, or the second cycle
 * in a row without an answer. Recorded once; it ends by itself (`admitDelivery`), and ingestion goes on.
 */
export const pauseEvents = (state: EngineState, error: DirectorySyncError): ReadonlyArray<Pending> => {
  const { deliveryPaused, lastAbort } = state.connection();
  const reason = reasonOf(error);
  if (reason === undefined || deliveryPaused?.reason === reason) return [];
  if (reason === 'learn-amp-unreachable' && lastAbort !== reason) return [];
  const violation = violationOf(error);
  const stopped = reason === 'invariant-violated' ? { ...violation, version } : {};
  return [{ type: 'DeliveryPaused', data: { reason, ...stopped } }];
};

/** What is told of it, beside the reports of cycles. */
export const deliveryStanding = (pause: DeliveryPause | undefined): DeliveryStanding | undefined => {
  const reason = pause === undefined ? undefined : reasonOf({ code: pause.reason });
  if (pause === undefined || reason === undefined) return undefined;
  const { since, invariant, subject } = pause;
  return { reason, since, ...(invariant === undefined ? {} : { invariant, subject }) };
};

const said: Readonly<Record<Reason, string>> = {
  'learn-amp-credentials': 'Learn Amp refuses the credentials or a scope',
  'learn-amp-unreachable': 'Learn Amp gave no answer again and again',
  'invariant-violated': 'an invariant would have been broken',
};

const paused = ({ reason, since }: DeliveryPause, rest: string): DirectorySyncError => {
  const known = reasonOf({ code: reason });
  const because = known === undefined ? reason : said[known];
  const code: ErrorCode = known ?? 'learn-amp-unreachable';
  return new DirectorySyncError(code, `Delivery has been paused since ${since}, since ${because}. ${rest}`);
};

const violated = (pause: DeliveryPause): DirectorySyncError => {
  const { invariant = 'unknown', kind = 'a command', subject = 'somebody' } = pause;
  return paused(
    pause,
    `It was ${invariant}, at ${kind} of ${subject}. What changes is recorded, and nothing is sent, until somebody resumes the connection or another version runs: report it, and keep the log.`,
  );
};

/** A read about nobody: whether Learn Amp is there, and takes the credentials. */
const probe = async ({ answers, connectionId, learnAmp, signal }: CycleContext): Promise<void> => {
  const found = await learnAmp.findAccount({ by: 'externalId', externalId: `probe-${connectionId}` }, { signal })();
  if (E.isLeft(found)) throw learnAmpError(found.left);
  answers.heard();
};

/**
 * Whether this cycle may go on to Learn Amp. Where delivery is paused, one request asks; what it says ends the cycle, or lets it go on
 * with a few people first (`Sender.send`). An invariant is not asked about: another version resumes by itself.
 */
export const admitDelivery = async (cycle: CycleContext, isProbed: boolean): Promise<void> => {
  const pause = cycle.state.connection().deliveryPaused;
  if (pause === undefined) return;
  if (pause.reason === 'invariant-violated') {
    if (pause.version === version) throw violated(pause);
    await resumeDelivery(cycle);
    return;
  }
  if (!isProbed)
    throw paused(pause, 'What changes is recorded; Learn Amp is asked again later, and delivery goes on by itself.');
  await probe(cycle);
};

/** Delivery goes on. Repeats record nothing. */
export const resumeDelivery = async ({ recorder, state }: Pick<CycleContext, 'recorder' | 'state'>): Promise<void> => {
  await recorder.record(() =>
    state.connection().deliveryPaused === undefined ? [] : [{ type: 'DeliveryResumed', data: {} }],
  );
};
