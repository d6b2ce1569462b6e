import { canonicalJson } from '@learnamp/directory-sync-event-sourcing';
import { createHash } from 'node:crypto';
import type { EngineState } from './engine-state.js';

/**
 * SHA-256 over the canonical JSON of everything folded: people, what Learn Amp holds, edges, connection.
 * Two processes that folded the same stream give the same digest, however its events were cut, restarted and read again.
 */
export const stateDigest = (state: EngineState): string => {
  const hash = createHash('sha256');
  const line = (value: unknown): void => {
    hash.update(canonicalJson(value));
    hash.update('\n');
  };
  line(state.connection());
  for (const person of state.people()) line(person);
  for (const person of state.deliveredPeople()) line(person);
  const { membership } = state;
  for (const groupId of [...membership.groups()].sort())
    line([groupId, membership.isDeleted(groupId), [...membership.membersOf(groupId)].sort()]);
  return hash.digest('hex');
};
