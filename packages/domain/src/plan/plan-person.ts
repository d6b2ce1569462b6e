import type { ObjectId } from '../ids.js';
import { nothing, type PersonPlan, type PlanNote } from './person-plan.js';
import type { PlanContext } from './plan-context.js';
import { planLeaver } from './plan-leaver.js';
import { planLinked } from './plan-linked.js';
import { planUnlinked } from './plan-unlinked.js';
import type { DeliveredPerson } from '../delivery/delivered-person.js';

/** What Learn Amp refused and would refuse again stays visible until it changes. */
const refusalNotes = (delivered: DeliveredPerson): ReadonlyArray<PlanNote> =>
  Object.entries(delivered.rejected).map(([kind, { code, fields }]) => ({
    userId: delivered.userId,
    kind: 'rejected',
    reason: fields.length === 0 ? `${kind}: ${code}` : `${kind}: ${code} (${fields.join(', ')})`,
  }));

/**
 * The difference between what Learn Amp holds and what it should hold, for one person: no queue, no history, so ten changes
 * are one call and the same function serves every kind of cycle, the preview and the what-if (design D2).
 * Nothing is planned on a slot whose last command has no receipt.
 */
export const planPerson = (context: PlanContext, userId: ObjectId): PersonPlan => {
  const person = context.person(userId);
  if (person === undefined || !person.everInScope) return nothing;
  const delivered = context.delivered(userId);
  if (Object.keys(delivered.unknown).length > 0) return nothing;
  const { link } = delivered;
  const blocked = context.preferences.deactivateBlockedAccounts && !person.accountEnabled;
  const plan =
    person.inScope && !(blocked && link !== undefined)
      ? link === undefined
        ? planUnlinked(context, { person, desired: context.desired(person), delivered })
        : planLinked(context, { person, desired: context.desired(person), delivered, learnAmpUserId: link })
      : link === undefined
        ? nothing
        : planLeaver(context, person, delivered, link);
  const refused = person.inScope || plan.leaver !== undefined ? refusalNotes(delivered) : [];
  return refused.length === 0 ? plan : { ...plan, notes: [...plan.notes, ...refused] };
};
