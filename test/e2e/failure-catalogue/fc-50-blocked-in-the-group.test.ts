import { expect, it } from 'vitest';
import { expectOneAccountEach } from '../../support/links.js';
import { facts, none, succeeded } from '../../support/report.js';
import { calm, openStage, type StageOptions } from '../../support/stage.js';

const deactivating = { preferences: { deactivateBlockedAccounts: true } };

const openCompany = async (people: number, options: StageOptions = {}) => {
  const stage = await openStage({ graph: calm, ...options });
  const crew = stage.crew(people, { department: 'Sales' });
  await stage.sync();
  stage.newWrites();
  const block = (ids: ReadonlyArray<string>, enabled = false): void => {
    for (const id of ids) stage.directory.setAccountEnabled(id, enabled);
  };
  const active = (): number =>
    crew.filter((id) => stage.learnAmp.accountByExternalId(id)?.status !== 'deactivated').length;
  return { stage, crew, block, active };
};

const hours = (count: number): number => count * 3_600_000;

it('FC-50 by default a block is recorded and changes nothing at Learn Amp, for two hours or for good; updates go on', async () => {
  const { stage, crew, block, active } = await openCompany(10);
  block(crew.slice(0, 8));
  const report = await stage.sync();
  expect(report).toMatchObject({ exitCode: 0, people: { inScope: 10, linked: 10, held: 0 } });
  expect(facts(report)).toEqual({ AccountBlocked: 8 });
  expect(report.commands).toEqual({});
  stage.directory.updateUser(crew[0] ?? '', { jobTitle: 'On leave' });
  expect(succeeded(await stage.sync())).toEqual({ UpdateProfile: 1 });

  stage.simulator.advanceClock(hours(2));
  block(crew.slice(0, 7), true);
  expect(facts(await stage.sync({ full: true }))).toMatchObject({ AccountUnblocked: 7 });
  expect(active()).toBe(10);
  expect(stage.learnAmp.deactivations()).toEqual([]);
  expect(stage.newWrites()).toHaveLength(1);
  await expectOneAccountEach(stage);
});

it('FC-50 by default somebody who joins blocked gets an account like anybody', async () => {
  const { stage } = await openCompany(3);
  const ann = stage.hire('Ann Lee', { accountEnabled: false });
  expect(succeeded(await stage.sync())).toMatchObject({ CreateUser: 1 });
  expect(stage.account(ann).status).toBe('not_invited');
});

it('FC-50 with deactivateBlockedAccounts a blocked leaver is deactivated once, and whoever joins blocked gets no account', async () => {
  const { stage, crew, block, active } = await openCompany(10, deactivating);
  block(crew.slice(0, 1));
  const ann = stage.hire('Ann Lee', { accountEnabled: false });
  const report = await stage.sync();
  expect(facts(report)).toMatchObject({ AccountBlocked: 1, UserJoinedGroup: 1, CommandSucceeded: 1 });
  expect(succeeded(report)).toEqual({ DeactivateUser: 1 });
  expect(stage.newWrites()).toMatchObject([{ path: `/v1/users/${stage.account(crew[0] ?? '').id}/deactivate` }]);
  const [sent] = await stage.events('CommandSucceeded').then((events) => events.slice(-1));
  expect(sent?.data).toMatchObject({ command: { kind: 'DeactivateUser', reason: 'disabled' } });
  expect(active()).toBe(9);
  expect(stage.accountOf(ann)).toBeUndefined();
  expect((await stage.sync()).events).toEqual({});
  expect((await stage.sync({ full: true })).commands).toEqual({});
  expect(stage.accountOf(ann)).toBeUndefined();

  block([ann, crew[0] ?? ''], true);
  expect(succeeded(await stage.sync())).toMatchObject({ CreateUser: 1, ReactivateUser: 1, SetPrimaryTeam: 1 });
  expect(active()).toBe(10);
  await expectOneAccountEach(stage);
});

it('FC-50 with deactivateBlockedAccounts an incident of two hours that blocks many is held, and nobody was touched when it ends', async () => {
  const { stage, crew, block, active } = await openCompany(20, deactivating);
  block(crew.slice(0, 12));
  const report = await stage.sync();
  expect(report).toMatchObject({ exitCode: 3, people: { inScope: 20, held: 12 } });
  expect(facts(report)).toEqual({ AccountBlocked: 12, CommandsHeld: 1 });
  expect(report.commands).toMatchObject({ DeactivateUser: { held: 12, succeeded: 0 } });
  for (let round = 0; round < 3; round++) {
    stage.simulator.advanceClock(hours(0.5));
    expect(await stage.sync()).toMatchObject({ exitCode: 3, events: none });
  }
  stage.simulator.advanceClock(hours(0.5));
  block(crew.slice(0, 12), true);
  const over = await stage.sync();
  expect(over).toMatchObject({ exitCode: 0, people: { held: 0 }, commands: none });
  expect(facts(over)).toEqual({ AccountUnblocked: 12, HoldDissolved: 1 });
  expect(active()).toBe(20);
  expect(stage.newWrites()).toEqual([]);
});

it('FC-50 blocked and unblocked between two syncs is no news, with either value', async () => {
  for (const options of [{}, deactivating]) {
    const { stage, crew, block } = await openCompany(6, options);
    block(crew.slice(0, 4));
    block(crew.slice(0, 4), true);
    expect(facts(await stage.sync())).toEqual({});
    expect(stage.newWrites()).toEqual([]);
  }
});

it('FC-50 the rule of the group and the rule of the block never undo each other: one deactivation, and back only when both agree', async () => {
  const { stage, crew, block } = await openCompany(10, deactivating);
  const [ann = ''] = crew;
  const status = () => stage.learnAmp.accountByExternalId(ann)?.status;
  const join = (): void => stage.directory.addMember(stage.directory.scopeGroupId, ann);
  const steps: ReadonlyArray<readonly [() => void, Readonly<Record<string, number>>]> = [
    [() => block([ann]), { DeactivateUser: 1 }],
    [() => stage.leave(ann), {}],
    [() => block([ann], true), {}],
    [() => block([ann]), {}],
    [join, {}],
    [() => stage.leave(ann), {}],
    [() => block([ann], true), {}],
    [join, { ReactivateUser: 1, SetPrimaryTeam: 1, UpdateProfile: 1 }],
    [() => stage.leave(ann), { DeactivateUser: 1 }],
    [() => block([ann]), {}],
    [join, {}],
    [() => block([ann], true), { ReactivateUser: 1, SetPrimaryTeam: 1, UpdateProfile: 1 }],
  ];
  for (const [at, [step, sent]] of steps.entries()) {
    step();
    expect([at, succeeded(await stage.sync())]).toEqual([at, sent]);
    expect([at, (await stage.sync()).events]).toEqual([at, {}]);
  }
  expect(status()).not.toBe('deactivated');
  expect(stage.learnAmp.deactivations()).toHaveLength(2);
  await expectOneAccountEach(stage);
});

it('FC-50 a changed mind about the preference applies to who is blocked already, under the hold', async () => {
  const { stage, crew, block, active } = await openCompany(10);
  block(crew.slice(0, 6));
  await stage.sync();
  await stage.reopen(deactivating);
  expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { held: 6 } });
  expect(active()).toBe(10);
  block(crew.slice(2, 6), true);
  expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { held: 2 } });
  expect(active()).toBe(10);

  await stage.reopen({ preferences: { deactivateBlockedAccounts: false } });
  expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { held: 0 }, commands: none });
  expect(active()).toBe(10);
});

it('FC-50 deactivateBlockedAccounts switched off brings back whom it had deactivated', async () => {
  const { stage, crew, block, active } = await openCompany(10, deactivating);
  block(crew.slice(0, 2));
  expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 2 });
  await stage.reopen({ preferences: { deactivateBlockedAccounts: false } });
  expect(succeeded(await stage.sync())).toMatchObject({ ReactivateUser: 2, SetPrimaryTeam: 2 });
  expect(active()).toBe(10);
  expect((await stage.sync()).events).toEqual({});
});
