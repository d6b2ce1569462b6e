import type { DeliveredPerson } from '../delivery/delivered-person.js';
import { silentKinds } from '../delivery/evolve-unanswered.js';
import type { ObjectId } from '../ids.js';
import { inScopeNow } from './in-scope-now.js';
import { nothing, type PersonPlan, type PlanNote } from './person-plan.js';
import type { PlanContext } from './plan-context.js';
import { planLeaver } from './plan-leaver.js';
import { planLinked } from './plan-linked.js';
import { planUnlinked } from './plan-unlinked.js';
import { noAnswer } from './sendable.js';

/** Others were answered, and about this person there was no answer: asked again, and parked when it goes on like that. */
const withoutAnswer = (delivered: DeliveredPerson): ReadonlyArray<PlanNote> => {
  const { userId, unanswered } = delivered;
  if (silentKinds(delivered).length > 0) return [{ userId, kind: 'parked', reason: noAnswer }];
  return Object.keys(unanswered).map((kind) => ({ userId, kind: 'unanswered', reason: kind }));
};

/**
 * The difference between what Learn Amp holds and what it should hold, for one person: no queue, no history, so ten changes
 * are one call and the same function serves every kind of cycle, the preview and the what-if.
 * Nothing is planned for somebody who was never in scope, nor on a slot whose last command has no receipt.
 */
export const planPerson = (context: PlanContext, userId: ObjectId): PersonPlan => {
  const unreadable = context.unreadable?.(userId);
  if (unreadable !== undefined) {
    const reason = `unreadable-event: ${unreadable.type} at revision ${unreadable.revision}`;
    return { ...nothing, notes: [{ userId, kind: 'parked', reason }] };
  }
  const person = context.person(userId);
  if (person === undefined || !person.everInScope || person.erased) return nothing;
  const delivered = context.delivered(userId);
  if (Object.keys(delivered.unknown).length > 0) return { ...nothing, notes: withoutAnswer(delivered) };
  const { link } = delivered;
  if (!inScopeNow(context, person)) return link === undefined ? nothing : planLeaver(context, person, delivered, link);
  const desired = context.desired(person);
  return link === undefined
    ? planUnlinked(context, { desired, delivered })
    : planLinked(context, { person, desired, delivered, learnAmpUserId: link });
};
