import type { SimulatorOptions } from '@learnamp/directory-sync-simulator';
import { chooseCast } from './cast.js';
import { CheckFailed, makeCheck } from './check.js';
import { makeCommandLine } from './command-line.js';
import { attachStep, joinStep, leaveStep, managerStep, moveStep } from './daily-changes.js';
import { eraseStep, tamperStep, whatIfStep } from './evidence.js';
import { initialStep, previewStep } from './first-sync.js';
import { historyStep, replayStep, restartStep, statusStep } from './looking-back.js';
import { mistakeStep } from './mistake.js';
import { makeNarrator, type Narrator } from './narrator.js';
import { makeScene, type Scene } from './scene.js';
import { notifiedStep } from './notified.js';
import { photoStep } from './photo.js';
import { rebuildStep } from './rebuild.js';
import { openStage, type Stage } from './stage.js';

export type DemoOptions = {
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly colour: boolean;
  /** Whether the commands may draw progress bars on stderr. */
  readonly progress: boolean;
  readonly signal: AbortSignal;
  readonly simulator?: Partial<SimulatorOptions>;
};

const open = (narrator: Narrator, { simulator: { company, directory }, folder }: Stage): void => {
  narrator.title('Learn Amp Directory Sync, on a made-up company');
  narrator.say(
    `Fabrikam keeps ${directory.reachableUsers().size} people in a group of nested groups: Europe and Americas, which both hold ` +
      `Project Falcon; Berlin in Europe, its interns in Berlin. ${company.existing.length === 1 ? 'One person has' : 'Some people have'} a Learn Amp account already.`,
  );
  narrator.say('Microsoft Graph and Learn Amp are played by two servers on this machine, over HTTP.');
  narrator.say(`Each command below is the real one, run in ${folder}.`);
};

const tell = async (scene: Scene): Promise<void> => {
  await previewStep(scene);
  await initialStep(scene);
  const ada = await joinStep(scene);
  await moveStep(scene);
  await managerStep(scene);
  await attachStep(scene);
  await leaveStep(scene);
  await mistakeStep(scene);
  await restartStep(scene);
  await notifiedStep(scene);
  await photoStep(scene, ada);
  await historyStep(scene, ada);
  await replayStep(scene);
  await whatIfStep(scene);
  await rebuildStep(scene);
  await tamperStep(scene);
  await eraseStep(scene);
  await statusStep(scene);
};

const sentenceOf = (problem: unknown): string => {
  const message = problem instanceof Error ? problem.message : String(problem);
  return problem instanceof CheckFailed ? message : `The demo could not go on: ${message}`;
};

/** Tells the whole story and cleans up. 0: all checks held; 1: one did not, in a sentence; 130: stopped. */
export const runDemo = async (options: DemoOptions): Promise<0 | 1 | 130> => {
  const started = performance.now();
  const narrator = makeNarrator(options.write, options.colour);
  let stage: Stage | undefined;
  try {
    stage = await openStage({ seed: 7, ...options.simulator });
    const { simulator, folder, secrets } = stage;
    const commandLine = makeCommandLine({ folder, secrets, signal: options.signal, progress: options.progress });
    open(narrator, stage);
    const { signal } = options;
    const cast = chooseCast(simulator);
    await tell(makeScene({ simulator, cast, folder, signal, narrator, check: makeCheck(narrator), commandLine }));
    const { graph, learnAmp } = simulator.requests.counts();
    narrator.blank();
    narrator.say(
      `Everything held. ${graph} requests to Graph and ${learnAmp} to Learn Amp in ${Math.round((performance.now() - started) / 1000)} s; ` +
        'the folder is removed. README.md says how to run it against a tenant of yours.',
    );
    return 0;
  } catch (problem) {
    if (options.signal.aborted) {
      options.writeError('\nStopped; nothing is left behind.\n');
      return 130;
    }
    makeNarrator(options.writeError, options.colour).failed(sentenceOf(problem));
    return 1;
  } finally {
    await stage?.close();
  }
};
