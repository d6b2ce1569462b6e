import {
  defaultPreferences,
  desire,
  evolveDelivered,
  evolvePerson,
  deliveredKeysOf,
  initialDelivered,
  initialPerson,
  onCopy,
  planPerson,
  type Command,
  type DeliveredPerson,
  type DirectoryEvent,
  type DirectoryPerson,
  type LearnAmpUserId,
  type ObjectId,
  type PersonPlan,
  type PlanContext,
  type TeamId,
  type TeamKey,
} from '@learnamp/directory-sync-domain';
import type { EventEnvelope } from '@learnamp/directory-sync-event-sourcing';

type Envelope = EventEnvelope<DirectoryEvent>;

/** What the events of a made-up company lead to, by the genuine folds and the genuine planner. */
export type MadePlans = {
  readonly record: (event: DirectoryEvent) => void;
  readonly planOf: (userId: ObjectId) => PersonPlan;
  readonly commandsOf: (userId: ObjectId) => ReadonlyArray<Command>;
  readonly delivered: (userId: ObjectId) => DeliveredPerson;
};

export const makeMadePlans = (): MadePlans => {
  const people = new Map<string, DirectoryPerson>();
  const accounts = new Map<string, DeliveredPerson>();
  const holders = new Map<LearnAmpUserId, ObjectId>();
  const teams = new Map<TeamKey, { readonly teamId: TeamId; readonly name: string }>();
  let revision = 0n;
  const delivered = (userId: string): DeliveredPerson => accounts.get(userId) ?? initialDelivered(userId);

  const context: PlanContext = {
    preferences: defaultPreferences,
    person: (userId) => people.get(userId),
    delivered,
    desired: (person) => desire(defaultPreferences, person),
    team: (key) => teams.get(key),
    holderOfEmail: () => undefined,
    holderOfAccount: (learnAmpUserId) => holders.get(learnAmpUserId),
    unsupported: new Set(),
  };
  const planOf = (userId: ObjectId): PersonPlan => planPerson(context, userId);

  return {
    record: ({ type, data }) => {
      const event = { type, data, revision, erased: false } as Envelope;
      revision += 1n;
      if (event.type === 'TeamEnsured') teams.set(event.data.teamKey, event.data);
      if (event.type === 'UserLinked') holders.set(event.data.learnAmpUserId, event.data.userId);
      if ('userId' in event.data) {
        const { userId } = event.data;
        const before = people.get(userId) ?? initialPerson(userId);
        const after = evolvePerson(before, event, userId, onCopy);
        if (after !== before) people.set(userId, after);
      }
      for (const key of deliveredKeysOf(event)) accounts.set(key, evolveDelivered(delivered(key), event, key, onCopy));
    },
    planOf,
    commandsOf: (userId) => {
      const { commands, leaver } = planOf(userId);
      return leaver === undefined ? commands : [...commands, leaver];
    },
    delivered,
  };
};
