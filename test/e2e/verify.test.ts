import { openSqliteEventLog, openSqliteKeyStore } from '@learnamp/directory-sync-event-log-sqlite';
import type { Json, RecordToAppend } from '@learnamp/directory-sync-event-sourcing';
import { defineEvents, openEventStream } from '@learnamp/directory-sync-event-sourcing';
import type { DirectoryEvent, ObjectId } from '@learnamp/directory-sync-domain';
import { directoryEvents, plannerVersion } from '@learnamp/directory-sync-domain';
import type { KeptHead, VerifyCheckName, VerifyReport } from '@learnamp/directory-sync';
import * as E from 'fp-ts/lib/Either.js';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSqliteFile, type SqliteFile, type Value } from '../support/open-sqlite-file.js';
import { openStage, type Stage, type StageOptions } from '../support/stage.js';

type Row = Readonly<Record<string, unknown>>;
const inFile = <A>(stage: Stage, name: string, change: (file: SqliteFile) => A): A => {
  const file = openSqliteFile(join(stage.folder, name));
  try {
    return change(file);
  } finally {
    file.close();
  }
};

const STREAM = `stream_id = (SELECT stream_id FROM streams WHERE name = 'directorySync-fabrikam')`;
const inLog = (stage: Stage, sql: string, ...values: ReadonlyArray<Value>): unknown =>
  inFile(stage, 'log.db', (file) => file.prepare(sql.replace('THE STREAM', STREAM)).run(...values));

/** A company with some history, in files that nobody has open for writing. */
const openCompany = async (options: StageOptions = {}): Promise<Stage> => {
  const stage = await openStage(options);
  const [boss = '', ann = '', ...others] = stage.crew(12, { department: 'Sales' });
  for (const userId of [ann, ...others]) stage.directory.setManager(userId, boss);
  await stage.sync();
  stage.directory.updateUser(ann, { department: 'Support', jobTitle: 'Engineer' });
  stage.leave(others[0] ?? '');
  await stage.sync();
  await stage.reopen();
  return stage;
};

/** Holds each deactivation. */
const holdingBack: StageOptions['preferences'] = { deactivationHold: { count: 1 } };

const verified = async (stage: Stage, head?: KeptHead): Promise<VerifyReport> => stage.engine().verify({ head });

const found = ({ checks }: VerifyReport, name: VerifyCheckName) => {
  const check = checks.find((each) => each.name === name);
  if (check === undefined) throw new Error(`There is no check ${name}.`);
  return check;
};

const expectGreen = (report: VerifyReport): void => {
  expect(
    report.checks.flatMap(({ name, first, incomplete }) => [...first, ...(incomplete ? [name, incomplete] : [])]),
  ).toEqual([]);
  expect(report.ok).toBe(true);
};

describe('a fault planted in the log is named by its revision:', () => {
  it.each([
    ['data', `UPDATE events SET data = replace(data, '{', '{"x":1,') WHERE revision = 9 AND THE STREAM`],
    ['metadata', `UPDATE events SET metadata = replace(metadata, 'cor', 'cos') WHERE revision = 9 AND THE STREAM`],
    ['time', `UPDATE events SET recorded_at = replace(recorded_at, '20', '21') WHERE revision = 9 AND THE STREAM`],
    ['id', `UPDATE events SET id = 'b' || substr(id, 2) WHERE revision = 9 AND THE STREAM`],
    ['type', `UPDATE events SET type = 'UserLeftGroup' WHERE revision = 9 AND THE STREAM`],
    ['version', `UPDATE events SET schema_version = 2 WHERE revision = 9 AND THE STREAM`],
    ['text that is no JSON', `UPDATE events SET data = substr(data, 2) WHERE revision = 9 AND THE STREAM`],
  ])('its %s was changed', async (_, sql) => {
    const stage = await openCompany();
    expectGreen(await verified(stage));
    inLog(stage, sql);
    const report = await verified(stage);
    expect(report.ok).toBe(false);
    expect(found(report, 'chain')).toMatchObject({ differences: 1, first: [{ revision: '9' }] });
    // The records behind it are looked at all the same; what rests on a fold is not.
    expect(found(report, 'records').checked).toBe(report.events - 1);
    expect(found(report, 'commands').incomplete).toContain('revision 9');
  });

  it('several are all told', async () => {
    const stage = await openCompany();
    inLog(stage, `UPDATE events SET recorded_at = recorded_at || ' ' WHERE revision IN (3, 7, 20) AND THE STREAM`);
    const { first } = found(await verified(stage), 'chain');
    expect(first.map(({ revision }) => revision)).toEqual(['3', '7', '20']);
  });

  it('one was removed', async () => {
    const stage = await openCompany();
    inLog(stage, `DELETE FROM events WHERE revision = 9 AND THE STREAM`);
    expect(found(await verified(stage), 'chain')).toMatchObject({ differences: 1, first: [{ revision: '10' }] });
  });

  it('the first was removed', async () => {
    const stage = await openCompany();
    inLog(stage, `DELETE FROM events WHERE revision = 0 AND THE STREAM`);
    expect(found(await verified(stage), 'chain')).toMatchObject({ differences: 1, first: [{ revision: '1' }] });
  });

  it('two were swapped', async () => {
    const stage = await openCompany();
    const move = (from: number, to: number) =>
      inLog(stage, `UPDATE events SET revision = ? WHERE revision = ? AND THE STREAM`, to, from);
    move(9, 1_000_009);
    move(11, 9);
    move(1_000_009, 11);
    const { first } = found(await verified(stage), 'chain');
    expect(first.map(({ revision }) => revision)).toEqual(['9', '10', '11', '12']);
  });

  it('one was put in', async () => {
    const stage = await openCompany();
    inLog(stage, `UPDATE events SET revision = revision + 1000001 WHERE revision >= 9 AND THE STREAM`);
    inLog(stage, `UPDATE events SET revision = revision - 1000000 WHERE revision >= 1000000 AND THE STREAM`);
    inLog(
      stage,
      `INSERT INTO events SELECT stream_id, 9, 'made-up', type, schema_version, recorded_at, data, metadata, hash
       FROM events WHERE revision = 8 AND THE STREAM`,
    );
    const { first } = found(await verified(stage), 'chain');
    expect(first.map(({ revision }) => revision)).toEqual(expect.arrayContaining(['9', '10']));
  });

  it('a seal was taken from another record, and the chain made anew', async () => {
    const stage = await openCompany();
    const report = await verified(stage);
    const sealed = inFile(
      stage,
      'log.db',
      (file) =>
        file.prepare(`SELECT data, metadata FROM events WHERE type = 'UserJoinedGroup' AND ${STREAM}`).get() as Row,
    );
    await append(stage, report, [
      {
        id: 'forged',
        type: 'UserJoinedGroup',
        schemaVersion: 1,
        recordedAt: '2026-01-01T00:00:00.000Z',
        data: JSON.parse(String(sealed['data'])) as Json,
        metadata: JSON.parse(String(sealed['metadata'])) as RecordToAppend['metadata'],
      },
    ]);
    const after = await verified(stage);
    expect(found(after, 'chain').differences).toBe(0);
    expect(found(after, 'records')).toMatchObject({
      differences: 1,
      first: [{ revision: String(report.events), type: 'UserJoinedGroup' }],
      counts: { BrokenSeal: 1 },
    });
  });
});

/** With a sound chain, as only somebody could who runs the engine's own code. */
const append = async (
  stage: Stage,
  { head }: Pick<VerifyReport, 'head'>,
  records: ReadonlyArray<RecordToAppend>,
  stream = 'directorySync-fabrikam',
): Promise<void> => {
  const log = await openSqliteEventLog({ path: join(stage.folder, 'log.db') });
  const appended = await log.append(stream, BigInt(head?.revision ?? -1), records)();
  await log.close();
  if (E.isLeft(appended)) throw new Error(appended.left._tag);
};

const forged = (type: string, data: Json, epoch = 1): RecordToAppend => ({
  id: `forged-${type}`,
  type,
  schemaVersion: 1,
  recordedAt: '2026-01-01T00:00:00.000Z',
  data,
  metadata: { subjects: [], correlationId: 'forged', causationId: 'forged', epoch },
});

const dispatch = (kind: string, subject: string, epoch?: number): RecordToAppend =>
  forged(
    'CommandsDispatched',
    {
      plannerVersion,
      graphTime: '2026-01-01T00:00:00.000Z',
      items: [{ commandId: 'made-up', subject, kind, mac: 'made-up' }],
    },
    epoch,
  );

describe('a fault with a sound chain is found:', () => {
  it('a command that the plan does not give', async () => {
    const stage = await openCompany();
    const ann = stage.directory.users()[0]?.id ?? '';
    const before = await verified(stage);
    await append(stage, before, [dispatch('UpdateProfile', ann)]);
    expect(found(await verified(stage), 'commands')).toMatchObject({
      differences: 1,
      first: [
        {
          revision: String(before.events),
          what: `UpdateProfile of ${ann}: the plan of that moment has no such command.`,
        },
      ],
    });
  });

  it('a second account', async () => {
    const stage = await openCompany();
    const ann = stage.directory.users()[0]?.id ?? '';
    const before = await verified(stage);
    await append(stage, before, [dispatch('CreateUser', ann)]);
    expect(found(await verified(stage), 'invariants')).toMatchObject({
      differences: 1,
      first: [
        {
          revision: String(before.events),
          type: 'CommandsDispatched',
          what: `one account: an account was made for ${ann} although there is an account.`,
        },
      ],
    });
  });

  it('a second invitation', async () => {
    const stage = await openCompany({ preferences: { invitations: 'immediate' } });
    const late = stage.hire('Late Comer');
    await stage.sync();
    await stage.reopen();
    const before = await verified(stage);
    expectGreen(before);
    await append(stage, before, [dispatch('SendInvitation', late, 2)]);
    expect(found(await verified(stage), 'invariants')).toMatchObject({
      differences: 1,
      first: [{ revision: String(before.events), what: `one invitation: ${late} was invited a second time.` }],
    });
  });

  it('a deactivation of somebody who is held', async () => {
    const stage = await openCompany({ preferences: holdingBack });
    const bob = stage.hire('Bob Held');
    await stage.sync();
    stage.leave(bob);
    await stage.sync();
    await stage.reopen();
    const before = await verified(stage);
    expectGreen(before);
    await append(stage, before, [dispatch('DeactivateUser', bob, 2)]);
    expect(found(await verified(stage), 'invariants')).toMatchObject({
      differences: 1,
      first: [
        { revision: String(before.events), what: `hold: a deactivation was sent for ${bob} although it is held.` },
      ],
    });
  });

  it('a deactivation without a confirmed leave', async () => {
    const stage = await openCompany();
    const [, bob = ''] = stage.directory.users().map(({ id }) => id);
    await append(stage, await verified(stage), [dispatch('DeactivateUser', bob)]);
    expect(found(await verified(stage), 'invariants').first.map(({ what }) => what)).toEqual([
      `confirmed leaves: a deactivation was sent for ${bob} without a confirmed leave.`,
    ]);
  });

  it.each([
    [
      'an unknown type',
      forged('PersonPromoted', {}),
      'UnknownEventType',
      'an event of a type that this version does not know.',
    ],
    [
      'a version of later',
      { ...forged('SyncStarted', { trigger: 'manual' }), schemaVersion: 99 },
      'FutureSchemaVersion',
      'an event of a newer version than this program knows (1).',
    ],
  ])('a record of %s', async (_, record, tag, what) => {
    const stage = await openCompany();
    const before = await verified(stage);
    await append(stage, before, [record]);
    const report = await verified(stage);
    const revision = String(before.events);
    expect(report.ok).toBe(false);
    expect(found(report, 'chain').differences).toBe(0);
    expect(found(report, 'records')).toMatchObject({
      differences: 1,
      first: [{ revision, type: record.type, what }],
      counts: { [tag]: 1 },
    });
    expect(found(report, 'commands').incomplete).toContain(`revision ${revision}`);
  });

  it('a record whose key is missing, which is no erasure', async () => {
    const stage = await openCompany();
    const ann = stage.directory.users()[0]?.id ?? '';
    const joined = (await stage.events('UserJoinedGroup')).find(({ data }) => (data as Row)['userId'] === ann);
    inFile(stage, 'log.db.keys', (file) => file.prepare('DELETE FROM keys WHERE owner = ?').run(ann));
    await stage.reopen();
    const report = await verified(stage);
    expect(report.ok).toBe(false);
    expect(found(report, 'records').first[0]).toEqual({
      revision: joined?.revision,
      type: 'UserJoinedGroup',
      what: 'the key store does not have its key.',
    });
    expect(found(report, 'records').counts).not.toHaveProperty('erased');
  });

  it('an engine that wrote behind its successor', async () => {
    const stage = await openCompany();
    const before = await verified(stage);
    await append(stage, before, [
      forged('EngineStarted', { epoch: 7, version: '1' }, 7),
      forged('SyncStarted', { trigger: 'manual' }, 2),
    ]);
    expect(found(await verified(stage), 'invariants').first.map(({ what }) => what)).toEqual([
      'epochs: an engine of epoch 2 wrote behind one of epoch 7.',
    ]);
  });

  it('a row of the local database', async () => {
    const stage = await openCompany();
    inFile(stage, 'log.db.local', (file) =>
      file
        .prepare(
          `UPDATE projection_rows SET value = replace(value, 'Support', 'Suppers') WHERE table_name = 'directory-people'`,
        )
        .run(),
    );
    const report = await verified(stage);
    expect(report.ok).toBe(false);
    expect(found(report, 'projections').differences).toBeGreaterThan(0);
    expect(found(report, 'chain').differences).toBe(0);
  });
});

describe('the record of who looked', () => {
  const ACCESS = `stream_id = (SELECT stream_id FROM streams WHERE name = 'directorySync-access-fabrikam')`;
  const openLooked = async (): Promise<Stage> => {
    const stage = await openCompany();
    const [ann = '', bob = ''] = stage.directory.users().map(({ id }) => id);
    for (const userId of [ann, bob, ann]) await stage.engine().why(userId as never, { by: { actor: 'ann' } });
    return stage;
  };

  it('is checked as well', async () => {
    const stage = await openLooked();
    const report = await verified(stage);
    expectGreen(report);
    expect(found(report, 'access').checked).toBe(3);
  });

  it.each([
    ['changed', `UPDATE events SET recorded_at = recorded_at || ' ' WHERE revision = 1 AND ${ACCESS}`, '1'],
    ['removed', `DELETE FROM events WHERE revision = 1 AND ${ACCESS}`, '2'],
  ])('tells a look that was %s, and names its stream', async (_, sql, revision) => {
    const stage = await openLooked();
    inLog(stage, sql);
    const report = await verified(stage);
    expect(report.ok).toBe(false);
    expect(found(report, 'chain').differences).toBe(0);
    expect(found(report, 'access')).toMatchObject({
      differences: 1,
      first: [{ revision, type: 'PersonalDataViewed' }],
    });
    expect(found(report, 'access').first[0]?.what).toContain('in directorySync-access-fabrikam: does not follow');
  });

  it('tells a seal that was taken from another look, with a chain made anew', async () => {
    const stage = await openLooked();
    const { data, metadata } = inFile(
      stage,
      'log.db',
      (file) => file.prepare(`SELECT data, metadata FROM events WHERE revision = 2 AND ${ACCESS}`).get() as Row,
    );
    const record: RecordToAppend = {
      ...forged('PersonalDataViewed', JSON.parse(String(data)) as Json),
      metadata: JSON.parse(String(metadata)) as RecordToAppend['metadata'],
    };
    await append(stage, { head: { revision: '2', hash: '' } }, [record], 'directorySync-access-fabrikam');
    expect(found(await verified(stage), 'access').first).toEqual([
      {
        revision: '3',
        type: 'PersonalDataViewed',
        what: 'in directorySync-access-fabrikam: its seal does not open: it was changed, or sealed by another key.',
      },
    ]);
  });
});

describe('a head that was kept elsewhere', () => {
  const truncate = (stage: Stage): void => {
    inLog(stage, `DELETE FROM events WHERE revision > 20 AND THE STREAM`);
    inFile(stage, 'log.db.local', (file) => file.prepare(`DELETE FROM projection_folds`).run());
  };

  it('tells a log that was cut short, which nothing else does', async () => {
    const stage = await openCompany();
    const head = await stage.engine().signedHead();
    if (head === null) throw new Error('The log is empty.');
    expectGreen(await verified(stage, head));
    expectGreen(await verified(stage, { hash: head.hash }));
    truncate(stage);
    await stage.reopen();
    expectGreen(await verified(stage));
    for (const kept of [head, { hash: head.hash }, { hash: head.hash, revision: BigInt(head.revision) }])
      expect(found(await verified(stage, kept), 'head').first.map(({ what }) => what)).toEqual([
        'This log does not contain the head that was kept: it was truncated or rewritten.',
      ]);
  });

  it('stays in the log while it grows, and its signature holds', async () => {
    const stage = await openCompany();
    const head = await stage.engine().signedHead();
    if (head === null) throw new Error('The log is empty.');
    stage.hire('Late Comer');
    await stage.sync();
    expectGreen(await verified(stage, head));
    const other = { ...head, at: '2020-01-01T00:00:00.000Z' };
    expect(found(await verified(stage, other), 'head').first.map(({ what }) => what)).toEqual([
      'The head that was kept proves nothing: its signature does not fit: it was changed, or not signed by this connection.',
    ]);
  });
});

/** An administrator's decision about somebody whose deactivation waits. */
const decide = async (
  stage: Stage,
  type: 'HeldCommandsApproved' | 'HeldCommandsRejected',
  userId: string,
): Promise<void> => {
  const path = join(stage.folder, 'log.db');
  const log = await openSqliteEventLog({ path });
  const keys = await openSqliteKeyStore({ path: `${path}.keys` });
  const stream = openEventStream<DirectoryEvent>({
    log,
    keys,
    registry: defineEvents(directoryEvents),
    name: 'directorySync-fabrikam',
    owner: 'connection:fabrikam',
    now: () => new Date(),
    newId: randomUUID,
  });
  const data = { kind: 'deactivations' as const, userIds: [userId as ObjectId], actor: 'ann', reason: 'looked' };
  const appended = await stream.append('any', [{ type, data }], { correlationId: 'held', causationId: 'held' })();
  await log.close();
  await keys.close();
  if (E.isLeft(appended)) throw new Error(appended.left._tag);
};

describe('a life with everything in it verifies:', () => {
  it('a hold, approved and refused; photos set and cleared, full cycles, other preferences, pauses, an erasure, and restarts', async () => {
    const stage = await openStage({
      company: { people: 30, photos: 10 },
      avatars: (store) => store,
      preferences: { clearRemovedPhotos: true, ...holdingBack },
    });
    const crew = stage.crew(12, { department: 'Sales' });
    await stage.sync({ full: true });
    const [pictured = ''] = stage.simulator.company.photos;
    stage.directory.removePhoto(pictured);
    await stage.sync();
    const [freed = '', kept = ''] = crew.slice(-2);
    for (const userId of [freed, kept]) stage.leave(userId);
    await stage.sync();
    expect((await verified(stage)).ok).toBe(true);
    await decide(stage, 'HeldCommandsApproved', freed);
    await decide(stage, 'HeldCommandsRejected', kept);
    await stage.sync();
    expect([freed, kept].map((userId) => stage.account(userId).status === 'deactivated')).toEqual([true, false]);
    await stage.engine().pause({ actor: 'ann', reason: 'audit' });
    await stage.sync();
    await stage.engine().resume({ actor: 'ann', reason: 'done' });
    await stage.reopen({ preferences: { blanks: 'keep', neverDeactivate: ['crew.member1@fabrikam.example'] } });
    for (const userId of crew.slice(0, 2)) stage.leave(userId);
    stage.directory.updateUser(crew[3] ?? '', { department: 'Ops', jobTitle: null });
    await stage.sync();
    await stage.sync({ full: true });
    const left = crew[1] ?? '';
    await stage.engine().erase(left as never, { actor: 'ann', reason: 'asked for it' });
    await stage.sync({ full: true });
    await stage.reopen();
    const report = await verified(stage, (await stage.engine().signedHead()) ?? undefined);
    expectGreen(report);
    expect(found(report, 'records').counts['erased']).toBeGreaterThan(0);
    expect(found(report, 'commands').counts['of erased people (chain only)']).toBeGreaterThan(0);
    expect(found(report, 'commands').counts['derived again']).toBeGreaterThan(100);
    const items = (await stage.events('CommandsDispatched')).flatMap(
      ({ data }) => (data as Row)['items'] as ReadonlyArray<Row>,
    );
    const kinds = new Set(items.map(({ kind }) => kind));
    expect([...kinds]).toEqual(expect.arrayContaining(['SetAvatar', 'ClearAvatar', 'DeactivateUser']));
  });
});
