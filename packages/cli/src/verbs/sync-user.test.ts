import type { PersonSyncOptions } from '@learnamp/directory-sync';
import { describe, expect, test } from 'vitest';
import { makePerson, makePersonSync, makeReport, makeStatus, objectId, yielded } from '../testing/fake-connection.js';
import { toldCommand, toldEvent } from '../testing/told-change.js';
import { json, run } from '../testing/run-words.js';

const id = objectId(1);
const people = () => yielded([makePerson(1)]);

const traced = makePersonSync(id, {
  conclusion: 'A member of the scope group: 4 events recorded, 1 command sent.',
  steps: [{ step: 'membership', outcome: 'yes', says: 'a member, nested groups included', requestId: 'request-7' }],
  events: [toldEvent({ graphRequestId: 'request-8' })],
  commands: [toldCommand()],
});

describe('sync --user', () => {
  test('syncs this person under the name of who asks, and nobody else', async () => {
    const asked: (readonly [string, PersonSyncOptions | undefined])[] = [];
    const { code } = await run('sync --user PERSON1@contoso.example', {
      connection: {
        people,
        sync: () => Promise.reject(new Error('everybody was synced')),
        syncUser: (userId, options) => {
          asked.push([userId, options]);
          return Promise.resolve(makePersonSync(userId));
        },
      },
    });
    expect(code).toBe(0);
    expect(asked.map(([userId, options]) => [userId, typeof options?.by?.actor])).toEqual([[id, 'string']]);
  });

  test('begins with what it came to, and shows what was asked, recorded and sent', async () => {
    const { code, stdout } = await run(`sync --user ${id}`, { connection: { syncUser: async () => traced } });
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toBe(traced.conclusion);
    expect(stdout).toContain('membership     yes: a member, nested groups included (request-id request-7)');
    expect(stdout).toMatch(/ 3 {2}2026-.*graph .*Writer\\u\{1b\}\[2J -> Editor \(request-id request-8\)/);
    expect(stdout).toContain('because job title: Writer -> Editor (revision 3)');
    expect(stdout).toContain('before  jobTitle = Writer');
    expect(stdout).toContain('after   jobTitle = Editor');
    expect(stdout).toContain('receipt done (revision 5)');
  });

  test('--json prints the document of a sync with the trace', async () => {
    const { stdout } = await run(`sync --json --user ${id}`, { connection: { syncUser: async () => traced } });
    const { userId, outcome, conclusion, steps, events, commands } = traced;
    expect(json(stdout)).toEqual({
      ...traced.report,
      person: { userId, outcome, conclusion, steps, events, commands },
    });
  });

  test.each([3, 4] as const)('ends with the exit code %s of its report', async (exitCode) => {
    const reason = 'UpdateProfile: invalid';
    const report = makeReport({ exitCode, attention: [{ userId: id, kind: 'rejected', reason }] });
    const syncUser = async () => makePersonSync(id, { report });
    const { code, stdout } = await run(`sync --user ${id}`, { connection: { syncUser } });
    expect(code).toBe(exitCode);
    expect(stdout).toContain(reason);
  });

  test('tells what kept it from its end on stderr, exit code 1', async () => {
    const error = { code: 'graph-unreachable' as const, message: 'Microsoft Graph did not answer.' };
    const report = makeReport({ ok: false, exitCode: 1, error });
    const syncUser = async () => makePersonSync(id, { outcome: 'undecided', conclusion: error.message, report });
    const result = await run(`sync --user ${id}`, { connection: { syncUser } });
    expect(result).toMatchObject({ code: 1, stderr: `${error.message}\n` });
  });

  test('whom nobody knows is one sentence, exit code 2', async () => {
    const conclusion = 'Neither this connection nor Microsoft Graph knows anybody of this object id.';
    const syncUser = async () => makePersonSync(id, { outcome: 'unknown-person', conclusion });
    const result = await run(`sync --user ${id}`, { connection: { syncUser } });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(conclusion);
    const address = await run('sync --user nobody@contoso.example', { connection: { people } });
    expect(address).toMatchObject({ code: 2, stdout: '' });
    expect(address.stderr).not.toContain('nobody@');
  });

  test('a paused connection is not synced for one person either', async () => {
    const connection = {
      status: async () => makeStatus({ paused: true }),
      syncUser: () => Promise.reject(new Error('synced all the same')),
    };
    const result = await run(`sync --json --user ${id}`, { connection });
    expect(result.code).toBe(1);
    expect(json(result.stdout)).toMatchObject({ ok: false, error: { code: 'stopped' } });
  });
});
