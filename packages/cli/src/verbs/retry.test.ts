import type { Parked, RetryRequest } from '@learnamp/directory-sync';
import { describe, expect, it } from 'vitest';
import { makeReport, makeStatus, objectId } from '../testing/fake-connection.js';
import { json, run } from '../testing/run-words.js';

const [ann, ben] = [objectId(1), objectId(2)];

const onePark: Parked = {
  connectionId: 'contoso',
  counts: [{ kind: 'rejected', reason: 'UpdateProfile: validation (jobTitle)', people: 1 }],
  people: [
    {
      userId: ann,
      displayName: 'Ann Archer',
      email: 'ann@contoso.example',
      learnAmpUserId: '101',
      kind: 'rejected',
      reason: 'UpdateProfile: validation (jobTitle)',
      since: '2026-01-01T00:00:00.000Z',
      waits: [{ says: 'Learn Amp refuses it', until: 'until the value is changed in Entra' }],
      nextTryAt: '2026-01-02T00:00:00.000Z',
    },
  ],
  more: 0,
};

describe('parked', () => {
  it('tells who, since when, why, and what would end it; exit code 4', async () => {
    const { code, stdout, opened } = await run('parked', { connection: { parked: async () => onePark } });
    expect(code).toBe(4);
    expect(opened).toMatchObject([{ readOnly: true }]);
    expect(stdout).toBe(
      [
        '1 person is parked in contoso:',
        '  1 person: rejected, UpdateProfile: validation (jobTitle)',
        '',
        `Ann Archer, ann@contoso.example (${ann})`,
        '  rejected: UpdateProfile: validation (jobTitle), since 2026-01-01T00:00:00.000Z',
        '  Learn Amp refuses it until the value is changed in Entra',
        '  asked again by itself from 2026-01-02T00:00:00.000Z on',
        '',
        'To try again at once: directory-sync retry USER, or directory-sync retry --all.',
        '',
      ].join('\n'),
    );
  });

  it('says that nobody is, with exit code 0, and is a document with --json', async () => {
    expect(await run('parked')).toMatchObject({ code: 0, stdout: 'Nobody is parked in contoso.\n' });
    const { stdout } = await run('parked --json', { connection: { parked: async () => onePark } });
    expect(json(stdout)).toEqual(onePark);
  });
});

const retrying = (userIds: ReadonlyArray<typeof ann>, notParked: ReadonlyArray<typeof ann> = [], resting = false) => {
  const asked: RetryRequest[] = [];
  let syncs = 0;
  const connection = {
    retry: async (request: RetryRequest) => {
      asked.push(request);
      return { connectionId: 'contoso', userIds, teams: 0, byName: [], notParked, resting };
    },
    sync: async () => {
      syncs += 1;
      return makeReport({ exitCode: 4 });
    },
  };
  return { asked, connection, syncs: () => syncs };
};

describe('retry', () => {
  it('of one person records who and why, and tries at once; the exit code is that of the sync', async () => {
    const { asked, connection, syncs } = retrying([ann]);
    const result = await run(`retry ${ann} --by Eve --reason fixed`, { connection });
    expect(result).toMatchObject({ code: 4, opened: [{ readOnly: false }] });
    expect(asked).toEqual([{ userIds: [ann], by: 'Eve', reason: 'fixed' }]);
    expect(result.stdout).toContain('To be tried again: 1 person.');
    expect(syncs()).toBe(1);
  });

  it('of everybody names nobody', async () => {
    const { asked, connection } = retrying([ann, ben]);
    expect((await run('retry --all --by Eve', { connection })).stdout).toContain('To be tried again: 2 people.');
    expect(asked).toEqual([{ by: 'Eve', reason: 'asked for by hand' }]);
  });

  it('of somebody who is not parked tries nothing, and is no mistake', async () => {
    const { connection, syncs } = retrying([], [ben]);
    const result = await run(`retry ${ben}`, { connection });
    expect(result).toMatchObject({
      code: 0,
      stdout: `Nothing is to be tried again.\nNot parked: ${ben}.\n`,
    });
    expect(syncs()).toBe(0);
  });

  it('of a paused connection says that nothing is tried before it is resumed', async () => {
    const { connection, syncs } = retrying([ann], [], true);
    const paused = { ...connection, status: () => Promise.resolve(makeStatus({ paused: true })) };
    const { code, stdout, stderr } = await run(`retry ${ann}`, { connection: paused });
    expect(stdout).toContain('To be tried again once the connection is resumed ("directory-sync resume"): 1 person.');
    expect(stderr).toContain('paused');
    expect({ code, syncs: syncs() }).toEqual({ code: 1, syncs: 0 });
  });

  it.each(['retry', `retry ${ann} --all`])('asks for one person or for all: %s', async (words) => {
    expect(await run(words)).toMatchObject({ code: 2, stderr: 'Give one USER, or --all.\n' });
  });
});
