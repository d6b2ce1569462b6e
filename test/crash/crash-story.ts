import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DirectorySync, SyncReport } from '@learnamp/directory-sync';
import {
  type GraphServerOptions,
  type NewUser,
  type Simulator,
  startSimulator,
} from '@learnamp/directory-sync-simulator';
import { inWords, openInvariants } from '../invariants/look-at-world.js';
import { differences } from '../simulation/compare.js';
import { makeOracle, type Oracle } from '../simulation/oracle.js';
import type { Wishes } from '../simulation/oracle-rules.js';
import { makeSharedClock, type SharedClock } from '../simulation/random-company.js';
import { calm, nobody, personNamed } from '../support/stage.js';
import type { Fate, Place } from './boundaries.js';
import { incarnate, type Incarnation, openRoot } from './incarnation.js';

/** What a story may touch. */
export type Scene = {
  readonly simulator: Simulator;
  readonly clock: SharedClock;
  readonly wishes: { -readonly [Key in keyof Wishes]: Wishes[Key] };
  readonly hire: (name: string, special?: Partial<NewUser>, groupId?: string) => string;
  /** By the name they were hired under. */
  readonly id: (name: string) => string;
};

export type Step = {
  readonly edit?: (scene: Scene) => void;
  /** Default: one cycle, photos included. */
  readonly act?: (engine: DirectorySync, scene: Scene) => Promise<SyncReport | undefined>;
  /** What the next process does, where it is something else. */
  readonly thereafter?: (engine: DirectorySync) => Promise<SyncReport>;
  /** What happens while nobody looks, once the process has died. */
  readonly whileDown?: (scene: Scene) => void;
  /** Once the step's edit is made, a new process opens the files: preferences are read at its start. */
  readonly anew?: boolean;
  /** Fate may strike from here on; what comes before is how the company came to be. */
  readonly counts: boolean;
  /** By name, whose held deactivation somebody approves in this step. */
  readonly approves?: ReadonlyArray<string>;
  /** Learn Amp refuses what the oracle asks for: it is asked for its opinion by a later step. */
  readonly unlikeOracle?: boolean;
  /** What the oracle does not know of, in words; none where it is as it should be. */
  readonly check?: (scene: Scene) => ReadonlyArray<string>;
};

export type CrashStory = {
  readonly name: string;
  readonly wishes: Wishes;
  readonly steps: ReadonlyArray<Step>;
  /** Where Graph cuts its pages, if not as in every other story. */
  readonly graph?: GraphServerOptions;
};

export type Point = {
  /** How many boundaries the steps that count cross when nothing strikes. */
  readonly crossed: ReadonlyArray<Place>;
  readonly struck: Place | undefined;
  /** What is not as it should be. */
  readonly wrong: ReadonlyArray<string>;
};

const sync = (engine: DirectorySync): Promise<SyncReport> => engine.sync({ photos: true });

const openScene = async (story: CrashStory): Promise<Scene> => {
  const clock = makeSharedClock();
  const graph = { ...calm, pageSize: { min: 3, max: 3 }, sliceSize: { min: 3, max: 3 }, ...story.graph };
  const simulator = await startSimulator({ seed: 5, now: clock.now, graph, company: nobody });
  const names = new Map<string, string>();
  const { directory } = simulator;
  return {
    ...{ simulator, clock, wishes: { ...story.wishes } },
    hire: (name, special, groupId = directory.scopeGroupId) => {
      const id = directory.addUser(personNamed(name, special));
      directory.addMember(groupId, id);
      names.set(name, id);
      return id;
    },
    id: (name) => names.get(name) ?? '',
  };
};

/** Rounds until one completes: faults are off, so three must do. */
const ROUNDS = 3;

const replayDigest = async (engine: DirectorySync): Promise<string | undefined> => {
  for await (const step of engine.replay()) if (step._tag === 'Summary') return step.stateDigest;
  return undefined;
};

/** Whoever got no answer keeps nobody else, and is tried again by the next round. */
const isDone = (report: unknown): boolean => {
  const { ok, attention = [] } = (report ?? {}) as Partial<Pick<SyncReport, 'ok' | 'attention'>>;
  return ok !== false && !attention.some(({ kind }) => kind === 'unanswered');
};

/** Everything that must hold of a process at rest: the invariants, replay and rows, and a round that adds nothing. */
const atRest = async (
  scene: Scene,
  { engine, stores }: Incarnation,
  look: ReturnType<typeof openInvariants>,
): Promise<ReadonlyArray<string>> => {
  const { learnAmp } = scene.simulator;
  const before = learnAmp.writes().length + learnAmp.avatarWrites().length;
  const quiet = await sync(engine);
  const quietRound = {
    events: Object.values(quiet.events).reduce((sum, count) => sum + count, 0),
    writes: learnAmp.writes().length + learnAmp.avatarWrites().length - before,
  };
  const { differences: rows } = await engine.rebuild({ verify: true });
  const found = await look({
    ...{ engine, log: stores.log, reports: [quiet] },
    atRest: {
      liveDigest: await engine.stateDigest(),
      replayDigest: await replayDigest(engine),
      differences: rows,
      quietRound,
    },
  });
  return found.length === 0 ? [] : [inWords(found)];
};

/** Tells a story with one boundary struck, and says what is wrong with where it ends. */
export const tell = async (story: CrashStory, fate: Fate | undefined): Promise<Point> => {
  const scene = await openScene(story);
  const { simulator, wishes, clock } = scene;
  const { root, remove } = openRoot();
  const around = { simulator, wishes, clock, root };
  const look = openInvariants(simulator, { now: clock.now });
  const wrong: string[] = [];
  let folder = join(root, 'files');
  mkdirSync(folder);
  let process = await incarnate(around, folder);
  let oracle: Oracle | undefined;
  let crossed: Place[] = [];
  let struck: Place | undefined;

  const restart = async (): Promise<void> => {
    folder = await process.end();
    process = await incarnate(around, folder);
  };
  const left = (): Fate | undefined =>
    fate === undefined || struck !== undefined ? undefined : { ...fate, nth: fate.nth - crossed.length };

  const attempt = async (step: Step, again = false): Promise<boolean> => {
    const act = (again ? step.thereafter : undefined) ?? step.act ?? sync;
    const report = await act(process.engine, scene).catch((error: unknown) => ({ ok: false, error }));
    struck ??= process.boundaries.struck();
    if (!process.boundaries.isDead()) return isDone(report);
    crossed = [...crossed, ...process.boundaries.crossed()];
    await restart();
    step.whileDown?.(scene);
    return false;
  };

  const run = async (step: Step): Promise<void> => {
    step.edit?.(scene);
    if (step.anew === true) await restart();
    oracle ??= makeOracle(simulator.directory, simulator.learnAmp, wishes, simulator.scopeGroupId);
    process.boundaries.arm(step.counts ? left() : undefined);
    let done = await attempt(step);
    // What a call refused may be waited for; after that nothing stands in the way.
    for (let round = 0; !done && round < ROUNDS; round += 1) {
      clock.advance(3_600_000);
      done = await attempt(step, true);
    }
    if (!done) wrong.push('no round completed after the faults had stopped');
    if (step.counts && struck === undefined) crossed = [...crossed, ...process.boundaries.crossed()];
    process.boundaries.arm(undefined);
    oracle.approve((step.approves ?? []).map(scene.id));
    oracle.observe(clock.now());
    const unlike = step.unlikeOracle === true ? [] : differences(oracle, simulator.learnAmp, wishes);
    wrong.push(
      ...unlike.map(({ who, field, wanted, found }) => `${who} ${field}: ${JSON.stringify({ wanted, found })}`),
      ...(step.check?.(scene) ?? []),
    );
    const seen = await look({ engine: process.engine, log: process.stores.log });
    if (seen.length > 0) wrong.push(inWords(seen));
  };

  try {
    for (const step of story.steps) await run(step);
    wrong.push(...(await atRest(scene, process, look)));
  } finally {
    await process.end();
    await simulator.close();
    await remove();
  }
  return { crossed, struck, wrong };
};
