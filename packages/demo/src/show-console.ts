import { makeCommandLine } from './command-line.js';
import { makeNarrator } from './narrator.js';
import type { DemoOptions } from './run-demo.js';
import { openStage, type Stage } from './stage.js';
import { untilSo } from './until-so.js';

/** So many that the hold stops them: a decision waits in the console. */
const LEAVERS = 20;

const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\//;

type Options = DemoOptions & {
  /** Told the address once the console answers. */
  readonly onReady?: ((address: string) => void) | undefined;
};

const makeHistory = async ({ simulator }: Stage, run: (words: string) => Promise<void>): Promise<void> => {
  const { directory } = simulator;
  const people = [...directory.reachableUsers()].filter((id) => directory.directReports(id).length === 0);
  await run('sync --yes');
  const [promoted = '', moved = '', ...others] = people;
  directory.updateUser(promoted, { jobTitle: 'Head of Learning' });
  directory.updateUser(moved, { department: 'Customer Success' });
  for (const id of others.slice(0, LEAVERS))
    for (const groupId of directory.groupsOf(id))
      if (directory.group(groupId).memberIds.has(id)) directory.removeMember(groupId, id);
  await run('sync');
};

/**
 * The made-up company in the console: synced, with something that waits for a decision; until it is stopped. Resolves with the
 * exit code.
 */
export const showConsole = async (options: Options): Promise<0 | 1> => {
  const narrator = makeNarrator(options.write, options.colour);
  let stage: Stage | undefined;
  try {
    stage = await openStage({ seed: 7, ...options.simulator });
    const { folder, secrets } = stage;
    const { signal, progress } = options;
    const commandLine = makeCommandLine({ folder, secrets, signal, progress, lasting: true });
    narrator.title('Learn Amp Directory Sync: a made-up company in the console');
    await makeHistory(stage, async (words) => {
      narrator.command(words.split(' '));
      const ended = await commandLine(words.split(' ')).ended;
      narrator.output(ended.stdout, { lines: 12 });
    });
    const console = commandLine(['console', '--port', '0'], 'background');
    await untilSo('the console listens', () => ADDRESS.test(console.heard()), signal);
    const address = ADDRESS.exec(console.heard())?.[0] ?? '';
    narrator.blank();
    narrator.say(
      `Open ${address} in a browser: twenty people left at once, and wait for your decision. Ctrl+C ends it.`,
    );
    options.onReady?.(address);
    await console.ended;
    return 0;
  } catch (problem) {
    if (options.signal.aborted) return 0;
    narrator.failed(problem instanceof Error ? problem.message : String(problem));
    return 1;
  } finally {
    await stage?.close();
  }
};
