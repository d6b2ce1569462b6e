import type { DeliveredPerson, DirectoryPerson, ObjectId, PlanContext, Reach } from '@learnamp/directory-sync-domain';
import { pathTo } from '@learnamp/directory-sync-domain';
import type { DeliveredSide, DesiredSide, DirectorySide, PersonAt } from './state-views.js';

/** What one person is looked at with: a state, and the preferences recorded by then. */
export type Surroundings = { readonly context: PlanContext; readonly reach: Reach | undefined };

const ERASED = '[erased]';

const directorySide = (person: DirectoryPerson, reach: Reach | undefined): DirectorySide => ({
  inScope: person.inScope,
  everInScope: person.everInScope,
  erased: person.erased,
  accountEnabled: person.accountEnabled,
  attributes: person.attributes,
  managerId: person.managerId,
  groupPath: person.inScope && reach !== undefined ? pathTo(person.userId, reach) : [],
  deleted: person.deleted,
  leave: person.leave,
  photo: person.photo,
});

const without = <A extends object, B>(record: Readonly<Record<string, A>>, shown: (value: A) => B) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, shown(value)]));

const deliveredSide = (person: DeliveredPerson): DeliveredSide => ({
  learnAmpUserId: person.link,
  candidate: person.candidate === null ? null : person.candidate?.learnAmpUserId,
  gone: person.gone,
  status: person.status,
  role: person.role,
  email: person.email,
  firstName: person.firstName,
  lastName: person.lastName,
  profile: person.profile,
  teamKey: person.teamKey,
  teamId: person.teamId,
  managerLearnAmpUserId: person.managerLearnAmpUserId,
  customFields: person.customFields,
  photo: person.photo === null ? null : person.photo?.mark,
  unanswered: Object.keys(person.unknown).sort(),
  rejected: without(person.rejected, ({ code, fields }) => ({ code, fields })),
  deferred: without(person.deferred, ({ on, waitingFor }) => ({ on, waitingFor })),
  parked: person.parked,
  conflict: person.conflict?.conflict,
  hold: person.hold,
});

const desiredSide = ({ desired }: PlanContext, person: DirectoryPerson): DesiredSide => {
  const { email, firstName, lastName, profile, team, customFields } = desired(person);
  return { email, firstName, lastName, profile, team: team?.name, customFields };
};

export type BothSides = {
  readonly person: DirectoryPerson | undefined;
  readonly delivered: DeliveredPerson | undefined;
};

/** One person as the two sides stood. `undefined`: the log had told nothing of them. */
export const personAt = (
  { context, reach }: Surroundings,
  userId: ObjectId,
  { person, delivered }: BothSides,
): PersonAt | undefined => {
  if (person === undefined && delivered === undefined) return undefined;
  return {
    _tag: 'Person',
    userId,
    displayName: person?.erased === true ? ERASED : (person?.attributes.displayName ?? null),
    directory: person === undefined ? null : directorySide(person, reach),
    delivered: delivered === undefined ? null : deliveredSide(delivered),
    desired: person?.inScope === true && !person.erased ? desiredSide(context, person) : null,
  };
};
