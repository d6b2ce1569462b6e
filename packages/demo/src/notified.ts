import { nameOf } from './cast.js';
import type { Running } from './command-line.js';
import { accountOf, differences, teamOf } from './compare.js';
import type { Scene } from './scene.js';
import { untilSo, untilStill } from './until-so.js';

const BURST = 40;
/** Cycles ask at short intervals: after so long without a request the one that follows the subscriptions is over. */
const STILL_MS = 1_500;

const departmentStep = async ({ simulator, narrator, check, cast, signal }: Scene): Promise<void> => {
  const { directory, subscriptions } = simulator;
  const name = nameOf(simulator, cast.report);
  const team = (): string | undefined => teamOf(simulator, accountOf(simulator, cast.report));
  narrator.say(
    `In Entra, ${name} moves from ${team() ?? 'no department'} to Research. Graph posts a notification; nobody asks for a sync.`,
  );
  directory.updateUser(cast.report, { department: 'Research' });
  const statuses = await subscriptions.notify('users', [cast.report]);
  const after = await untilSo('the new team', () => team() === 'Research', signal);
  check(
    `The notification was answered with ${statuses.join(', ')}; ${after} later the primary team in Learn Amp is Research.`,
    statuses.length === 1 && statuses.every((status) => status === 202),
  );
};

const cyclesIn = (running: Running): number => running.heard().match(/synced after a notification/g)?.length ?? 0;

const burstStep = async (scene: Scene, running: Running): Promise<void> => {
  const { simulator, narrator, check, signal } = scene;
  const { directory, subscriptions } = simulator;
  await untilSo('the line about the first cycle', () => cyclesIn(running) > 0, signal);
  const before = cyclesIn(running);
  const people = [...directory.reachableUsers()].slice(0, BURST);
  narrator.say(`The office moves: ${people.length} people get a new location, and each is a notification of its own.`);
  for (const id of people) directory.updateUser(id, { officeLocation: 'New Harbour' });
  const posts = await Promise.all(people.map((id) => subscriptions.notify('users', [id])));
  const moved = (): boolean => people.every((id) => accountOf(simulator, id)?.location === 'New Harbour');
  const after = await untilSo('the new location of everybody', moved, signal);
  await untilSo('the line about the burst', () => cyclesIn(running) > before, signal);
  const cycles = cyclesIn(running) - before;
  check(
    `${posts.flat().length} notifications made ${cycles === 1 ? 'one cycle' : `${cycles} cycles`}, since cycles begin at least 5 s apart; ` +
      `${after} later everybody's location is right in Learn Amp.`,
    cycles <= 2 && posts.flat().every((status) => status === 202),
    `${cycles} cycles`,
  );
};

type Recorded = { readonly type: string; readonly recordedAt: string };

const recorded = async ({ ask }: Scene, ...types: ReadonlyArray<string>): Promise<ReadonlyArray<Recorded>> => {
  const { stdout } = await ask(`events --json ${types.map((type) => `--type ${type}`).join(' ')}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Recorded);
};

/** Others beside the running engine: one asks how it is, one presses "Sync users". */
const askStep = async (scene: Scene, begun: string): Promise<void> => {
  const { simulator, narrator, check, run, cast } = scene;
  narrator.blank();
  narrator.say('Another process asks how it is:');
  const { stdout } = await run('status', { until: /^$/, rest: 'the same in sentences' });
  check(
    'It is alive, and tells when the last notification came.',
    /An engine runs it\..*Notifications are on: the last one came at/s.test(stdout),
  );
  const name = nameOf(simulator, cast.report);
  narrator.blank();
  narrator.say(`${name} gets a new job title, and this notification is lost. Somebody presses "Sync users":`);
  simulator.directory.updateUser(cast.report, { jobTitle: 'Head of Research' });
  await run('sync');
  check(
    'Learn Amp shows "Head of Research" as soon as the command ends.',
    accountOf(simulator, cast.report)?.jobTitle === 'Head of Research',
  );
  const events = await recorded(scene, 'EngineStarted', 'SyncRequested', 'NotificationsReceived');
  const since = events.filter(({ recordedAt }) => recordedAt >= begun).map(({ type }) => type);
  const count = (type: string): number => since.filter((each) => each === type).length;
  check(
    'The log has it: one engine started, notifications received twice or more, and "Sync users" asked of that engine.',
    count('EngineStarted') === 1 && count('NotificationsReceived') >= 2 && count('SyncRequested') === 1,
    since.join(', '),
  );
};

const nothingListensAt = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => false,
    () => true,
  );

/** The engine as a service: notified once, in a burst, asked by others, and stopped. */
export const notifiedStep = async (scene: Scene): Promise<void> => {
  const { simulator, narrator, check, signal } = scene;
  const { subscriptions, requests } = simulator;
  const begun = new Date().toISOString();
  narrator.step(
    'It runs by itself',
    'From here on the engine runs as a service would: it polls, it subscribes to notifications, and Graph checks its address by a handshake.',
  );
  await scene.while('run', async (running) => {
    await untilSo('two subscriptions', () => subscriptions.list().length === 2, signal);
    check(
      'Graph holds its two subscriptions, to users and to groups.',
      ['groups', 'users'].every((kind) => subscriptions.list().some(({ resource }) => resource.endsWith(kind))),
    );
    // New subscriptions are followed by a cycle of their own: it is not to find what a notification is to bring.
    await untilStill(() => requests.count({ system: 'graph' }), STILL_MS, signal);
    await departmentStep(scene);
    await burstStep(scene, running);
    await askStep(scene, begun);
  });
  const wrong = differences(simulator);
  check(
    'It ended with exit code 0, nothing listens any more, and Learn Amp agrees with the directory about everybody.',
    wrong.length === 0 && (await nothingListensAt(subscriptions.list()[0]?.notificationUrl ?? '')),
    wrong.slice(0, 3).join('; '),
  );
};
