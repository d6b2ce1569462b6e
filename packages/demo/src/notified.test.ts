import { expect, onTestFinished, test } from 'vitest';
import { chooseCast } from './cast.js';
import { makeCheck } from './check.js';
import { makeCommandLine } from './command-line.js';
import { makeNarrator } from './narrator.js';
import { notifiedStep } from './notified.js';
import { makeScene } from './scene.js';
import { openStage } from './stage.js';

const openScene = async (onOutput: (text: string) => void, signal: AbortSignal) => {
  const stage = await openStage({ seed: 7, company: { people: 60 } });
  onTestFinished(() => stage.close());
  const { simulator, folder, secrets } = stage;
  const narrator = makeNarrator(onOutput, false);
  const commandLine = makeCommandLine({ folder, secrets, signal, progress: false });
  return makeScene({
    simulator,
    cast: chooseCast(simulator),
    folder,
    signal,
    narrator,
    check: makeCheck(narrator),
    commandLine,
  });
};

const answersAt = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );

test('stopped while the engine runs, it ends the engine first', { timeout: 120_000 }, async () => {
  const stop = new AbortController();
  const scene = await openScene((text) => {
    if (text.includes('Graph holds its two subscriptions')) stop.abort();
  }, stop.signal);
  await expect(notifiedStep(scene)).rejects.toThrow(/aborted/);
  const [subscription] = scene.simulator.subscriptions.list();
  expect(subscription).toBeDefined();
  expect(await answersAt(subscription!.notificationUrl)).toBe(false);
});

test('an engine that ends by itself is told at once, with what it said', { timeout: 120_000 }, async () => {
  const scene = await openScene(() => undefined, new AbortController().signal);
  const never = new Promise<void>(() => undefined);
  await expect(scene.while('run --config nothing.json', () => never)).rejects.toThrow(
    /"directory-sync run --config nothing.json" ended by itself: .*nothing\.json/,
  );
});
