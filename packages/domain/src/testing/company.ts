import type { Attributes } from '../attributes.js';
import type { DirectoryEvent } from '../events/directory-events.js';
import type { ObjectId } from '../ids.js';
import type { Preferences } from '../preferences/preferences.js';
import { person } from './made-ids.js';
import { joined, wholeProfile } from './made-observations.js';
import { makeModelLearnAmp, type ModelAccount, type ModelLearnAmp, type ModelOptions } from './model-learn-amp.js';
import { makeWorld, type World } from './world.js';

export const names = ['Ann', 'Ben', 'Cleo', 'Dan', 'Eve', 'Fay'] as const;
export const [ann, ben, cleo, dan, eve, fay] = [person(0), person(1), person(2), person(3), person(4), person(5)];

/** A world with a Learn Amp to send to, and words for what happens in it. */
export type Company = World & {
  readonly learnAmp: ModelLearnAmp;
  readonly join: (userId: ObjectId, attributes?: Attributes, more?: Parameters<typeof joined>[2]) => void;
  readonly leave: (userId: ObjectId, options?: { readonly confirmed?: boolean; readonly deleted?: boolean }) => void;
  readonly tell: (userId: ObjectId, type: DirectoryEvent['type'], to: string | null) => void;
  readonly manage: (userId: ObjectId, managerId: ObjectId | null) => void;
  readonly accountOf: (userId: ObjectId) => ModelAccount | undefined;
  /** Settles, and answers with the kinds of command that took. */
  readonly sync: () => ReadonlyArray<string>;
};

const profileOf = (userId: ObjectId): Attributes =>
  wholeProfile(names.find((_, number) => person(number) === userId) ?? 'Nobody');

export const openCompany = (preferences: Partial<Preferences> = {}, options: Partial<ModelOptions> = {}): Company => {
  const world = makeWorld(preferences);
  const learnAmp = makeModelLearnAmp({ showsAccounts: true, ...options });
  return Object.assign(world, {
    learnAmp,
    join: (userId: ObjectId, attributes: Attributes = {}, more: Parameters<typeof joined>[2] = {}) => {
      world.record(joined(userId, { ...profileOf(userId), ...attributes }, more));
    },
    leave: (userId: ObjectId, { confirmed = true, deleted = false } = {}) => {
      if (deleted) world.record({ type: 'UserDeleted', data: { userId, reason: 'soft' } });
      world.record({ type: 'UserLeftGroup', data: { userId, reason: deleted ? 'deleted' : 'removed' } });
      if (confirmed)
        world.record({ type: 'LeaveConfirmed', data: { userId, by: deleted ? 'not-found' : 'checkMemberGroups' } });
    },
    tell: (userId: ObjectId, type: DirectoryEvent['type'], to: string | null) => {
      world.record({ type, data: { userId, from: null, to } } as DirectoryEvent);
    },
    manage: (userId: ObjectId, managerId: ObjectId | null) => {
      const from = world.person(userId)?.managerId ?? null;
      world.record(
        managerId === null
          ? { type: 'ManagerUnassigned', data: { userId, from } }
          : { type: 'ManagerAssigned', data: { userId, managerId, from } },
      );
    },
    accountOf: (userId: ObjectId) => {
      const { link } = world.delivered(userId);
      return link === undefined ? undefined : learnAmp.accounts.get(link);
    },
    sync: () => {
      const before = learnAmp.sent.length;
      world.settle(learnAmp);
      return learnAmp.sent.slice(before).map(({ kind }) => kind);
    },
  });
};
