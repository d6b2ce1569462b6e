import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

export type KeeperWorld = {
  readonly now: () => Date;
  /** Resolves after the time, or rejects when the signal aborts. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  readonly random: () => number;
  readonly newId: () => string;
  /** A new `clientState`: unguessable, 128 characters at most. */
  readonly newSecret: () => string;
};

export const realKeeperWorld: KeeperWorld = {
  now: () => new Date(),
  sleep: (milliseconds, signal) => wait(milliseconds, undefined, signal === undefined ? {} : { signal }),
  random: Math.random,
  newId: randomUUID,
  newSecret: () => randomBytes(48).toString('base64url'),
};
