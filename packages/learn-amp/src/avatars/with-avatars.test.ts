import type { Command, Outcome } from '@learnamp/directory-sync-domain';
import { describe, expect, it } from 'vitest';
import type { DispatchedCommand, LearnAmpPort } from '../learn-amp-port.js';
import { commandsFor } from '../testing/made-commands.js';
import { dispatched, openClient } from '../testing/open-client.js';
import { withAvatars, type Avatars } from './with-avatars.js';

const about = commandsFor(7);
const done: Outcome = { _tag: 'Succeeded', result: 'updated' };
const picture = { bytes: new Uint8Array([0xff, 0xd8, 0xff]), mediaType: 'image/jpeg' } as const;
const withPicture = (commands: ReadonlyArray<DispatchedCommand>) =>
  commands.map((each) => (each.command.kind === 'SetAvatar' ? { ...each, photo: picture } : each));
const { userId, learnAmpUserId } = about.avatar();
const clear = (): Command => ({ kind: 'ClearAvatar', userId, learnAmpUserId });

const setUp = (answers: Partial<Record<string, Outcome>> = {}, avatars: Partial<Avatars> = {}) => {
  const calls: Array<readonly [string, unknown]> = [];
  const base: LearnAmpPort = {
    ...openClient('http://127.0.0.1:1'),
    execute: (commands) => {
      calls.push(['port', commands.map(({ command }) => command.kind)]);
      const receipts = [];
      for (const { commandId, command } of commands) {
        const outcome = answers[command.kind] ?? done;
        receipts.push({ commandId, outcome });
        if (outcome._tag !== 'Succeeded') break;
      }
      return Promise.resolve(receipts);
    },
  };
  const port = withAvatars(base, {
    set: (avatar) => {
      calls.push(['set', avatar]);
      return Promise.resolve(done);
    },
    clear: (avatar) => {
      calls.push(['clear', avatar]);
      return Promise.resolve(done);
    },
    ...avatars,
  });
  const run = async (commands: ReadonlyArray<Command>) =>
    (await port.execute(withPicture(dispatched(commands)))).map(({ commandId, outcome }) => [commandId, outcome._tag]);
  return { port, calls, run };
};

describe('a port with avatars', () => {
  it('says that it has them; the REST client says that it has none', () => {
    expect(setUp().port.avatars).toBe(true);
    expect(openClient('http://127.0.0.1:1').avatars).toBe(false);
  });

  it('hands the picture to the host and everything else to the port, in order', async () => {
    const { calls, run } = setUp();
    const answers = await run([about.update({}), about.noManager(), about.avatar(), clear(), about.update({})]);
    expect(answers).toEqual(['c0', 'c1', 'c2', 'c3', 'c4'].map((id) => [id, 'Succeeded']));
    expect(calls).toEqual([
      ['port', ['UpdateProfile', 'ClearOverrideManager']],
      ['set', { commandId: 'c2', learnAmpUserId, ...picture }],
      ['clear', { commandId: 'c3', learnAmpUserId }],
      ['port', ['UpdateProfile']],
    ]);
  });

  it('tries nothing behind what did not succeed', async () => {
    const refused = setUp({ UpdateProfile: { _tag: 'Rejected', code: 'validation', fields: [] } });
    expect(await refused.run([about.update({}), about.noManager(), about.avatar()])).toEqual([['c0', 'Rejected']]);
    expect(refused.calls).toHaveLength(1);
    const full = setUp({}, { set: () => Promise.resolve({ _tag: 'Rejected', code: 'too_large', fields: [] }) });
    expect(await full.run([about.avatar(), about.update({})])).toEqual([['c0', 'Rejected']]);
    expect(full.calls).toEqual([]);
  });

  it('takes a host that throws for one that may have done it', async () => {
    const broken = () => Promise.reject(new Error('disk full'));
    expect(await setUp({}, { set: broken }).run([about.avatar()])).toEqual([['c0', 'Unknown']]);
    expect(await setUp({}, { clear: broken }).run([clear()])).toEqual([['c0', 'Unknown']]);
  });

  it('sets nothing where the picture is missing', async () => {
    const { port, calls } = setUp();
    expect(await port.execute(dispatched([about.avatar()]))).toMatchObject([{ outcome: { _tag: 'Failed' } }]);
    expect(calls).toEqual([]);
  });

  it('takes many people in one call where the port does, each at their place', async () => {
    expect(setUp().port.executeAll).toBeUndefined();
    const { port: base, calls } = setUp();
    const many: Array<number> = [];
    const port = withAvatars(
      {
        ...base,
        executeAll: (subjects) => {
          many.push(subjects.length);
          return Promise.all(subjects.map((commands) => base.execute(commands)));
        },
      },
      { set: () => Promise.resolve(done), clear: () => Promise.resolve({ _tag: 'Unsupported' }) },
    );
    const people = [[about.reactivate()], [about.reactivate(), clear()], [about.deactivate()]].map((commands) =>
      dispatched(commands),
    );
    const answers = await port.executeAll?.(people);
    expect(answers?.map((receipts) => receipts.map(({ outcome }) => outcome._tag))).toEqual([
      ['Succeeded'],
      ['Succeeded', 'Unsupported'],
      ['Succeeded'],
    ]);
    expect(many).toEqual([2]);
    expect(calls).toHaveLength(3);
  });
});
