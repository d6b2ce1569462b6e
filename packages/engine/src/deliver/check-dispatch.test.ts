import type { Command, CommandId, DirectoryEvent, LearnAmpUserId, ObjectId } from '@learnamp/directory-sync-domain';
import { defaultPreferences } from '@learnamp/directory-sync-domain';
import { describe, expect, it } from 'vitest';
import { DirectorySyncError } from '../directory-sync-error.js';
import { makeShadowRecorder } from '../record/recorder.js';
import { makeEngineState } from '../state/engine-state.js';
import { checkDispatch, violationOf, type DispatchCheck } from './check-dispatch.js';
import { admitDelivery, pauseEvents } from './delivery-pause.js';

const now = () => new Date('2026-03-02T08:00:00Z');
const graphTime = now().toISOString();
const ann = 'aaaaaaaa-0000-4000-8000-000000000001' as ObjectId;
const ben = 'aaaaaaaa-0000-4000-8000-000000000002' as ObjectId;
const [annsAccount, bensAccount] = ['11', '22'] as [LearnAmpUserId, LearnAmpUserId];

const joined = (userId: ObjectId): DirectoryEvent => ({
  type: 'UserJoinedGroup',
  data: { userId, attributes: {}, accountEnabled: true, managerId: null, path: [] },
});
const linked = (userId: ObjectId, learnAmpUserId: LearnAmpUserId): DirectoryEvent => ({
  type: 'UserLinked',
  data: { userId, learnAmpUserId, how: 'created' },
});
const left: ReadonlyArray<DirectoryEvent> = [{ type: 'UserLeftGroup', data: { userId: ann, reason: 'removed' } }];
const confirmed: DirectoryEvent = { type: 'LeaveConfirmed', data: { userId: ann, by: 'checkMemberGroups' } };
const gone = [...left, confirmed];
const role = (name: string): DirectoryEvent => ({
  type: 'LearnAmpUserObserved',
  data: {
    userId: ann,
    account: {
      learnAmpUserId: annsAccount,
      email: 'ann@contoso.example',
      firstName: 'Ann',
      lastName: 'Lee',
      status: 'confirmed',
      role: name,
    },
  },
});
const held: DirectoryEvent = {
  type: 'CommandsHeld',
  data: { kind: 'deactivations', reason: 'protected', userIds: [ann], graphTime },
};
const decided = (type: 'HeldCommandsApproved' | 'HeldCommandsRejected'): DirectoryEvent => ({
  type,
  data: { kind: 'deactivations', userIds: [ann], actor: 'Eve', reason: 'known' },
});

const identity = { email: 'ann@contoso.example', firstName: 'Ann', lastName: 'Lee' };
const deactivate: Command = { kind: 'DeactivateUser', userId: ann, learnAmpUserId: annsAccount, reason: 'left_scope' };
const reactivate: Command = { kind: 'ReactivateUser', userId: ann, learnAmpUserId: annsAccount, reason: 'returned' };
const create: Command = { kind: 'CreateUser', userId: ann, identity, externalId: ann, profile: {}, invite: 'none' };
const update = (learnAmpUserId: LearnAmpUserId): Command => ({
  kind: 'UpdateProfile',
  userId: ann,
  learnAmpUserId,
  identity,
  set: {},
  clear: [],
});

/** Ann and Ben have accounts, unless the events are all there is. */
const openState = async (events: ReadonlyArray<DirectoryEvent>, people = true) => {
  const state = makeEngineState();
  const recorder = makeShadowRecorder(state, now);
  recorder.openCycle(() => [], 'cycle');
  const company = people
    ? [joined(ann), linked(ann, annsAccount), joined(ben), linked(ben, bensAccount)]
    : [joined(ann)];
  await recorder.record(() => [...company, ...events]);
  return { state, recorder };
};

const checkOf = async (events: ReadonlyArray<DirectoryEvent>, more: Partial<DispatchCheck> = {}, people = true) => {
  const { state } = await openState(events, people);
  const check: DispatchCheck = {
    state,
    preferences: defaultPreferences,
    isOvertaken: () => false,
    succeeded: new Set(),
    ...more,
  };
  return (...commands: ReadonlyArray<Command>): string | undefined => {
    try {
      const dispatch = commands.map((command, at) => ({ commandId: `id-${at}` as CommandId, command, unknown: false }));
      checkDispatch(check, dispatch);
      return undefined;
    } catch (error) {
      if (!(error instanceof DirectorySyncError)) throw error;
      expect(error.code).toBe('invariant-violated');
      expect(violationOf(error)).toMatchObject({ subject: ann });
      expect(error.message).toContain(ann);
      return violationOf(error)?.invariant;
    }
  };
};

describe('what a sound planner sends', () => {
  it('passes: a confirmed leaver, an approved admin, a new account, updates in their order, an adopted account', async () => {
    expect((await checkOf(gone))(deactivate)).toBeUndefined();
    expect(
      (await checkOf([role('admin'), ...gone, held, decided('HeldCommandsApproved')]))(deactivate),
    ).toBeUndefined();
    expect((await checkOf([], {}, false))(create)).toBeUndefined();
    expect((await checkOf([]))(update(annsAccount))).toBeUndefined();
    expect((await checkOf([]))(reactivate, update(annsAccount))).toBeUndefined();
  });
});

describe('what may never be sent', () => {
  it.each<[string, string, ReadonlyArray<DirectoryEvent>, Command, Partial<DispatchCheck>?]>([
    ['a command that there is none of', 'I-03', [], { ...deactivate, kind: 'DeleteUser' } as unknown as Command],
    ['a deactivation of somebody in scope', 'I-08', [], deactivate],
    ['a deactivation whose leave nobody confirmed', 'I-01', left, deactivate],
    ['a deactivation that is held', 'I-10', [...gone, held], deactivate],
    ['a deactivation that was decided against', 'I-10', [...gone, held, decided('HeldCommandsRejected')], deactivate],
    ['a deactivation of an admin that nobody approved', 'I-17', [role('admin'), ...gone], deactivate],
    [
      'a deactivation of somebody the company named',
      'I-17',
      gone,
      deactivate,
      { preferences: { ...defaultPreferences, neverDeactivate: [ann] } },
    ],
    [
      'a second deactivation',
      'I-06',
      [
        ...gone,
        {
          type: 'CommandSucceeded',
          data: { commandId: 'x' as CommandId, command: deactivate, result: 'updated' },
        },
      ],
      deactivate,
    ],
    ['a second account', 'I-02', [], create],
    ['a command to an account of somebody else', 'I-02', [], update(bensAccount)],
    ['an update of somebody who left', 'I-08', gone, update(annsAccount)],
    [
      'anything before it is known what became of the last command',
      'I-06',
      [
        {
          type: 'CommandsDispatched',
          data: {
            plannerVersion: 1,
            graphTime,
            items: [{ commandId: 'x' as CommandId, subject: ann, kind: 'UpdateProfile', mac: '' }],
          },
        },
      ],
      update(annsAccount),
    ],
    ['anything behind another engine', 'I-16', [], update(annsAccount), { isOvertaken: () => true }],
    ['what was carried out already', 'I-06', [], update(annsAccount), { succeeded: new Set(['id-0' as CommandId]) }],
  ])('%s is %s', async (...[, invariant, events, command, more]) => {
    expect((await checkOf(events, more))(command)).toBe(invariant);
  });

  it('an update before the account is active again, out of order, is I-07', async () => {
    expect((await checkOf([]))(update(annsAccount), reactivate)).toBe('I-07');
  });
});

describe('a dispatch that would have broken an invariant', () => {
  const violation = async (): Promise<DirectorySyncError> => {
    const { state } = await openState([]);
    const check = { state, preferences: defaultPreferences, isOvertaken: () => false, succeeded: new Set<CommandId>() };
    try {
      checkDispatch(check, [{ commandId: 'id' as CommandId, command: deactivate, unknown: false }]);
    } catch (error) {
      if (error instanceof DirectorySyncError) return error;
    }
    throw new Error('It was let through.');
  };

  it('stops delivery until it is resumed or another version runs, and says which rule and whose it was', async () => {
    const { state, recorder } = await openState([]);
    const events = pauseEvents(state, await violation());
    expect(events).toMatchObject([
      { type: 'DeliveryPaused', data: { reason: 'invariant-violated', invariant: 'I-08', subject: ann } },
    ]);
    await recorder.record(() => events);
    expect(pauseEvents(state, await violation())).toEqual([]);
    const cycle = { state, recorder } as Parameters<typeof admitDelivery>[0];
    await expect(admitDelivery(cycle, true)).rejects.toMatchObject({ code: 'invariant-violated' });
    await recorder.record(() => [{ type: 'ConnectionResumed', data: { actor: 'Eve', reason: 'fixed' } }]);
    await expect(admitDelivery(cycle, true)).resolves.toBeUndefined();
    const [pause] = events;
    if (pause?.type !== 'DeliveryPaused') throw new Error('It did not pause.');
    await recorder.record(() => [{ ...pause, data: { ...pause.data, version: 'another' } }]);
    await admitDelivery(cycle, true);
    expect(state.connection().deliveryPaused).toBeUndefined();
  });
});
