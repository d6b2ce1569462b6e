import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { everyKind, faultKinds } from './fault-kinds/index.js';
import { liveScript } from './live-script.js';
import { scriptOf, type Script } from './script.js';
import { shrink, smaller } from './shrink.js';
import { counted, neverStruck, nothingLived } from './tally.js';

const program = fileURLToPath(new URL('sim.js', import.meta.url));

/** As `npm run sim` runs it, over what was built. */
const sim = (...given: ReadonlyArray<string>): Promise<{ readonly code: number | null; readonly text: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...given], { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', (part) => (text += String(part)));
    child.stderr.on('data', (part) => (text += String(part)));
    child.on('error', reject);
    child.on('exit', (code) => resolve({ code, text }));
  });

it(
  'companies live through every kind of fault, in an order that their seed decides, and come right within three full cycles',
  { timeout: 1_800_000 },
  async () => {
    const { code, text } = await sim('--seeds', '300', '--from', process.env['FROM'] ?? '50000');
    expect(text).toContain('lives, ');
    expect({ code, text: code === 0 ? '' : text }).toEqual({ code: 0, text: '' });
  },
);

describe('the simulation itself', () => {
  it('has at least 37 kinds of fault, each with a name of its own', () => {
    expect(faultKinds.length).toBeGreaterThanOrEqual(37);
    expect(new Set(everyKind).size).toBe(everyKind.length);
  });

  it('sees what is wrong at Learn Amp although the engine says that all is done', { timeout: 120_000 }, async () => {
    const quiet: Script = { seed: 4, storage: 'memory', photos: false, phases: [{ edits: [], acts: [] }] };
    expect((await liveScript(quiet)).wrong).toBeUndefined();
    const meddled = await liveScript(quiet, {
      beforeJudged: ({ simulator }) => {
        const account = simulator.learnAmp
          .accounts()
          .find(({ integrationExternalId }) => integrationExternalId !== null);
        if (account !== undefined) simulator.learnAmp.updateAccount(account.id, { lastName: 'Nobody' });
      },
    });
    expect(meddled.wrong).toMatch(/lastName: wanted .*found "Nobody"/);
  });

  it('sees a deactivation of somebody who is in the group', { timeout: 120_000 }, async () => {
    const script: Script = { seed: 4, storage: 'memory', photos: false, phases: [{ edits: [], acts: [] }] };
    const meddled = await liveScript(script, {
      beforeLook: ({ simulator }) => {
        const [person] = simulator.directory.reachableUsers();
        const account = simulator.learnAmp.accountByExternalId(person ?? '');
        if (account !== undefined) simulator.learnAmp.deactivate(account.id);
      },
    });
    expect(meddled.wrong).toMatch(/was deactivated while/);
  });

  it(
    'leaves the same log, byte for byte, after the same seed, and another after another',
    { timeout: 120_000 },
    async () => {
      const [one, again, other] = [
        await liveScript(scriptOf(5)),
        await liveScript(scriptOf(5)),
        await liveScript(scriptOf(6)),
      ];
      expect(again.digest).toBe(one.digest);
      expect(again.steps).toEqual(one.steps);
      expect(other.digest).not.toBe(one.digest);
    },
  );

  it('makes a script that goes wrong as small as it gets', async () => {
    const act = (fault: string, draw: number) => ({ minute: 1, fault, draw });
    const whole: Script = {
      ...{ seed: 1, storage: 'memory', photos: false },
      phases: [
        { edits: [1, 2], acts: [act('graph-reset', 1), act('restart', 2)] },
        { edits: [3], acts: [act('store-full', 3)] },
        { edits: [], acts: [act('graph-410-alone', 4)] },
      ],
    };
    const needed = ({ phases }: Script): boolean =>
      phases.some(({ edits }) => edits.includes(3)) && phases.some(({ acts }) => acts.some(({ draw }) => draw === 2));
    const least = await shrink(whole, (script) => Promise.resolve(needed(script)), 200);
    expect(needed(least)).toBe(true);
    expect(smaller(least).some(needed)).toBe(false);
  });

  it('fails a run in which a kind of fault never struck', () => {
    const result = { seed: 1, wrong: null, hits: everyKind.slice(1).map((name) => [name, 1] as const), steps: 1 };
    const tally = counted(nothingLived, { ...result, onFiles: false, twice: false });
    expect(neverStruck(tally)).toEqual([everyKind[0]]);
  });
});
