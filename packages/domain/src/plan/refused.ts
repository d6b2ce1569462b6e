import type { Command, CommandKind } from '../commands.js';
import type { DeliveredPerson } from '../delivery/delivered-person.js';
import type { ObjectId } from '../ids.js';
import type { RejectionCode } from '../receipts.js';
import type { PlanContext } from './plan-context.js';

const sameData = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const left = Object.entries(a).filter(([, value]) => value !== undefined);
  const right = new Map(Object.entries(b).filter(([, value]) => value !== undefined));
  return left.length === right.size && left.every(([key, value]) => right.has(key) && sameData(value, right.get(key)));
};

/** Names one person's refusal of one kind of command. */
export const refusalKey = (userId: ObjectId, kind: CommandKind): string => `${userId}/${kind}`;

/** Learn Amp refused this very command: it is not sent again before something of its content changes. */
export const isRefused = (delivered: DeliveredPerson, command: Command): boolean => {
  const rejected = delivered.rejected[command.kind];
  return rejected !== undefined && sameData(rejected.command, command);
};

/** Refused for what it is and not for what Learn Amp lacks: asking once more cannot change that. */
const forGood: ReadonlySet<RejectionCode> = new Set(['not_an_image', 'too_large']);

/** Refused, and not to be asked once more: the command is left out of the plan. */
export const isLeftOut = ({ askAgain }: PlanContext, delivered: DeliveredPerson, command: Command): boolean => {
  const rejected = delivered.rejected[command.kind];
  if (rejected === undefined || !isRefused(delivered, command)) return false;
  return forGood.has(rejected.code) || askAgain?.has(refusalKey(delivered.userId, command.kind)) !== true;
};
