import type { ObjectId, PlanContext, TeamKey } from '@learnamp/directory-sync-domain';

/** What a plan looked at besides its own person, by name: a person, the holder of an address or an account, a team. */
export type Looked = string;

export const aPerson = (userId: ObjectId): Looked => `person:${userId}`;
export const anAddress = (email: string): Looked => `email:${email}`;
export const anAccount = (learnAmpUserId: string): Looked => `account:${learnAmpUserId}`;
export const aTeam = (key: TeamKey): Looked => `team:${key}`;

/** The same context, which tells what it was asked for: whoever looked at something is planned again when that changes. */
export const tracedContext = (context: PlanContext, look: (at: Looked) => void): PlanContext => ({
  ...context,
  person: (userId) => {
    look(aPerson(userId));
    return context.person(userId);
  },
  delivered: (userId) => {
    look(aPerson(userId));
    return context.delivered(userId);
  },
  team: (key) => {
    look(aTeam(key));
    return context.team(key);
  },
  holderOfEmail: (email) => {
    look(anAddress(email));
    return context.holderOfEmail(email);
  },
  holderOfAccount: (learnAmpUserId) => {
    look(anAccount(learnAmpUserId));
    return context.holderOfAccount(learnAmpUserId);
  },
});

/** Who looked at what. Invariant: `lookersAt` of a name are those whose last `note` holds it. */
export const makeLookers = () => {
  const names = new Map<ObjectId, ReadonlySet<Looked>>();
  const lookers = new Map<Looked, Set<ObjectId>>();
  const forget = (userId: ObjectId): void => {
    for (const name of names.get(userId) ?? []) {
      const those = lookers.get(name);
      those?.delete(userId);
      if (those?.size === 0) lookers.delete(name);
    }
    names.delete(userId);
  };
  return {
    forget,
    note: (userId: ObjectId, looked: ReadonlySet<Looked>): void => {
      forget(userId);
      names.set(userId, looked);
      for (const name of looked) {
        const those = lookers.get(name) ?? new Set<ObjectId>();
        those.add(userId);
        lookers.set(name, those);
      }
    },
    lookersAt: (name: Looked): Iterable<ObjectId> => lookers.get(name) ?? [],
  };
};
