import type { Command, CommandKind } from '../commands.js';
import type { DeliveredPerson, Rejected } from '../delivery/delivered-person.js';
import { silentKinds } from '../delivery/evolve-unanswered.js';
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
const DAYS = [1, 7, 28] as const;
const DAY = 24 * 3_600_000;
/** A daily cycle that comes a little early asks, rather than a day late. */
const EARLY = 3_600_000;

/**
 * Whether Learn Amp is asked once more for what it refused: what it lacked may be there by now. Both times are Graph's. Where
 * one of them cannot be read it is not asked, so that a broken clock never makes a refusal a request in every cycle.
 */
export const isDueAgain = ({ at, times }: Pick<Rejected, 'at' | 'times'>, graphTime: string): boolean => {
  const days = DAYS[Math.min(times, DAYS.length) - 1] ?? DAYS[0];
  return Date.parse(graphTime) - Date.parse(at) >= days * DAY - EARLY;
};

/** Refused, or without an answer for too long, and not to be asked once more: the command is left out of the plan. */
export const isLeftOut = (
  { askAgain, settingsRevision }: Pick<PlanContext, 'askAgain' | 'settingsRevision'>,
  delivered: DeliveredPerson,
  command: Command,
): boolean => {
  const { kind } = command;
  const rejected = delivered.rejected[kind];
  const isSilent = silentKinds(delivered).includes(kind);
  if (!isSilent && (rejected === undefined || !isRefused(delivered, command))) return false;
  if (!isSilent && rejected !== undefined && forGood.has(rejected.code)) return true;
  const since = isSilent ? delivered.unanswered[kind]?.revision : rejected?.revision;
  // Refused under other settings: whoever changed them may have done so for this.
  if (isLater(settingsRevision?.() ?? '', since ?? '')) return false;
  return askAgain?.has(refusalKey(delivered.userId, kind)) !== true;
};
