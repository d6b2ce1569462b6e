import { eventTypes } from '@learnamp/directory-sync';
import { expect, it } from 'vitest';
import { eventGroups } from '../../../packages/console/app/src/components/event-groups.js';

it('every event that can be recorded can be asked for in the log, in one group', () => {
  const offered = eventGroups.flatMap(([, types]) => types);
  expect([...offered].sort()).toEqual([...eventTypes].sort());
});
