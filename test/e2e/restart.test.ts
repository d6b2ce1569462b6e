import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DirectorySyncError } from '@learnamp/directory-sync';
import { openSqliteStores } from '@learnamp/directory-sync/sqlite';
import { defineEvent, defineEvents, openEventStream } from '@learnamp/directory-sync-event-sourcing';
import * as t from 'io-ts';
import { describe, expect, it } from 'vitest';
import { contentsOf, withoutCache } from '../support/files.js';
import { attentionOf, facts, none, succeeded } from '../support/report.js';
import { calm, openStage, type Stage } from '../support/stage.js';

const company = { people: 16, outsiders: 6, existingAccounts: 1, photos: 0 };

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const failure: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failure instanceof DirectorySyncError)) throw new Error('expected a DirectorySyncError');
  return failure.code;
};

describe('a new process over the same files', () => {
  it('goes on where the last one ended, and knows what it knew', async () => {
    const stage = await openStage({ company });
    await stage.sync();
    const digest = await stage.engine().stateDigest();
    await stage.reopen();
    expect(await stage.engine().stateDigest()).toBe(digest);

    const [ann = ''] = stage.simulator.company.people.slice(3);
    stage.directory.updateUser(ann, { jobTitle: 'Writer' });
    const fresh = stage.hire('Lea Late');
    stage.newWrites();
    const report = await stage.sync();
    expect(facts(report)).toEqual({
      JobTitleChanged: 1,
      GroupMemberAdded: 1,
      UserJoinedGroup: 1,
      CommandSucceeded: 2,
      UserLinked: 1,
    });
    expect(stage.newWrites()).toHaveLength(2);
    expect(stage.account(fresh).status).toBe('not_invited');
    expect(report.events['EngineStarted']).toBe(1);
  });

  it.each([1, 2, 3, 4])('appends nothing and sends nothing over an unchanged company (seed %i)', async (seed) => {
    const stage = await openStage({ seed, company: { ...company, cycle: true, spellingVariants: true } });
    expect((await stage.sync()).exitCode).toBe(0);
    const { head } = await stage.engine().status();
    stage.newWrites();
    for (let run = 0; run < 3; run += 1) {
      await stage.reopen();
      const report = await stage.sync();
      expect(report).toMatchObject({ exitCode: 0, events: none, requests: { learnAmp: 0 } });
    }
    expect(stage.newWrites()).toEqual([]);
    expect((await stage.engine().status()).head).toEqual(head);
  });

  it('replays to what is live, as often as it is asked, without a request', async () => {
    const stage = await openStage({ company });
    await stage.sync();
    stage.simulator.requests.reset();
    const live = await stage.engine().stateDigest();
    const before = withoutCache(await contentsOf(stage.folder));
    for (let run = 0; run < 2; run += 1) {
      const steps = [];
      for await (const step of stage.engine().replay()) steps.push(step);
      expect(steps.at(-1)).toMatchObject({ _tag: 'Summary', stateDigest: live, events: steps.length - 1 });
    }
    expect(stage.simulator.requests.all()).toEqual([]);
    expect(withoutCache(await contentsOf(stage.folder))).toEqual(before);
  });

  it('needs no cache: thrown away, it costs nothing but a longer delta', async () => {
    const stage = await openStage({ company });
    await stage.sync();
    await stage.sync();
    await stage.close();
    for (const suffix of ['', '-wal', '-shm']) await rm(join(stage.folder, `log.db.local${suffix}`), { force: true });
    await stage.reopen();
    expect(await stage.sync()).toMatchObject({ exitCode: 0, events: none });
    stage.directory.updateUser(stage.simulator.company.people[2] ?? '', { jobTitle: 'Writer' });
    expect(facts(await stage.sync())).toMatchObject({ JobTitleChanged: 1 });
  });
});

describe('a changed address of Microsoft Graph', () => {
  it('drops the cursors and never the scope', async () => {
    const stage = await openStage({ company });
    await stage.sync();
    const { cursors } = await stage.engine().status();
    stage.newWrites();
    const { host } = new URL(stage.simulator.graphUrl);
    const elsewhere = stage.simulator.graphUrl.replace('127.0.0.1', 'localhost');
    // The same company behind another name, as a proxy would serve it.
    stage.simulator.faults.add({
      system: 'graph',
      action: {
        rewrite: (response) => ({
          ...response,
          body: JSON.parse(JSON.stringify(response.body ?? null).replaceAll(host, new URL(elsewhere).host)) as unknown,
        }),
      },
    });
    await stage.reopen({ graphUrl: elsewhere });
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 16, linked: 16 } });
    expect(facts(report)).toEqual({ ConnectionSettingsChanged: 1, ResyncRequired: cursors.length });
    expect(stage.newWrites()).toEqual([]);
    expect((await stage.sync()).events).toEqual({});
  });
});

describe('changed preferences', () => {
  it('that name a new attribute read everybody again and write the new field alone', async () => {
    const stage = await openStage({ graph: calm, learnAmp: { customFields: [{ name: 'Staff no' }] } });
    const with_ = stage.crew(3, { employeeId: '4711', department: 'Sales' });
    stage.crew(3, { department: 'Sales' });
    await stage.sync();
    const before = with_.map((id) => stage.account(id));
    stage.newWrites();
    await stage.reopen({ preferences: { customFields: { employeeId: 'Staff no' } } });
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { linked: 6 } });
    expect(facts(report)).toEqual({ ResyncRequired: 1, CustomAttributeChanged: 3, CommandSucceeded: 3 });
    expect(report.events['PreferencesChanged']).toBe(1);
    expect(succeeded(report)).toEqual({ SetCustomFields: 3 });
    expect(stage.newWrites()).toHaveLength(3);
    for (const account of before)
      expect(stage.learnAmp.account(account.id)).toEqual({
        ...account,
        customFields: { 'Staff no': '4711' },
        updatedAt: stage.learnAmp.account(account.id)?.updatedAt,
      });
    expect((await stage.sync()).events).toEqual({});

    // Taken out again: what stands at Learn Amp is no longer looked at.
    await stage.reopen({ preferences: {} });
    const out = await stage.sync();
    expect(out.commands).toEqual({});
    expect(stage.account(with_[0] ?? '').customFields).toEqual({ 'Staff no': '4711' });
  });

  it('that need no new attribute ask Graph for nothing more', async () => {
    const stage = await openStage({ graph: calm });
    const [ann = ''] = stage.crew(3, { jobTitle: 'Engineer', department: 'Sales' });
    await stage.sync();
    const { cursors } = await stage.engine().status();
    await stage.reopen({ preferences: { attributes: { location: 'department' } } });
    stage.simulator.requests.reset();
    const report = await stage.sync();
    expect(succeeded(report)).toEqual({ UpdateProfile: 3 });
    expect(stage.simulator.requests.counts().graph).toBe(cursors.length);
    expect(stage.account(ann).location).toBe('Sales');
  });
});

describe('another tenant over the same log', () => {
  it('is refused, and nothing is asked of anybody', async () => {
    const stage = await openStage({ graph: calm });
    stage.crew(2);
    await stage.sync();
    const own = stage.simulator.tenantId;
    await stage.reopen({ tenantId: '11111111-2222-4333-8444-555555555555' });
    stage.simulator.requests.reset();
    expect(await codeOf(stage.engine().sync())).toBe('wrong-tenant');
    await expect(stage.engine().sync()).rejects.toThrow(new RegExp(`tenantId: this log belongs to tenant ${own}`));
    expect(await codeOf(stage.engine().preview())).toBe('wrong-tenant');
    expect(await codeOf(stage.engine().status())).toBe('wrong-tenant');
    expect(stage.simulator.requests.all()).toEqual([]);
    await stage.reopen({ tenantId: own });
    expect(await stage.sync()).toMatchObject({ exitCode: 0, events: none });
  });
});

describe('another scope group', () => {
  /** Ten people in the old group, four of them in the new one too, and two in the new one alone. */
  const openTwoGroups = async () => {
    const stage = await openStage({
      graph: { ...calm, sliceSize: { min: 2, max: 2 }, pageSize: { min: 1, max: 1 } },
      patienceMs: 250,
    });
    const { directory } = stage;
    const other = directory.addGroup({ displayName: 'Other people' });
    const crew = stage.crew(10, { jobTitle: 'Engineer' });
    const both = crew.slice(0, 8);
    for (const id of both) directory.addMember(other, id);
    const fresh = stage.crew(2, {}, other);
    await stage.sync();
    stage.newWrites();
    return { stage, other, both, leavers: crew.slice(8), fresh };
  };

  const expectOldScope = async (stage: Stage): Promise<void> => {
    expect(await stage.events('ScopeGroupChanged', 'UserLeftGroup')).toEqual([]);
    expect(stage.newWrites()).toEqual([]);
    await stage.reopen({ groupId: stage.directory.scopeGroupId });
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 10, linked: 10 } });
    expect(stage.newWrites()).toEqual([]);
  };

  it('is read to its end; people in both stay as they are, new ones come, and every deactivation waits, be there one or two', async () => {
    const { stage, other, both, leavers, fresh } = await openTwoGroups();
    await stage.reopen({ groupId: other });
    const report = await stage.sync();
    expect(report).toMatchObject({ ok: true, exitCode: 3, people: { inScope: 10, linked: 10, held: 2 } });
    expect(facts(report)).toMatchObject({
      ScopeGroupChanged: 1,
      UserLeftGroup: 2,
      LeaveConfirmed: 2,
      CommandsHeld: 1,
      UserJoinedGroup: 2,
    });
    expect(succeeded(report)).toEqual({ CreateUser: 2 });
    for (const id of leavers) expect(attentionOf(report, id)).toEqual(['held: deactivations: scope-group-changed']);
    for (const id of both) expect(stage.account(id).status).toBe('not_invited');
    for (const id of fresh) expect(stage.account(id).status).toBe('not_invited');
    const left = await stage.events('UserLeftGroup');
    for (const { data } of left) expect(data).toMatchObject({ reason: 'scope-changed' });
    expect(stage.learnAmp.deactivations()).toEqual([]);
    expect(await stage.sync()).toMatchObject({ exitCode: 3, events: none });

    // Put back by whoever pasted the wrong id: those who were held leave the hold, the others are held now.
    await stage.reopen({ groupId: stage.directory.scopeGroupId });
    const back = await stage.sync();
    expect(back).toMatchObject({ exitCode: 3, people: { inScope: 10, held: 2 } });
    for (const id of fresh) expect(attentionOf(back, id)).toEqual(['held: deactivations: scope-group-changed']);
    expect(stage.learnAmp.deactivations()).toEqual([]);
  });

  it('that does not exist is exit 1, and the old scope stays in force', async () => {
    const { stage } = await openTwoGroups();
    await stage.reopen({ groupId: '11111111-2222-4333-8444-555555555555' });
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 1, error: { code: 'group-not-found' }, people: { inScope: 10 } });
    expect(report.error?.message).toContain('11111111-2222-4333-8444-555555555555');
    await expectOldScope(stage);
  });

  it('that may not be read is exit 1, and the old scope stays in force', async () => {
    const { stage, other } = await openTwoGroups();
    await stage.reopen({ groupId: other });
    const refused = stage.simulator.faults.add({
      system: 'graph',
      path: new RegExp(`/groups/${other}`),
      action: {
        status: 403,
        body: { error: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges' } },
      },
    });
    expect(await stage.sync()).toMatchObject({
      exitCode: 1,
      error: { code: 'group-unreadable' },
      people: { inScope: 10 },
    });
    refused.remove();
    await expectOldScope(stage);
  });

  it('whose members cannot be read to their end is exit 1, and is gone on with later', async () => {
    const { stage, other } = await openTwoGroups();
    await stage.reopen({ groupId: other });
    const cut = stage.simulator.faults.add({
      system: 'graph',
      path: /\/groups\/.*delta/,
      match: ({ query }) => [...query.keys()].some((name) => name.toLowerCase() === '$skiptoken'),
      action: 'reset',
    });
    const broken = await stage.sync();
    expect(cut.hits()).toBeGreaterThan(0);
    expect(broken).toMatchObject({ exitCode: 1, people: { inScope: 10 } });
    expect(await stage.events('ScopeGroupChanged', 'UserLeftGroup')).toEqual([]);
    expect(stage.newWrites()).toEqual([]);
    cut.remove();
    expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { inScope: 10, held: 2 } });
    expect((await stage.events('ScopeGroupChanged')).length).toBe(1);
    expect(stage.learnAmp.deactivations()).toEqual([]);
  });
});

describe('a key store that does not belong to the log', () => {
  it.each(['another one', 'an empty one'])('is refused before anything is believed or asked: %s', async (which) => {
    const stage = await openStage({ graph: calm });
    stage.crew(3);
    await stage.sync();
    await stage.close();
    const keys = join(stage.folder, 'log.db.keys');
    const parked = ['', '-wal', '-shm'].map((suffix) => [`${keys}${suffix}`, `${keys}.own${suffix}`] as const);
    for (const [from, to] of parked) await rename(from, to).catch(() => undefined);
    if (which === 'another one') {
      // Made for another connection of the same name, elsewhere.
      const elsewhere = await openStage({ graph: calm, seed: 2 });
      elsewhere.crew(1);
      await elsewhere.sync();
      await elsewhere.close();
      await rename(join(elsewhere.folder, 'log.db.keys'), keys);
    }
    await stage.reopen();
    stage.simulator.requests.reset();
    const report = await stage.engine().sync();
    expect(report).toMatchObject({ ok: false, exitCode: 1, events: none, error: { code: 'key-store-mismatch' } });
    expect(await codeOf(stage.engine().status())).toBe('key-store-mismatch');
    expect(await codeOf(stage.engine().preview())).toBe('key-store-mismatch');
    expect(stage.simulator.requests.all()).toEqual([]);

    await stage.close();
    for (const [from, to] of parked) {
      await rm(from, { force: true });
      await rename(to, from).catch(() => undefined);
    }
    await stage.reopen();
    expect(await stage.sync()).toMatchObject({ exitCode: 0, events: none, people: { linked: 3 } });
  });
});

describe('a log that a newer version wrote to', () => {
  it('stops folding and planning at the revision it does not know', async () => {
    const stage = await openStage({ graph: calm });
    stage.crew(3);
    await stage.sync();
    const head = BigInt((await stage.engine().status()).head?.revision ?? '-1');
    await stage.close();
    const path = join(stage.folder, 'log.db');
    const stores = await openSqliteStores({ logPath: path, keysPath: `${path}.keys`, localPath: `${path}.local` });
    const invented = defineEvent({ type: 'SomethingNew', data: t.strict({ userId: t.string }) });
    const stream = openEventStream({
      log: stores.log,
      keys: stores.keys,
      registry: defineEvents([invented]),
      name: 'directorySync-fabrikam',
      owner: 'connection:fabrikam',
      now: () => new Date(),
      newId: randomUUID,
    });
    const told = await stream.append(head, [{ type: 'SomethingNew', data: { userId: 'x' } }], {
      correlationId: randomUUID(),
      causationId: randomUUID(),
    })();
    expect(told._tag).toBe('Right');
    for (const store of [stores.log, stores.keys, stores.cache]) await store.close();

    stage.crew(1);
    await stage.reopen();
    stage.simulator.requests.reset();
    const report = await stage.engine().sync();
    expect(report).toMatchObject({ ok: false, exitCode: 1, events: none, error: { code: 'unknown-event' } });
    expect(report.error?.message).toContain(`revision ${String(head + 1n)}`);
    expect(report.error?.message).toContain('SomethingNew');
    expect(await codeOf(stage.engine().preview())).toBe('unknown-event');
    expect(stage.simulator.requests.all()).toEqual([]);
  });
});
