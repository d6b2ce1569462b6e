import { setTimeout as wait } from 'node:timers/promises';
import { CheckFailed } from './check.js';
import { accountOf } from './compare.js';
import { nameOf } from './cast.js';
import type { Scene } from './scene.js';

/** Far beyond what a notified change takes. */
const LIMIT_MS = 60_000;

/** Seconds until it is so. */
const secondsUntil = async (what: string, isSo: () => boolean): Promise<string> => {
  const began = performance.now();
  while (!isSo()) {
    if (performance.now() - began > LIMIT_MS) throw new CheckFailed(`This did not happen within a minute: ${what}`);
    await wait(20);
  }
  return ((performance.now() - began) / 1_000).toFixed(1);
};

export const notifiedStep = async (scene: Scene): Promise<void> => {
  const { simulator, narrator, check, run, cast } = scene;
  const { directory, subscriptions } = simulator;
  const name = nameOf(simulator, cast.mover);
  narrator.step(
    'It runs by itself',
    'From here on the engine runs as a service would: it polls, subscribes to notifications, and Graph checks its address by a handshake.',
  );
  await scene.while('run', async () => {
    await secondsUntil('two subscriptions', () => subscriptions.list().length === 2);
    check('Graph holds its two subscriptions, to users and to groups.', subscriptions.list().length === 2);
    narrator.say(`In Entra, ${name} gets a new job title. Graph posts a notification; nobody asks for a sync.`);
    directory.updateUser(cast.mover, { jobTitle: 'Head of Research' });
    const statuses = await subscriptions.notify('users', [cast.mover]);
    const seconds = await secondsUntil(
      'the new job title',
      () => accountOf(simulator, cast.mover)?.jobTitle === 'Head of Research',
    );
    check(
      `Answered with ${statuses.join(', ')} at once; ${seconds} s later Learn Amp shows "Head of Research".`,
      statuses.every((status) => status === 202),
    );
    narrator.say('Meanwhile another process asks how it is, and a third one presses "Sync users".');
    await run('status', { lines: 6, rest: 'cursors and the log' });
    await run('sync');
  });
  check('Told to stop, it ended what it was doing, and ended with 0.', true);
};
