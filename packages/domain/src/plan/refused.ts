import type { Command, CommandKind } from '../commands.js';
import type { DeliveredPerson, Rejected } from '../delivery/delivered-person.js';
import { silentSince } from '../delivery/evolve-unanswered.js';
import { sameData } from '../delivery/same-data.js';
import { isLater } from '../evolve/revision-text.js';
import type { ObjectId } from '../ids.js';
import type { RejectionCode } from '../receipts.js';
import type { PlanContext } from './plan-context.js';

/** Names one person's refusal of one kind of command. */
export const refusalKey = (userId: ObjectId, kind: CommandKind): string => `${userId}/${kind}`;

/** Learn Amp refused this very command: it is not sent again before something of its content changes. */
export const isRefused = (delivered: DeliveredPerson, command: Command): boolean => {
  const rejected = delivered.rejected[command.kind];
  return rejected !== undefined && sameData(rejected.command, command);
};

/** Refused for what it is and not for what Learn Amp lacks: asking once more cannot change that. */
const forGood: ReadonlySet<RejectionCode> = new Set(['not_an_image', 'too_large']);

/** Days after which a refusal is asked about once more: after the first time, the second, and every later one (FC-85). */
const daysAfter = (times: number): number => {
  if (times <= 1) return 1;
  return times === 2 ? 7 : 28;
};
const DAY = 24 * 3_600_000;
/** A daily cycle that comes a little early asks, rather than a day late. */
const EARLY = 3_600_000;

/** From when on, by Graph's time, Learn Amp is asked once more; `undefined`: no time can be told, and it is not asked. */
export const nextTryAt = ({ at, times }: Pick<Rejected, 'at' | 'times'>): string | undefined => {
  const next = Date.parse(at) + daysAfter(times) * DAY - EARLY;
  return Number.isNaN(next) ? undefined : new Date(next).toISOString();
};

/**
 * Whether Learn Amp is asked once more for what it refused: what it lacked may be there by now. Both times are Graph's. Where
 * one of them cannot be read it is not asked, so that a broken clock never makes a refusal a request in every cycle.
 */
export const isDueAgain = (refusal: Pick<Rejected, 'at' | 'times'>, graphTime: string): boolean =>
  Date.parse(graphTime) >= Date.parse(nextTryAt(refusal) ?? '');

/** What Learn Amp said to a command when it was sent last: nothing at all, again and again, or that it refuses it. */
export type Unwelcome =
  | { readonly _tag: 'NoAnswer'; readonly revision: string }
  | ({ readonly _tag: 'Refused' } & Pick<Rejected, 'code' | 'fields' | 'revision'>);

const unwelcome = (delivered: DeliveredPerson, command: Command): Unwelcome | undefined => {
  const silent = silentSince(delivered, command.kind);
  if (silent !== undefined) return { _tag: 'NoAnswer', revision: silent };
  const rejected = delivered.rejected[command.kind];
  // Without a seat everybody is alike: whether they wait is decided for all of them (`waitsForSeat`).
  if (rejected === undefined || rejected.code === 'no_seats' || !isRefused(delivered, command)) return undefined;
  return { _tag: 'Refused', ...rejected };
};

type Asking = Pick<PlanContext, 'askAgain' | 'settingsRevision'>;

/** Refused, or without an answer for too long, and not to be asked once more: why the command is left out of the plan. */
export const leftOutFor = (
  { askAgain, settingsRevision }: Asking,
  delivered: DeliveredPerson,
  command: Command,
): Unwelcome | undefined => {
  const found = unwelcome(delivered, command);
  if (found === undefined || (found._tag === 'Refused' && forGood.has(found.code))) return found;
  // Refused under other settings: whoever changed them may have done so for this.
  if (isLater(settingsRevision?.() ?? '', found.revision)) return undefined;
  return askAgain?.has(refusalKey(delivered.userId, command.kind)) === true ? undefined : found;
};

export const isLeftOut = (context: Asking, delivered: DeliveredPerson, command: Command): boolean =>
  leftOutFor(context, delivered, command) !== undefined;

const ofSeats: ReadonlySet<CommandKind> = new Set(['CreateUser', 'ReactivateUser']);

/** A command that Learn Amp has to have a seat for. */
export const takesSeat = (kind: CommandKind): boolean => ofSeats.has(kind);

/**
 * Learn Amp has no seat for anybody new: whoever needs one waits, asked for or not, until somebody was deactivated or it is time to ask
 * once more. One refusal speaks for all of them, and the others are not sent to be refused (FC-93).
 */
export const waitsForSeat = (
  { hasNoSeats, askAgain }: PlanContext,
  { userId }: DeliveredPerson,
  { kind }: Command,
): boolean => takesSeat(kind) && hasNoSeats?.() === true && askAgain?.has(refusalKey(userId, kind)) !== true;
