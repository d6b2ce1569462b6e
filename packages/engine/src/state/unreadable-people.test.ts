import type { DirectoryEvent, EventUnreadable, ObjectId } from '@learnamp/directory-sync-domain';
import { makeMemoryRows } from '@learnamp/directory-sync-event-sourcing';
import { testEnvelopes } from '@learnamp/directory-sync-event-sourcing/testing';
import { describe, expect, it } from 'vitest';
import { person } from '../../../domain/src/testing/made-ids.js';
import { makeEngineState } from './engine-state.js';

const ann: ObjectId = person(1);
const joined: DirectoryEvent = {
  type: 'UserJoinedGroup',
  data: { userId: ann, attributes: { displayName: 'Ann' }, accountEnabled: true, managerId: null, path: [] },
};
const unreadable = (of: EventUnreadable['data']['of']): EventUnreadable => ({
  type: 'EventUnreadable',
  data: { userId: ann, of },
});

/** Folded one by one, as an engine does, and all at once, as a rebuild does. */
describe.each([
  ['one by one', 1],
  ['at once', 100],
])('somebody with events that cannot be read, folded %s', (_, size) => {
  const fold = (...events: ReadonlyArray<DirectoryEvent | EventUnreadable>) => {
    const state = makeEngineState(makeMemoryRows());
    const envelopes = testEnvelopes(events as ReadonlyArray<DirectoryEvent>);
    for (let at = 0; at < envelopes.length; at += size) {
      const batch = envelopes.slice(at, at + size);
      const revision = BigInt(at + batch.length - 1);
      state.apply(batch, { revision, hash: `hash ${revision}` });
    }
    return state.unreadable(ann);
  };

  it('is whole again once the directory is recorded anew, where the directory is what could not be read', () => {
    expect(fold(joined, unreadable('DepartmentChanged'))).toEqual({ revision: '1', type: 'DepartmentChanged' });
    expect(fold(joined, unreadable('DepartmentChanged'), joined)).toBeUndefined();
  });

  it('stays parked over what Learn Amp or an administrator said, whatever of the directory cannot be read either', () => {
    const parked = { revision: '1', type: 'HeldCommandsRejected' };
    expect(fold(joined, unreadable('HeldCommandsRejected'), joined)).toEqual(parked);
    expect(fold(joined, unreadable('HeldCommandsRejected'), unreadable('DepartmentChanged'), joined)).toEqual(parked);
  });
});
