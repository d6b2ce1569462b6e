import { canonicalJson } from '@learnamp/directory-sync-event-sourcing';
import { createHash } from 'node:crypto';
import type { EngineState } from './engine-state.js';

/**
 * SHA-256 over the canonical JSON of everything folded: people, what Learn Amp holds, edges, connection.
 * Two processes that folded the same stream give the same digest, whatever order their maps were filled in.
 */
export const stateDigest = (state: EngineState): string => {
  const hash = createHash('sha256');
  const line = (value: unknown): void => {
    hash.update(canonicalJson(JSON.parse(JSON.stringify(value))));
    hash.update('\n');
  };
  const sorted = <T extends { readonly userId: string }>(items: Iterable<T>): ReadonlyArray<T> =>
    [...items].sort((a, b) => (a.userId < b.userId ? -1 : 1));
  line(state.connection());
  for (const person of sorted(state.people())) line(person);
  for (const person of sorted(state.deliveredPeople())) line(person);
  for (const groupId of [...state.membership.groups()].sort())
    line([groupId, state.membership.isDeleted(groupId), [...state.membership.membersOf(groupId)].sort()]);
  return hash.digest('hex');
};
