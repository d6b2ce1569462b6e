import type { Phase, Script } from './script.js';

/** One smaller script for each part that can be left out: the largest parts first. */
export const smaller = ({ phases, ...rest }: Script): ReadonlyArray<Script> => {
  const having = (changed: ReadonlyArray<Phase>): Script => ({ ...rest, phases: changed });
  const withPhase = (at: number, phase: Phase): Script =>
    having(phases.map((one, index) => (index === at ? phase : one)));
  const without = <T>(items: ReadonlyArray<T>, at: number): ReadonlyArray<T> =>
    items.filter((_, index) => index !== at);
  const fewerPhases = phases.length < 2 ? [] : phases.map((_, at) => having(without(phases, at)));
  const fewerActs = phases.flatMap((phase, at) =>
    phase.acts.map((_, act) => withPhase(at, { ...phase, acts: without(phase.acts, act) })),
  );
  const fewerEdits = phases.flatMap((phase, at) =>
    phase.edits.map((_, edit) => withPhase(at, { ...phase, edits: without(phase.edits, edit) })),
  );
  return [...fewerPhases, ...fewerActs, ...fewerEdits];
};

/**
 * The smallest script found that still goes wrong, within so many tries. Each part is left out as long as what is left goes
 * wrong without it.
 */
export const shrink = async (
  script: Script,
  goesWrong: (script: Script) => Promise<boolean>,
  tries: number,
): Promise<Script> => {
  let [least, left] = [script, tries];
  for (let found = true; found && left > 0;) {
    found = false;
    for (const candidate of smaller(least)) {
      if (left <= 0) break;
      left -= 1;
      if (!(await goesWrong(candidate))) continue;
      least = candidate;
      found = true;
      break;
    }
  }
  return least;
};
