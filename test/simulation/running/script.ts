import { type Random, randomFrom } from '@learnamp/directory-sync-simulator';
import { faultKinds } from './fault-kinds/index.js';

/** One thing that goes wrong, so many minutes after the window opened. All it draws comes from `draw`. */
export type Act = { readonly minute: number; readonly fault: string; readonly draw: number };

/** Edits at rest, each from its own draw; then a window in which things go wrong; then calm, in which all must come right. */
export type Phase = { readonly edits: ReadonlyArray<number>; readonly acts: ReadonlyArray<Act> };

/**
 * All that is done in one life. Nothing in it depends on what came before it, so that parts may be left out and the rest
 * still means the same.
 */
export type Script = {
  readonly seed: number;
  readonly storage: 'memory' | 'sqlite';
  readonly photos: boolean;
  readonly phases: ReadonlyArray<Phase>;
};

/** Of twenty seeds one lives on files. */
export const ON_FILES = 20;
const PHASES = 3;
const WINDOW_MINUTES = 8;

const draw = (random: Random): number => random.integer(1, 1_000_000_000);

const fitting = (script: Pick<Script, 'storage' | 'photos'>): ReadonlyArray<string> =>
  faultKinds.flatMap(({ name, needs }) => {
    if (needs === 'sqlite' && script.storage !== 'sqlite') return [];
    return needs === 'photos' && !script.photos ? [] : [name];
  });

const phaseOf = (random: Random, names: ReadonlyArray<string>, index: number): Phase => ({
  edits: index === 0 ? [] : Array.from({ length: random.integer(0, 5) }, () => draw(random)),
  acts: Array.from({ length: random.integer(1, 4) }, () => ({
    minute: random.integer(0, WINDOW_MINUTES * 10) / 10,
    fault: random.shuffle(names)[0] ?? '',
    draw: draw(random),
  })).sort((one, other) => one.minute - other.minute),
});

/** What only files can suffer would strike too seldom among everything else: every second life on them has one more of it. */
const onlyOnFiles = faultKinds.flatMap(({ name, needs }) => (needs === 'sqlite' ? [name] : []));

const withOneMore = (phases: ReadonlyArray<Phase>, random: Random): ReadonlyArray<Phase> => {
  if (!random.chance(0.5)) return phases;
  const which = random.integer(0, phases.length - 1);
  const act = { minute: WINDOW_MINUTES, fault: random.shuffle(onlyOnFiles)[0] ?? '', draw: draw(random) };
  return phases.map((phase, at) => (at === which ? { ...phase, acts: [...phase.acts, act] } : phase));
};

export const scriptOf = (seed: number): Script => {
  const random = randomFrom(seed, 'script');
  const photos = random.chance(0.25);
  const storage = seed % ON_FILES === 0 ? 'sqlite' : 'memory';
  const names = fitting({ storage, photos });
  const phases = Array.from({ length: PHASES }, (_, at) => phaseOf(random, names, at));
  // From a stream of its own, so that a seed means the rest of what it meant before.
  return {
    ...{ seed, storage, photos },
    phases: storage === 'sqlite' ? withOneMore(phases, randomFrom(seed, 'files')) : phases,
  };
};

/** In words, one line for each thing done. */
export const inLines = ({ phases }: Script): ReadonlyArray<string> =>
  phases.flatMap(({ edits, acts }, at) => [
    `phase ${String(at)}: ${String(edits.length)} edits`,
    ...acts.map(({ minute, fault }) => `  at minute ${String(minute)}: ${fault}`),
  ]);
