import { testEnvelopes } from '@learnamp/directory-sync-event-sourcing/testing';
import { describe, expect, it } from 'vitest';
import type { Command, CommandKind } from '../commands.js';
import type { DirectoryEvent } from '../events/directory-events.js';
import type { CommandId, TeamKey } from '../ids.js';
import type { LearnAmpAccount } from '../learn-amp-account.js';
import { account as accountId, person, team } from '../testing/made-ids.js';
import { joined, wholeProfile } from '../testing/made-observations.js';
import { initialDelivered, type DeliveredPerson } from './delivered-person.js';
import { deliveredKeysOf, evolveDelivered } from './evolve-delivered.js';

const [ann, boss] = [person(1), person(2)];
const learnAmpUserId = accountId(1);
const at = { userId: ann, learnAmpUserId };
const identity = { email: 'ann@contoso.com', firstName: 'Ann', lastName: 'Archer' };
const shown: LearnAmpAccount = { learnAmpUserId, ...identity, status: 'confirmed' };

const create: Command = {
  kind: 'CreateUser',
  userId: ann,
  identity,
  externalId: ann,
  profile: { jobTitle: 'Analyst' },
  invite: 'none',
};
const setManager: Command = {
  kind: 'SetOverrideManager',
  ...at,
  identity,
  managerUserId: boss,
  managerLearnAmpUserId: accountId(2),
};
const setTeam: Command = { kind: 'SetPrimaryTeam', ...at, identity, teamKey: 'sales' as TeamKey, teamId: team(1) };
const deactivate: Command = { kind: 'DeactivateUser', ...at, reason: 'left_scope' };
const reactivate: Command = { kind: 'ReactivateUser', ...at, reason: 'returned' };

const commandId = 'c' as CommandId;
const dispatched = (...kinds: ReadonlyArray<CommandKind>): DirectoryEvent => ({
  type: 'CommandsDispatched',
  data: {
    plannerVersion: 1,
    graphTime: '',
    items: kinds.map((kind) => ({ commandId, subject: kind === 'EnsureTeam' ? 'sales' : ann, kind, mac: '' })),
  },
});
const succeeded = (
  command: Command,
  account?: LearnAmpAccount,
  result: 'created' | 'updated' | 'found' = 'updated',
): DirectoryEvent => ({
  type: 'CommandSucceeded',
  data: { commandId, command, result, ...(account === undefined ? {} : { account }) },
});
const rejected = (command: Command, code: 'validation' | 'not_found' = 'validation'): DirectoryEvent => ({
  type: 'CommandRejected',
  data: { commandId, command, code, fields: [] },
});
const fieldsRefused = (command: Command, ...fields: ReadonlyArray<string>): DirectoryEvent => ({
  type: 'CommandRejected',
  data: { commandId, command, code: 'unknown_custom_field', fields },
});
const linked: DirectoryEvent = { type: 'UserLinked', data: { ...at, how: 'created' } };
const observed = (account: LearnAmpAccount | null): DirectoryEvent => ({
  type: 'LearnAmpUserObserved',
  data: { userId: ann, account },
});
const deferredManager: DirectoryEvent = {
  type: 'CommandDeferred',
  data: { userId: ann, kind: 'SetOverrideManager', on: 'manager-inactive', waitingFor: boss },
};

const after = (...history: ReadonlyArray<DirectoryEvent>): DeliveredPerson =>
  testEnvelopes(history).reduce((state, event) => evolveDelivered(state, event, ann), initialDelivered(ann));
const made = [dispatched('CreateUser'), succeeded(create, shown, 'created'), linked];

describe('the people an event touches', () => {
  const unanswered: DirectoryEvent = {
    type: 'CommandsUnanswered',
    data: {
      graphTime: '',
      items: [
        { subject: ann, kind: 'UpdateProfile' },
        { subject: 'sales', kind: 'EnsureTeam' },
      ],
    },
  };

  it('are those whose commands had no answer, and no team', () => {
    expect(deliveredKeysOf(unanswered)).toEqual([ann]);
  });

  it('are none where it speaks of the connection alone', () => {
    expect(deliveredKeysOf({ type: 'SyncStarted', data: { trigger: 'full' } })).toEqual([]);
  });
});

describe('an override without a receipt', () => {
  const asked = [...made, dispatched('SetOverrideManager')];

  it('is ours once a look shows one, and nobody’s where it shows none, or nothing about it', () => {
    const seen = after(...asked, observed({ ...shown, managerLearnAmpUserId: accountId(2) }));
    expect(seen).toMatchObject({ managerSetAccount: accountId(2), managerSetRevision: '4' });
    expect(after(...asked, observed({ ...shown, managerLearnAmpUserId: null })).managerSetAccount).toBeUndefined();
    expect(after(...asked, observed(shown)).managerSetAccount).toBeUndefined();
  });
});

describe('a new account whose status no answer shows', () => {
  const status = (invite: 'none' | 'now') => after(succeeded({ ...create, invite }, undefined, 'created')).status;

  it('waits for its person to follow the invitation, where there was one', () => {
    expect([status('none'), status('now')]).toEqual(['not_invited', 'invite_pending']);
  });
});

describe('a language that was not taken', () => {
  const update: Command = { kind: 'UpdateProfile', ...at, identity, set: { language: 'tr' }, clear: [] };
  const dropped: DirectoryEvent = {
    type: 'CommandSucceeded',
    data: { commandId, command: update, result: 'updated', dropped: ['language'] },
  };

  it('leaves the one that the account was seen to hold, or what is not known', () => {
    const known = after(...made, observed({ ...shown, language: 'en' }), dropped);
    expect([known.profile.language, known.refusedLanguage]).toEqual(['en', 'tr']);
    const unknown = after(linked, dropped);
    expect([unknown.profile.language, unknown.refusedLanguage]).toEqual([undefined, 'tr']);
    expect('language' in unknown.profile).toBe(false);
  });
});

describe('a slot of a dispatched command', () => {
  it('is unknown until its receipt, whatever that says, or a look', () => {
    const sent = dispatched('UpdateProfile', 'SetPrimaryTeam', 'EnsureTeam');
    expect(after(...made, sent).unknown).toEqual({ UpdateProfile: commandId, SetPrimaryTeam: commandId });
    expect(after(...made, sent, succeeded(setTeam)).unknown).toEqual({ UpdateProfile: commandId });
    // A port stops at the first refusal: what was dispatched behind it was not tried.
    expect(after(...made, sent, rejected(setTeam)).unknown).toEqual({});
    expect(after(...made, dispatched('SetOverrideManager'), deferredManager).unknown).toEqual({});
    expect(after(...made, sent, observed(shown)).unknown).toEqual({});
  });

  it("of somebody else is none of this person's", () => {
    const items = [{ commandId, subject: boss, kind: 'UpdateProfile' as const, mac: '' }];
    const other: DirectoryEvent = { type: 'CommandsDispatched', data: { plannerVersion: 1, graphTime: '', items } };
    expect(after(...made, other).unknown).toEqual({});
    expect(deliveredKeysOf(other)).toEqual([boss]);
    expect(deliveredKeysOf(dispatched('UpdateProfile', 'EnsureTeam', 'CreateUser'))).toEqual([ann]);
  });
});

describe('a creation', () => {
  it('is uncertain from its dispatch until the account is known', () => {
    expect(after(dispatched('CreateUser')).createUncertain).toBe(true);
    expect(after(...made)).toMatchObject({ createUncertain: false, link: learnAmpUserId });
    expect(after(dispatched('CreateUser'), rejected(create)).createUncertain).toBe(false);
    // Done, and which account it made was not said: looked for before anything is made again.
    expect(after(dispatched('CreateUser'), succeeded(create))).toMatchObject({
      createUncertain: true,
      link: undefined,
    });
    expect(after(dispatched('CreateUser'), observed(null)).createUncertain).toBe(true);
  });

  it('leaves what was sent, and nothing else in the account', () => {
    expect(after(...made)).toMatchObject({
      ...identity,
      profile: { jobTitle: 'Analyst', department: null, location: null, language: null, hireDate: null },
      owned: ['jobTitle'],
      teamId: null,
      managerLearnAmpUserId: null,
      status: 'confirmed',
    });
    expect(after(succeeded(create), linked).status).toBe('not_invited');
  });

  it('that turns out to have reached an account before holds what that shows', () => {
    const found = { ...shown, jobTitle: '', department: 'Sales', role: 'viewer' };
    expect(after(dispatched('CreateUser'), succeeded(create, found, 'found'), linked)).toMatchObject({
      link: learnAmpUserId,
      profile: { jobTitle: null, department: 'Sales' },
      owned: [],
      role: 'viewer',
    });
  });
});

describe('a look at Learn Amp', () => {
  it('finds a candidate for somebody without an account, or nobody', () => {
    expect(after(observed(shown)).candidate).toEqual(shown);
    expect(after(observed(shown), observed(null)).candidate).toBeNull();
    expect(after().candidate).toBeUndefined();
  });

  it('the candidate is taken over by the link, with what the receipts said since', () => {
    const sleeping: LearnAmpAccount = { ...shown, status: 'deactivated', primaryTeam: { teamId: team(1), name: 'x' } };
    const link: Command = { kind: 'LinkUser', ...at, externalId: ann, identity };
    const state = after(
      observed(sleeping),
      succeeded({ ...reactivate, reason: 'adopted' }),
      succeeded(link, { ...shown, status: 'invite_pending', jobTitle: 'Fresh' }),
      linked,
    );
    expect(state).toMatchObject({
      link: learnAmpUserId,
      candidate: undefined,
      status: 'invite_pending',
      profile: { jobTitle: 'Fresh' },
      teamId: undefined,
    });
  });

  it('of another account says nothing about the linked one', () => {
    const other = {
      ...shown,
      learnAmpUserId: accountId(9),
      email: 'other@contoso.com',
      status: 'deactivated' as const,
    };
    expect(after(...made, observed(other))).toMatchObject({
      email: 'ann@contoso.com',
      status: 'confirmed',
      gone: false,
    });
    expect(after(...made, succeeded(setTeam, other))).toMatchObject({ email: 'ann@contoso.com', teamId: team(1) });
  });

  it('replaces what was believed, keeps what it leaves out, and moves the revision that command ids are made of', () => {
    const state = after(
      ...made,
      observed({ ...shown, firstName: null, location: 'Paris', customFields: { Desk: '' } }),
    );
    expect(state).toMatchObject({
      firstName: 'Ann',
      profile: { jobTitle: 'Analyst', location: 'Paris' },
      customFields: { Desk: null },
      observedRevision: '3',
    });
  });

  it('moves the revision that command ids are made of with each command that was carried out', () => {
    const set = after(...made, succeeded(setTeam));
    const again = after(...made, succeeded(setTeam), succeeded(setTeam));
    expect(again.observedRevision).not.toBe(set.observedRevision);
    expect(after(...made, rejected(setTeam, 'validation')).observedRevision).toBe(after(...made).observedRevision);
  });

  it('finds the account gone, and back', () => {
    expect(after(...made, observed(null)).gone).toBe(true);
    expect(after(...made, rejected(setTeam, 'not_found')).gone).toBe(true);
    expect(after(rejected(create, 'not_found')).gone).toBe(false);
    const parked: DirectoryEvent = { type: 'CommandParked', data: { userId: ann, kind: 'UpdateProfile', reason: 'x' } };
    expect(after(...made, rejected(setTeam, 'not_found'), parked, observed(shown))).toMatchObject({
      gone: false,
      rejected: {},
      unanswered: {},
      parked: {},
    });
  });

  it('a team other than the one that was set has no key; the same keeps it', () => {
    const inTeam = (number: number) => observed({ ...shown, primaryTeam: { teamId: team(number), name: 'x' } });
    expect(after(...made, succeeded(setTeam), inTeam(1))).toMatchObject({ teamId: team(1), teamKey: 'sales' });
    expect(after(...made, succeeded(setTeam), inTeam(2))).toMatchObject({ teamId: team(2), teamKey: undefined });
  });

  it('an override that this engine set is remembered, whatever stands there, until none does', () => {
    const managedBy = (manager: LearnAmpAccount['managerLearnAmpUserId']) =>
      observed({ ...shown, managerLearnAmpUserId: manager ?? null });
    const set = [...made, succeeded(setManager)];
    expect(after(...set)).toMatchObject({
      managerLearnAmpUserId: accountId(2),
      managerSetAccount: accountId(2),
      managerSetRevision: '3',
      managerRevision: '3',
    });
    expect(after(...set, managedBy(accountId(3)))).toMatchObject({
      managerLearnAmpUserId: accountId(3),
      managerSetAccount: accountId(2),
      managerRevision: '4',
    });
    expect(after(...set, managedBy(null)).managerSetAccount).toBeUndefined();
    const clear: Command = { kind: 'ClearOverrideManager', ...at, identity };
    expect(after(...set, succeeded(clear))).toMatchObject({
      managerLearnAmpUserId: null,
      managerSetAccount: undefined,
    });
  });

  it('that follows an override without a receipt shows our own', () => {
    const look = observed({ ...shown, managerLearnAmpUserId: accountId(2) });
    expect(after(...made, look).managerSetAccount).toBeUndefined();
    expect(after(...made, dispatched('SetOverrideManager'), look).managerSetAccount).toBe(accountId(2));
  });
});

describe('a deactivation and what follows', () => {
  const full = [...made, succeeded(setTeam), succeeded(setManager)];

  it('forgets what Learn Amp drops and what nobody looks at, and remembers whose it was', () => {
    expect(after(...full, succeeded(deactivate))).toMatchObject({
      status: 'deactivated',
      deactivatedHere: true,
      email: 'ann@contoso.com',
      firstName: undefined,
      profile: {},
      owned: ['jobTitle'],
      teamId: undefined,
      managerLearnAmpUserId: undefined,
      managerSetAccount: accountId(2),
    });
  });

  it('a custom field that was written is forgotten, one that was seen stays', () => {
    const write: Command = { kind: 'SetCustomFields', ...at, identity, fields: [{ name: 'Number', value: '7' }] };
    const state = after(
      ...made,
      observed({ ...shown, customFields: { Desk: 'x' } }),
      succeeded(write),
      succeeded(deactivate),
    );
    expect(state.customFields).toEqual({ Desk: 'x' });
  });

  it('by hand is told from one by the engine', () => {
    const sleeping = observed({ ...shown, status: 'deactivated' });
    expect(after(...full, sleeping)).toMatchObject({
      status: 'deactivated',
      deactivatedHere: false,
      teamId: undefined,
    });
    expect(after(...full, succeeded(deactivate), sleeping).deactivatedHere).toBe(true);
    expect(after(...full, succeeded(deactivate), succeeded(reactivate))).toMatchObject({
      status: 'confirmed',
      deactivatedHere: false,
      teamId: undefined,
    });
  });

  it('the revisions at which the account became active and was deactivated are kept for those who depend on it', () => {
    expect(after(...made)).toMatchObject({ activeSince: '2', deactivatedAt: '' });
    const down = [...made, succeeded(deactivate)];
    expect(after(...down)).toMatchObject({ activeSince: '2', deactivatedAt: '3' });
    expect(after(...down, succeeded(deactivate), succeeded(reactivate))).toMatchObject({
      activeSince: '5',
      deactivatedAt: '3',
    });
    expect(after(...made, observed(null), observed(shown)).activeSince).toBe('4');
  });
});

describe('what stands in the way', () => {
  it('a refusal is kept by kind until that kind succeeds, or the person returns', () => {
    const refused = [...made, rejected(setTeam), rejected(setManager)];
    expect(Object.keys(after(...refused).rejected)).toEqual(['SetPrimaryTeam', 'SetOverrideManager']);
    expect(Object.keys(after(...refused, succeeded(setTeam)).rejected)).toEqual(['SetOverrideManager']);
    expect(after(...refused, joined(ann, wholeProfile('Ann'))).rejected).toEqual({});
  });

  it('a deferral says whether Learn Amp was asked, and ends when the manager is set', () => {
    expect(after(...made, deferredManager).deferred.SetOverrideManager).toMatchObject({
      answered: false,
      revision: '3',
    });
    const asked = [...made, dispatched('SetOverrideManager'), deferredManager];
    expect(after(...asked).deferred.SetOverrideManager).toMatchObject({ answered: true, waitingFor: boss });
    expect(after(...asked, succeeded(setManager)).deferred).toEqual({});
  });

  it('a conflict and a lack of facts are asked anew with any fact about the person', () => {
    const conflict: DirectoryEvent = {
      type: 'IdentityConflictDetected',
      data: { userId: ann, conflict: 'address-of-another-person', otherUserId: boss, learnAmpUserId },
    };
    const parked: DirectoryEvent = {
      type: 'CommandParked',
      data: { userId: ann, kind: 'CreateUser', reason: 'no-name' },
    };
    const fact: DirectoryEvent = { type: 'GivenNameChanged', data: { userId: ann, from: null, to: 'Ann' } };
    expect(after(conflict, parked)).toMatchObject({ conflict: { learnAmpUserId }, parked: { CreateUser: 'no-name' } });
    expect(after(conflict, parked, fact)).toMatchObject({ conflict: undefined, parked: {} });
    expect(after(conflict, observed(shown)).conflict).toBeDefined();
    expect(after(conflict, observed(null)).conflict).toBeUndefined();
    expect(after(conflict, linked).conflict).toBeUndefined();
    const moved: Command = { kind: 'ChangeEmail', ...at, from: 'x', identity };
    expect(after(...made, conflict, succeeded(moved)).conflict).toBeUndefined();
  });
});

describe('custom fields that were refused', () => {
  const fields = [
    { name: 'Number', value: '7' },
    { name: 'Town', value: 'Lisbon' },
  ];
  const set: Command = { kind: 'SetCustomFields', ...at, identity, fields };

  it('are the named ones alone: the others were written, and are ours', () => {
    const state = after(...made, fieldsRefused(set, 'Town'));
    expect(state.customFields).toEqual({ Number: '7' });
    expect(state.owned).toContain('custom:Number');
    expect(state.rejected.SetCustomFields?.command).toEqual({ ...set, fields: [fields[1]] });
  });

  it.each([[[]], [['email']], [['Number', 'Town']]])('are all of them where %j are named', (named) => {
    const state = after(...made, fieldsRefused(set, ...named));
    expect(state.customFields).toEqual({});
    expect(state.rejected.SetCustomFields?.command).toEqual(set);
  });
});

describe('an erased person', () => {
  it('is as somebody who never had an account', () => {
    const erased: DirectoryEvent = { type: 'PersonErased', data: { userId: ann, actor: 'x', reason: 'y' } };
    const state = after(observed(shown), ...made, rejected(setTeam), erased);
    expect(state).toEqual({ ...initialDelivered(ann), foldedTo: state.foldedTo });
  });
});
