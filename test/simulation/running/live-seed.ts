import { liveScript, type Lived } from './live-script.js';
import { scriptOf, type Script } from './script.js';

/** What is told of one seed, from one process to another. */
export type SeedResult = {
  readonly seed: number;
  readonly wrong: string | null;
  readonly hits: ReadonlyArray<readonly [string, number]>;
  readonly steps: number;
  readonly onFiles: boolean;
  readonly twice: boolean;
};

/** Of twenty seeds one is lived twice, and has to leave the same log, byte for byte. */
const isLivedTwice = ({ seed, storage }: Script): boolean => storage === 'memory' && seed % 20 === 7;

const resultOf = (script: Script, { wrong, hits, steps }: Lived, twice: boolean): SeedResult => ({
  ...{
    seed: script.seed,
    wrong: wrong ?? null,
    hits: [...hits],
    steps: steps.length,
    onFiles: script.storage === 'sqlite',
    twice,
  },
});

export const liveSeed = async (seed: number): Promise<SeedResult> => {
  const script = scriptOf(seed);
  const lived = await liveScript(script);
  if (lived.wrong !== undefined || !isLivedTwice(script)) return resultOf(script, lived, false);
  const again = await liveScript(script);
  const wrong = again.digest === lived.digest ? undefined : 'the same seed left another log the second time';
  return resultOf(script, { ...lived, wrong }, true);
};
