import type { ObjectId, PersonPlan, PlanContext, Preferences } from '@learnamp/directory-sync-domain';
import { encodePreferences, plannerVersion } from '@learnamp/directory-sync-domain';
import { canonicalJson } from '@learnamp/directory-sync-event-sourcing';
import { createHash } from 'node:crypto';

/** Bumped whenever other people would count as idle. */
const IDLE_VERSION = 1;

/** What everybody is planned with, as a digest: idle plans are trusted only under the one they were made with. */
export const planBasis = (preferences: Preferences): string =>
  createHash('sha256')
    .update(canonicalJson([plannerVersion, IDLE_VERSION, encodePreferences(preferences)]))
    .digest('hex');

/** Their team is to be made yet, or Learn Amp refused it. */
const waitsForTeam = (context: PlanContext, { team }: PersonPlan): boolean =>
  team !== undefined && context.team(team.key) === undefined;

/**
 * Nothing to send, to record or to report, and nothing that somebody else could change but by being their manager. People in
 * scope without an account never count as idle: whether theirs can be made rests on who holds the address.
 */
export const isIdle = (context: PlanContext, userId: ObjectId, plan: PersonPlan): boolean => {
  const { commands, leaver, notes, standing } = plan;
  if (commands.length > 0 || leaver !== undefined || notes.length > 0 || standing.length > 0) return false;
  if (waitsForTeam(context, plan)) return false;
  return context.person(userId)?.inScope !== true || context.delivered(userId).link !== undefined;
};
