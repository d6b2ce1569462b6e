import { personEventTypes } from '@learnamp/directory-sync-domain';
import type { SyncReport } from '../directory-sync.js';

const memberships = ['GroupMemberAdded', 'GroupMemberRemoved', 'GroupDeleted', 'GroupRestored'];
const told: ReadonlySet<string> = new Set([...personEventTypes, ...memberships]);

/** Whether a poll found what a notification should have told of. */
export const foundByPoll = ({ trigger, events }: SyncReport): boolean =>
  trigger === 'schedule' && Object.keys(events).some((type) => told.has(type));
