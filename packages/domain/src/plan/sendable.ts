import type { Command, CommandKind } from '../commands.js';
import type { DeliveredPerson } from '../delivery/delivered-person.js';
import type { ObjectId } from '../ids.js';
import type { PlanNote } from './person-plan.js';
import type { PlanContext } from './plan-context.js';
import { leftOutFor, waitsForSeat, type Unwelcome } from './refused.js';

export type Sendable = { readonly commands: ReadonlyArray<Command>; readonly notes: ReadonlyArray<PlanNote> };

/** Learn Amp requires all three in every write; an empty one would only be refused. */
const isWhole = (command: Command): boolean =>
  !('identity' in command) || Object.values(command.identity).every((part) => part !== '');

/** Taken by an account that this company cannot see: a person has to find out whose it is. */
const needsPerson: ReadonlySet<string> = new Set(['email_used_elsewhere']);

/** Learn Amp answers others, and gives no answer about this one (`MOST_UNANSWERED` times in a row). */
export const noAnswer = 'no-answer';

/** The company's plan at Learn Amp has no seat left. */
export const noSeats = 'no_seats';

/** What Learn Amp refused and would refuse again, while it is still wanted. */
const refusal = (userId: ObjectId, kind: CommandKind, why: Unwelcome): ReadonlyArray<PlanNote> => {
  if (why._tag === 'NoAnswer') return [{ userId, kind: 'parked', reason: noAnswer }];
  const { code, fields } = why;
  if (needsPerson.has(code)) return [{ userId, kind: 'parked', reason: code }];
  const reason = fields.length === 0 ? `${kind}: ${code}` : `${kind}: ${code} (${fields.join(', ')})`;
  return [{ userId, kind: 'rejected', reason }];
};

/** `undefined`: it may go out. */
const obstacle = (
  context: PlanContext,
  delivered: DeliveredPerson,
  command: Command,
): ReadonlyArray<PlanNote> | undefined => {
  if (context.unsupported.has(command.kind)) return [];
  const { userId } = delivered;
  if (!isWhole(command)) return [{ userId, kind: 'parked', reason: 'no-name' }];
  if (waitsForSeat(context, delivered, command)) return [{ userId, kind: 'parked', reason: noSeats }];
  const why = leftOutFor(context, delivered, command);
  return why === undefined ? undefined : refusal(userId, command.kind, why);
};

/**
 * Of the commands a person needs, in their order, those that may be sent now. One that Learn Amp refused is left out and
 * noted until something of its content changes, so one bad person costs one request and not one a cycle (FC-85).
 *
 * @param everythingWaits whether all that follows has to wait when this command cannot go out
 */
export const sendable = (
  context: PlanContext,
  delivered: DeliveredPerson,
  wanted: ReadonlyArray<Command>,
  everythingWaits: (command: Command) => boolean,
): Sendable => {
  const commands: Command[] = [];
  const notes: PlanNote[] = [];
  for (const command of wanted) {
    const inTheWay = obstacle(context, delivered, command);
    if (inTheWay === undefined) commands.push(command);
    else {
      notes.push(...inTheWay);
      if (everythingWaits(command)) break;
    }
  }
  return { commands, notes };
};
