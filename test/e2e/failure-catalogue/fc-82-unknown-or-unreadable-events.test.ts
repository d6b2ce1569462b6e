import { join } from 'node:path';
import { directoryEvents } from '@learnamp/directory-sync-domain';
import { openSqliteEventLog, openSqliteKeyStore } from '@learnamp/directory-sync-event-log-sqlite';
import { defineEvent, defineEvents, openEventStream } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { expect, it } from 'vitest';
import { idOf } from '../../support/simulator-settings.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

/** What a newer or a broken version would have written: the same envelope, chain and seals, and data that this one refuses. */
const append = async (stage: Stage, type: string, data: Readonly<Record<string, unknown>>): Promise<string> => {
  const log = await openSqliteEventLog({ path: join(stage.folder, 'log.db') });
  const keys = await openSqliteKeyStore({ path: join(stage.folder, 'log.db.keys') });
  const known = directoryEvents.find((definition) => definition.type === type);
  const lax = defineEvent({
    type,
    data: t.UnknownRecord,
    subjects: ({ userId }) => (typeof userId === 'string' ? [userId] : []),
    sealing:
      known?.sealing.kind === 'owner'
        ? { kind: 'owner', owner: ({ userId }) => (typeof userId === 'string' ? userId : undefined) }
        : { kind: 'clear' },
  });
  const stream = openEventStream({
    log,
    keys,
    registry: defineEvents([lax]),
    name: 'directorySync-fabrikam',
    owner: 'connection:fabrikam',
    now: () => new Date(),
    newId: () => `made-${type}`,
  });
  const appended = await stream.append('any', [{ type, data }], { correlationId: 'x', causationId: 'x' })();
  await log.close();
  await keys.close();
  if (E.isLeft(appended)) throw new Error(appended.left._tag);
  return appended.right.head.revision.toString();
};

const openCompany = async () => {
  const stage = await openStage({ graph: calm });
  const crew = stage.crew(6, { department: 'Sales' });
  expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 6 } });
  return { stage, crew };
};

it('FC-82: an event of a type that this version does not know stops folding and planning, and names its revision', async () => {
  const { stage } = await openCompany();
  await stage.close();
  const revision = await append(stage, 'RiddlePosed', { by: 'a newer version' });
  await stage.reopen();
  stage.hire('Lea Late');
  stage.newWrites();
  const report = await stage.engine().sync();
  expect(report).toMatchObject({ exitCode: 1, error: { code: 'unknown-event' } });
  expect(report.error?.message).toContain(`revision ${revision}`);
  expect(stage.newWrites()).toEqual([]);
  await expect(stage.engine().rebuild()).rejects.toMatchObject({ code: 'unknown-event' });
  const standing = (await stage.engine().projections()).filter(({ state }) => state === 'error');
  expect(standing[0]).toMatchObject({
    checkpoint: { revision: String(Number(revision) - 1) },
    stoppedAt: { revision, type: 'RiddlePosed' },
  });
  await stage.engine().close();
});

it('FC-82: data of one person that does not decode parks that person alone, and keeps every deactivation back', async () => {
  const { stage, crew } = await openCompany();
  const [ann = '', ben = '', cem = ''] = crew;
  await stage.close();
  const revision = await append(stage, 'DepartmentChanged', { userId: ann, from: 'Sales', to: 42 });
  await stage.reopen();
  stage.directory.updateUser(ann, { jobTitle: 'Unknown to us' });
  stage.directory.updateUser(cem, { jobTitle: 'Engineer' });
  stage.leave(ben);

  const report = await stage.engine().sync();
  expect(report).toMatchObject({ ok: true, exitCode: 4, people: { parked: 1 } });
  expect(report.attention).toContainEqual({
    userId: ann,
    kind: 'parked',
    reason: `unreadable-event: DepartmentChanged at revision ${revision}`,
  });
  // The others go on; nobody is deactivated, and the parked one is not written.
  expect(stage.account(cem).jobTitle).toBe('Engineer');
  expect(stage.account(ann).jobTitle).not.toBe('Unknown to us');
  expect(stage.learnAmp.deactivations()).toEqual([]);
  expect((await stage.engine().rebuild({ verify: true })).differences).toBe(0);
  await stage.engine().rebuild();
  expect(await stage.engine().sync()).toMatchObject({ exitCode: 4, people: { parked: 1 } });
  expect(stage.learnAmp.deactivations()).toEqual([]);

  // A full cycle reads that person to the end and records them anew: that makes it good, and the leaver goes.
  expect(await stage.engine().sync({ full: true })).toMatchObject({ ok: true, exitCode: 0, people: { parked: 0 } });
  expect(stage.account(ann).jobTitle).toBe('Unknown to us');
  expect(stage.learnAmp.deactivations()).toHaveLength(1);
  expect((await stage.engine().rebuild({ verify: true })).differences).toBe(0);
});

it('FC-82: who is parked over an event can be looked at in every view, and the event is shown as what it is', async () => {
  const { stage, crew } = await openCompany();
  const [ann = ''] = crew;
  await stage.close();
  const revision = await append(stage, 'DepartmentChanged', { userId: ann, from: 'Sales', to: 42 });
  await stage.reopen();
  const engine = stage.engine();
  const by = { actor: 'Auditor', reason: 'asked for' };
  const exported = await engine.exportPerson(idOf(ann), by);
  expect(exported.events.at(-1)).toMatchObject({ revision, type: 'DepartmentChanged', data: null, unreadable: true });
  const told: string[] = [];
  for await (const step of engine.replay()) if (step._tag === 'Event') told.push(`${step.revision} ${step.type}`);
  expect(told.at(-1)).toBe(`${revision} DepartmentChanged`);
  const shown: unknown[] = [];
  for await (const event of engine.events({ userIds: [idOf(ann)] })) shown.push(event);
  expect(shown.at(-1)).toMatchObject({ revision, unreadable: true });
});

it('FC-82: retention erases nobody whose events cannot be read: it would let deactivations go, and what it does not know may be an account', async () => {
  const { stage, crew } = await openCompany();
  const [ann = '', ben = ''] = crew;
  stage.leave(ann);
  await stage.sync();
  expect(stage.learnAmp.deactivations()).toHaveLength(1);
  await stage.close();
  await append(stage, 'LearnAmpUserObserved', { userId: ann, account: 42 });
  await stage.reopen({ preferences: { eraseLeaversAfterMonths: 1 } });
  stage.leave(ben);
  const date = new Date(Date.now() + 400 * 24 * 60 * 60 * 1000).toUTCString();
  stage.simulator.faults.add({
    system: 'graph',
    action: { rewrite: (response) => ({ ...response, headers: { ...response.headers, date } }) },
  });
  for (let cycle = 0; cycle < 2; cycle++)
    expect(await stage.engine().sync({ full: true })).toMatchObject({ ok: true, exitCode: 4, people: { parked: 1 } });
  expect(stage.learnAmp.deactivations()).toHaveLength(1);
});

it('FC-82: who is parked over what Learn Amp said is not recorded anew by each full cycle', async () => {
  const { stage, crew } = await openCompany();
  await stage.close();
  await append(stage, 'LearnAmpUserObserved', { userId: crew[0], account: 42 });
  await stage.reopen();
  for (let cycle = 0; cycle < 2; cycle++) {
    const report = await stage.engine().sync({ full: true });
    expect(report).toMatchObject({ ok: true, exitCode: 4, people: { parked: 1 } });
    expect(report.events).not.toHaveProperty('UserJoinedGroup');
  }
});
