import type { LearnAmpUserId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { withAvatars } from '../avatars/with-avatars.js';
import type { LearnAmpPort, PortOptions } from '../learn-amp-port.js';
import { commandsFor } from '../testing/made-commands.js';
import { collect, dispatched, openClient } from '../testing/open-client.js';
import { inTime } from './in-time.js';
import { withDeadline } from './with-deadline.js';

const about = commandsFor(7);
const id = '7' as LearnAmpUserId;
const never = <A>(): Promise<A> => new Promise(() => undefined);
/** Whatever is waited for is late at once. */
const late = { deadlineMs: 120_000, sleep: () => Promise.resolve() };
/** Nothing is ever late. */
const patient = { deadlineMs: 120_000, sleep: () => never<void>() };
const unreachable = { left: { _tag: 'LearnAmpUnreachable', detail: expect.stringContaining('120 seconds') as string } };

const portOf = (given: Partial<LearnAmpPort>): LearnAmpPort => ({
  ...openClient('http://127.0.0.1:1'),
  hasOwnDeadlines: undefined,
  ...given,
});
const outcomesOf = async (port: LearnAmpPort) =>
  (await port.execute(dispatched([about.link(), about.email('b@contoso.com')]))).map(({ outcome }) => outcome._tag);

describe('a port whose promises do not settle', () => {
  it('leaves the first command unknown and those behind it untold', async () => {
    expect(await outcomesOf(withDeadline(portOf({ execute: never }), late))).toEqual(['Unknown']);
  });

  it('leaves everybody of one call unknown, and sends nobody alone meanwhile', async () => {
    const sent: unknown[] = [];
    const execute: LearnAmpPort['execute'] = (commands) => {
      sent.push(commands);
      return never();
    };
    const port = withDeadline(portOf({ execute, executeAll: never }), late);
    const subjects = [dispatched([about.link()]), dispatched([about.deactivate()])];
    const answered = await port.executeAll?.(subjects);
    expect(answered?.map((receipts) => receipts.map(({ outcome }) => outcome._tag))).toEqual([
      ['Unknown'],
      ['Unknown'],
    ]);
    expect(sent).toEqual([]);
  });

  it('answers look-ups and avatars with a failure', async () => {
    const port = withDeadline(portOf({ findAccount: () => never, readAvatar: () => never }), late);
    expect(await port.findAccount({ by: 'id', learnAmpUserId: id })()).toMatchObject(unreachable);
    expect(await port.readAvatar?.(id)()).toMatchObject(unreachable);
  });

  it('ends a list with a failure, and does not wait for the list to close', async () => {
    async function* pages() {
      yield E.right([]);
      await never();
    }
    const port = withDeadline(portOf({ accounts: pages, teams: pages }), late);
    expect(await collect(port.accounts())).toMatchObject(unreachable);
    expect(await collect(port.teams())).toMatchObject(unreachable);
  });

  it('does not keep anybody from closing', async () => {
    await withDeadline(portOf({ close: never }), late).close();
  });

  it('is told by its signal, and what it comes to later is dropped', async () => {
    let given: AbortSignal | undefined;
    let fail: (cause: Error) => void = () => undefined;
    const execute: LearnAmpPort['execute'] = (_, options: PortOptions = {}) => {
      given = options.signal;
      return new Promise((_resolve, reject) => (fail = reject));
    };
    expect(await outcomesOf(withDeadline(portOf({ execute }), late))).toEqual(['Unknown']);
    expect(given?.aborted).toBe(true);
    // Unhandled, this would end the process.
    fail(new Error('too late'));
    await Promise.resolve();
  });

  it('is waited for a little longer, and no more, once the caller gave up', async () => {
    const waits: number[] = [];
    const sleep = (milliseconds: number): Promise<void> => {
      waits.push(milliseconds);
      return milliseconds === 10 ? Promise.resolve() : never();
    };
    const call = inTime({ deadlineMs: 1000, graceMs: 10, sleep }, AbortSignal.abort(), never);
    await expect(call).rejects.toMatchObject({ name: 'OutOfTime' });
    expect(waits.sort()).toEqual([10, 1000]);
  });
});

describe('a port that answers', () => {
  it('is passed on as it is: receipts, pages, failures and what it throws', async () => {
    const receipts = dispatched([about.link()]).map(({ commandId }) => ({
      commandId,
      outcome: { _tag: 'Unsupported' } as const,
    }));
    async function* pages() {
      yield E.right([]);
      yield E.left({ _tag: 'LearnAmpAborted' } as const);
    }
    const port = withDeadline(
      portOf({
        execute: () => Promise.resolve(receipts),
        accounts: pages,
        close: () => Promise.reject(new Error('no')),
      }),
      patient,
    );
    expect(await port.execute([])).toBe(receipts);
    expect(await collect(port.accounts())).toEqual(E.left({ _tag: 'LearnAmpAborted' }));
    await expect(port.close()).rejects.toThrow('no');
    expect(port.executeAll).toBeUndefined();
    expect(port.readAvatar).toBeUndefined();
  });
});

it('a picture that the host never answers for is unknown, whatever port is beneath', async () => {
  const port = withAvatars(openClient('http://127.0.0.1:1'), { set: never, clear: never, read: never }, late);
  const photo = { bytes: new Uint8Array([0xff]), mediaType: 'image/jpeg' } as const;
  const sent = dispatched([about.avatar()]).map((each) => ({ ...each, photo }));
  expect((await port.execute(sent)).map(({ outcome }) => outcome._tag)).toEqual(['Unknown']);
  expect(await port.readAvatar?.(id)()).toMatchObject({ left: { _tag: 'LearnAmpUnreachable' } });
  expect(port.hasOwnDeadlines).toBe(true);
});
