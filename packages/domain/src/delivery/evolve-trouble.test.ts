import { testEnvelopes } from '@learnamp/directory-sync-event-sourcing/testing';
import { describe, expect, it } from 'vitest';
import type { Command } from '../commands.js';
import type { DirectoryEvent } from '../events/directory-events.js';
import type { CommandId } from '../ids.js';
import { account as accountId, person } from '../testing/made-ids.js';
import { initialDelivered, type DeliveredPerson } from './delivered-person.js';
import { deliveredKeysOf, evolveDelivered } from './evolve-delivered.js';

const [ann, ben] = [person(1), person(2)];
const at = { userId: ann, learnAmpUserId: accountId(1) };
const identity = { email: 'ann@contoso.com', firstName: 'Ann', lastName: 'Archer' };
const commandId = 'c' as CommandId;
const titled = (jobTitle: string): Command => ({
  kind: 'UpdateProfile',
  ...at,
  identity,
  set: { jobTitle },
  clear: [],
});
const dispatched = (graphTime: string): DirectoryEvent => ({
  type: 'CommandsDispatched',
  data: { plannerVersion: 1, graphTime, items: [{ commandId, subject: ann, kind: 'UpdateProfile', mac: '' }] },
});
const rejected = (command: Command): DirectoryEvent => ({
  type: 'CommandRejected',
  data: { commandId, command, code: 'validation', fields: ['jobTitle'] },
});
const linked: DirectoryEvent = { type: 'UserLinked', data: { ...at, how: 'created' } };
const parked: DirectoryEvent = { type: 'CommandParked', data: { userId: ann, kind: 'CreateUser', reason: 'no-name' } };
const conflict: DirectoryEvent = {
  type: 'IdentityConflictDetected',
  data: { userId: ann, conflict: 'address-of-another-person', otherUserId: ben, learnAmpUserId: accountId(2) },
};
const gone: DirectoryEvent = { type: 'LearnAmpUserObserved', data: { userId: ann, account: null } };
const retried = (...userIds: ReadonlyArray<typeof ann>): DirectoryEvent => ({
  type: 'RetryRequested',
  data: { userIds, teamKeys: [], actor: 'x', reason: 'y' },
});

const after = (...history: ReadonlyArray<DirectoryEvent>): DeliveredPerson =>
  testEnvelopes(history)
    .filter((event) => deliveredKeysOf(event).includes(ann))
    .reduce((state, event) => evolveDelivered(state, event, ann), initialDelivered(ann));

describe('a refusal', () => {
  it("keeps when it was sent by Graph's time, and how often it was said of the same", () => {
    const once = [linked, dispatched('2026-03-01T00:00:00Z'), rejected(titled('A'))];
    expect(after(...once).rejected.UpdateProfile).toMatchObject({
      at: '2026-03-01T00:00:00Z',
      times: 1,
      revision: '2',
    });
    const twice = [...once, dispatched('2026-03-02T00:00:00Z'), rejected(titled('A'))];
    expect(after(...twice).rejected.UpdateProfile).toMatchObject({
      at: '2026-03-02T00:00:00Z',
      times: 2,
      revision: '4',
    });
  });

  it('of something else is counted from the beginning', () => {
    const state = after(linked, dispatched('a'), rejected(titled('A')), dispatched('b'), rejected(titled('B')));
    expect(state.rejected.UpdateProfile).toMatchObject({ at: 'b', times: 1 });
  });
});

describe('another try that somebody asked for', () => {
  it('forgets what was refused and what was parked, of those alone whom it names', () => {
    const troubled = [dispatched('a'), rejected(titled('A')), parked];
    expect(after(...troubled, retried(ann))).toMatchObject({ rejected: {}, parked: {}, conflict: undefined });
    expect(after(...troubled, retried(ben))).toMatchObject({ parked: { CreateUser: 'no-name' } });
    expect(deliveredKeysOf(retried(ann, ben))).toEqual([ann, ben]);
  });

  it('has Learn Amp looked at first where it is in doubt what stands there, once', () => {
    expect(after(linked, gone, retried(ann))).toMatchObject({ lookAgain: true, gone: true });
    expect(after(conflict, retried(ann)).lookAgain).toBe(true);
    expect(after(linked, dispatched('a'), rejected(titled('A')), retried(ann)).lookAgain).toBe(false);
    expect(after(linked, gone, retried(ann), gone).lookAgain).toBe(false);
  });

  it('decides no hold', () => {
    const held: DirectoryEvent = {
      type: 'CommandsHeld',
      data: { kind: 'deactivations', reason: 'count', userIds: [ann], graphTime: '' },
    };
    expect(after(linked, held, retried(ann)).hold?.standing).toBe('held');
  });
});

describe('since when somebody is in trouble', () => {
  it('is when the first of it began, until none is left', () => {
    const first = after(parked).troubledSince;
    expect(first).not.toBe('');
    expect(after(parked, conflict, rejected(titled('A'))).troubledSince).toBe(first);
    expect(after(parked, retried(ann)).troubledSince).toBe('');
    expect(after(linked).troubledSince).toBe('');
  });
});
