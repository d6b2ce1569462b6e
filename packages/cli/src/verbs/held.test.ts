import type { Held, HoldDecided, HoldDecisionRequest } from '@learnamp/directory-sync';
import { describe, expect, it } from 'vitest';
import { makePerson, makeReport, makeStatus, objectId, yielded } from '../testing/fake-connection.js';
import { json, run, runWords } from '../testing/run-words.js';

const [ann, ben, cat] = [objectId(1), objectId(2), objectId(3)];

const twoHeld: Held = {
  connectionId: 'contoso',
  scopeFrozen: null,
  counts: [
    { kind: 'deactivations', reason: 'small-share', people: 1 },
    { kind: 'creations', reason: 'count', people: 1 },
  ],
  people: [
    {
      userId: ann,
      displayName: 'Ann Archer',
      email: 'ann@contoso.example',
      learnAmpUserId: '101',
      kind: 'deactivations',
      reason: 'small-share',
      since: '2026-01-01T00:00:00.000Z',
      byName: false,
      role: 'viewer',
      evidence: { leave: { reason: 'removed', confirmations: 1 }, blocked: false, groupPath: [], groupNames: [] },
    },
    {
      userId: ben,
      displayName: null,
      email: null,
      learnAmpUserId: null,
      kind: 'creations',
      reason: 'count',
      since: '2026-01-01T00:00:00.000Z',
      byName: false,
      role: null,
      evidence: { leave: null, blocked: false, groupPath: [objectId(900)], groupNames: ['Sales'] },
    },
  ],
  more: 0,
};

/** Answers every decision with `decided`, and notes what was asked. */
const deciding = (decided: Omit<HoldDecided, 'connectionId'>, held = 0) => {
  const asked: (readonly ['approve' | 'reject', HoldDecisionRequest])[] = [];
  let syncs = 0;
  const answer = (action: 'approve' | 'reject') => async (request: HoldDecisionRequest) => {
    asked.push([action, request]);
    return { connectionId: 'contoso', ...decided };
  };
  const people = { inScope: 3, linked: 3, held, parked: 0, waiting: 0 };
  const connection = {
    approveHeld: answer('approve'),
    rejectHeld: answer('reject'),
    status: async () => makeStatus({ people }),
    people: () => yielded([makePerson(1)]),
    sync: async () => {
      syncs += 1;
      return makeReport({ exitCode: held > 0 ? 3 : 0, people });
    },
  };
  return { asked, connection, syncs: () => syncs };
};

describe('held', () => {
  it('tells who waits for what, why, on what evidence, and how to decide; exit code 3', async () => {
    const looks: unknown[] = [];
    const connection = {
      held: async (options: unknown) => {
        looks.push(options);
        return twoHeld;
      },
    };
    const { code, stdout, stderr, opened } = await run('held --by Eve', { connection });
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    expect(opened).toMatchObject([{ readOnly: true }]);
    expect(looks).toEqual([{ by: { actor: 'Eve' }, limit: 100 }]);
    expect(stdout).toContain(
      '2 people wait for a decision in contoso:\n  1 deactivation: a large share of the accounts within a day',
    );
    expect(stdout).toContain('1 new account: too many within a day');
    expect(stdout).toMatch(/Ann Archer .*not a member of the group any more, confirmed once +00000000/);
    expect(stdout).toContain('held approve --by NAME --reason R');
  });

  it('is a document with --json', async () => {
    const { code, stdout } = await run('held --json', { connection: { held: async () => twoHeld } });
    expect(code).toBe(3);
    expect(json(stdout)).toEqual(twoHeld);
  });

  it('says that nothing waits, with exit code 0; a frozen scope is 3, for nobody leaves', async () => {
    expect(await run('held')).toMatchObject({ code: 0, stdout: 'Nothing waits for a decision in contoso.\n' });
    const frozen: Held = {
      connectionId: 'contoso',
      scopeFrozen: 'scope-group-deleted',
      counts: [],
      people: [],
      more: 0,
    };
    const { code, stdout } = await run('held', { connection: { held: async () => frozen } });
    expect(code).toBe(3);
    expect(stdout).toContain('Nobody leaves while this stands: the group was deleted in Entra.');
  });
});

describe('held approve', () => {
  it('records who and why for everybody, and delivers what it freed', async () => {
    const { asked, connection, syncs } = deciding({
      decided: [
        { userId: ann, kind: 'deactivations' },
        { userId: ben, kind: 'creations' },
      ],
      leftOut: [{ userId: cat, why: 'by-name' }],
    });
    const result = await runWords(['held', 'approve', '--by', 'Eve', '--reason', 'the unit was sold'], { connection });
    expect(result).toMatchObject({ code: 0, stderr: '', opened: [{ readOnly: false }] });
    expect(asked).toEqual([['approve', { by: 'Eve', reason: 'the unit was sold' }]]);
    expect(syncs()).toBe(1);
    expect(result.stdout).toContain('1 deactivation and 1 new account approved.');
    expect(result.stdout).toContain(`Left out: ${cat}: an owner or admin of Learn Amp: approve by name, with --user.`);
  });

  it('names people as any USER, each of them one', async () => {
    const { asked, connection } = deciding({ decided: [{ userId: ann, kind: 'deactivations' }], leftOut: [] });
    const result = await run(`held approve --user PERSON1@contoso.example --user ${ben} --by Eve --reason x`, {
      connection,
    });
    expect(result.code).toBe(0);
    expect(asked).toEqual([['approve', { userIds: [ann, ben], by: 'Eve', reason: 'x' }]]);
    expect((await run('held approve --user nobody@x.example --by Eve --reason x', { connection })).code).toBe(2);
  });

  it('ends with 3 while somebody else is held, and delivers nothing where nothing was freed', async () => {
    const some = deciding({ decided: [{ userId: ann, kind: 'deactivations' }], leftOut: [] }, 2);
    expect((await run('held approve --by Eve --reason x', { connection: some.connection })).code).toBe(3);
    const again = deciding({ decided: [], leftOut: [{ userId: ann, why: 'not-held' }] });
    const { code, stdout } = await run(`held approve --user ${ann} --by Eve --reason x`, again);
    expect({ code, syncs: again.syncs() }).toEqual({ code: 0, syncs: 0 });
    expect(stdout).toBe(`Nothing was approved.\nLeft out: ${ann}: nothing is held, or not any more.\n`);
  });

  it('tells of a pause, and that the approval stands', async () => {
    const { connection, syncs } = deciding({ decided: [{ userId: ann, kind: 'deactivations' }], leftOut: [] });
    const paused = { ...connection, status: async () => makeStatus({ paused: true }) };
    const result = await run('held approve --by Eve --reason x', { connection: paused });
    expect(result).toMatchObject({ code: 1, stdout: '1 deactivation approved.\n' });
    expect(result.stderr).toContain('is paused');
    expect(syncs()).toBe(0);
  });

  it.each(['held approve --reason x', 'held approve --by Eve', 'held reject --by Eve', 'held nonsense'])(
    'is a mistake without a name and a reason: %s',
    async (words) => {
      const { asked, connection } = deciding({ decided: [], leftOut: [] });
      expect((await run(words, { connection })).code).toBe(2);
      expect(asked).toEqual([]);
    },
  );

  it('is one document with --json, with the sync in it', async () => {
    const { connection } = deciding({ decided: [{ userId: ann, kind: 'deactivations' }], leftOut: [] });
    const { stdout } = await run('held approve --by Eve --reason x --json', { connection });
    expect(json(stdout)).toMatchObject({ decided: [{ userId: ann }], leftOut: [], sync: { ok: true, exitCode: 0 } });
  });
});

describe('held reject', () => {
  it('records who and why, sends nothing, and ends with 3 while somebody else is held', async () => {
    const one = deciding({ decided: [{ userId: ann, kind: 'deactivations' }], leftOut: [] });
    const result = await run(`held reject --user ${ann} --by Eve --reason mistake`, { connection: one.connection });
    expect(result.code).toBe(0);
    expect(result.stdout).toBe('1 deactivation rejected: they stay as they are until they change again.\n');
    expect(one.asked).toEqual([['reject', { userIds: [ann], by: 'Eve', reason: 'mistake' }]]);
    expect(one.syncs()).toBe(0);
    const more = deciding({ decided: [{ userId: ann, kind: 'deactivations' }], leftOut: [] }, 1);
    expect((await run('held reject --by Eve --reason x', { connection: more.connection })).code).toBe(3);
  });
});

describe('a long list', () => {
  it('is shown in part to people, with how many more there are, and whole to programs', async () => {
    const asked: unknown[] = [];
    const connection = {
      held: (options: unknown) => {
        asked.push(options);
        return Promise.resolve({ ...twoHeld, more: 79_998 });
      },
      parked: (options: unknown) => {
        asked.push(options);
        return Promise.resolve({ connectionId: 'contoso', counts: [], people: [], more: 0 });
      },
    };
    const told = await run('held', { connection });
    expect(told.stdout).toContain('80,000 people wait for a decision');
    expect(told.stdout).toContain('79,998 people more: --limit N shows more of them, --json all.');
    await run('held --limit 7', { connection });
    await run('held --json', { connection });
    await run('parked --limit 9', { connection });
    await run('parked --json', { connection });
    expect(asked).toMatchObject([{ limit: 100 }, { limit: 7 }, {}, { limit: 9 }, {}]);
    expect(asked.map((options) => Object.keys(options as object))).toEqual([
      ['by', 'limit'],
      ['by', 'limit'],
      ['by'],
      ['by', 'limit'],
      ['by'],
    ]);
    expect((await run('held --limit 0', { connection })).code).toBe(2);
  });
});
