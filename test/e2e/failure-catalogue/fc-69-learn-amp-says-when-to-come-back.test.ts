import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLearnAmpRest, type LearnAmpUserId } from '@learnamp/directory-sync';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { describe, expect, it, onTestFinished } from 'vitest';
import { commandLineIn } from '../../support/command-line-in-process.js';
import { learnAmpSettingsOf } from '../../support/simulator-settings.js';
import { calm, nobody, personNamed } from '../../support/stage.js';
import { makeVirtualTime } from '../../support/virtual-time.js';

/** As told at noon: how long nothing may be sent. */
const strange: ReadonlyArray<readonly [told: string, atLeast: number, atMost: number]> = [
  ['600', 600_000, 601_000],
  ['2.5', 2_500, 3_500],
  ['Sun, 01 Mar 2026 12:10:00 GMT', 600_000, 601_000],
  // In the past, none, and nonsense: no sooner than a second, and no later than a back-off of our own.
  ['Sun, 01 Mar 2026 11:00:00 GMT', 1_000, 2_000],
  ['0', 1_000, 2_000],
  ['-5', 500, 2_000],
  ['soon', 500, 2_000],
];

describe('FC-69 Learn Amp answers 429 with a strange Retry-After', () => {
  it.each(strange)('%s is waited for, by every call', async (told, atLeast, atMost) => {
    const time = makeVirtualTime('2026-03-01T12:00:00.000Z');
    const simulator = await startSimulator({ seed: 4, company: nobody, graph: calm, now: time.now });
    const sentAt: number[] = [];
    const served = time.counting(simulator.fetch);
    const port = openLearnAmpRest(learnAmpSettingsOf(simulator, 'integrationExternalId', undefined), {
      now: time.now,
      sleep: time.sleep,
      random: () => 1,
      fetch: (input, init) => {
        sentAt.push(time.now().getTime());
        return served(input, init);
      },
    });
    onTestFinished(async () => {
      await port.close();
      await simulator.close();
    });
    const id = String(simulator.learnAmp.owner().id) as LearnAmpUserId;
    const find = () => port.findAccount({ by: 'id', learnAmpUserId: id })();
    await find();
    sentAt.length = 0;
    simulator.faults.add({ system: 'learnAmp', times: 1, action: { status: 429, headers: { 'retry-after': told } } });
    let found = 0;
    const calls = [find(), time.sleep(1).then(find), time.sleep(2).then(find)].map((call) =>
      call.then(({ _tag }) => (found += _tag === 'Right' ? 1 : 0)),
    );
    await time.until(() => found === 3, 3_600_000);
    await Promise.all(calls);
    const [first = 0, next = 0, ...others] = sentAt;
    expect(others).toHaveLength(2);
    expect(next - first).toBeGreaterThanOrEqual(atLeast);
    expect(next - first).toBeLessThanOrEqual(atMost);
  });

  it('what one command was told to wait, the next one waits for, too, and asks Learn Amp nothing', async () => {
    const simulator = await startSimulator({ seed: 4, company: nobody, graph: calm });
    const folder = await mkdtemp(join(tmpdir(), 'fc-69-'));
    onTestFinished(async () => {
      await simulator.close();
      await rm(folder, { recursive: true });
    });
    const { configuration, env } = simulator.config({ extra: { patienceSeconds: 5 } });
    const { run } = await commandLineIn(folder, configuration, env);
    expect(await run('sync')).toMatchObject({ code: 0 });
    const { directory } = simulator;
    directory.addMember(directory.scopeGroupId, directory.addUser(personNamed('Ann Lee')));
    const told = { status: 429, headers: { 'retry-after': '600' } };
    simulator.faults.add({ system: 'learnAmp', method: 'POST', path: /\/v1\/users$/, times: 1, action: told });
    const first = await run('sync');
    expect(first).toMatchObject({ code: 1 });
    const until = Date.parse(/wait until (\S+);/.exec(first.stderr)?.[1] ?? '');
    expect(until - Date.now()).toBeGreaterThan(500_000);
    const asked = simulator.requests.count({ system: 'learnAmp' });
    const again = await run('sync');
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('wait until') as unknown });
    expect(simulator.requests.count({ system: 'learnAmp' })).toBe(asked);
  });
});
