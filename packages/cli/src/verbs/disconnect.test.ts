import { describe, expect, it } from 'vitest';
import { makeEvent, makeStatus, yielded } from '../testing/fake-connection.js';
import { json, run } from '../testing/run-words.js';

const ending = (subscriptions: { readonly removed: number; readonly left: number }) => {
  const asked: unknown[] = [];
  const disconnect = async (by: unknown) => {
    asked.push(by);
    return { connectionId: 'contoso', subscriptions };
  };
  return { asked, connection: { disconnect } };
};

describe('disconnect', () => {
  it('records who and why, and says what it means', async () => {
    const { asked, connection } = ending({ removed: 2, left: 0 });
    const result = await run('disconnect --reason trial --by Eve', { connection });
    expect(result).toMatchObject({ code: 0, stderr: '', opened: [{ readOnly: false }] });
    expect(asked).toEqual([{ actor: 'Eve', reason: 'trial' }]);
    expect(result.stdout).toContain('everybody keeps the account they have');
    expect(result.stdout).toContain('2 subscriptions at Microsoft Graph taken away.');
  });

  it('tells what stays at Graph, and is a document with --json', async () => {
    const { connection } = ending({ removed: 0, left: 1 });
    expect((await run('disconnect --reason x', { connection })).stdout).toContain(
      '1 subscription could not be taken away',
    );
    const { stdout } = await run('disconnect --reason x --json', { connection });
    expect(json(stdout)).toEqual({ connectionId: 'contoso', subscriptions: { removed: 0, left: 1 } });
  });

  it('needs a reason', async () => {
    const { asked, connection } = ending({ removed: 0, left: 0 });
    expect((await run('disconnect', { connection })).code).toBe(2);
    expect(asked).toEqual([]);
  });

  it('is what a later sync says, with who and since when', async () => {
    const connection = {
      status: async () => makeStatus({ disconnectedAt: '2026-01-01T00:00:00.000Z' }),
      events: () => yielded([makeEvent(7, 'ConnectionDisconnected', { actor: 'Eve', reason: 'trial' })]),
    };
    const { code, stderr } = await run('sync', { connection });
    expect(code).toBe(1);
    expect(stderr).toBe(
      'contoso is disconnected since 2026-01-01T00:00:00.000Z, by Eve: nothing is read or sent, and everybody keeps their account. "directory-sync resume" connects it again.\n',
    );
  });
});
