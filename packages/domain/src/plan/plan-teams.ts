import type { CommandOf } from '../commands.js';
import type { TeamKey } from '../ids.js';

/** Code points, not the halves that `<` compares: the same order in every language a host may be written in. */
const byCodePoint = (left: string, right: string): number => {
  for (let at = 0; ; at++) {
    const [a, b] = [left.codePointAt(at), right.codePointAt(at)];
    if (a === undefined || b === undefined) return left.length - right.length;
    if (a !== b) return a - b;
  }
};

/**
 * One `EnsureTeam` per key that has no team yet. The name is the spelling most people use, then the first in code-point
 * order: the same for every order of people (FC-53).
 */
export const planTeams = (
  wanted: Iterable<{ readonly key: TeamKey; readonly name: string }>,
  known: (key: TeamKey) => boolean,
): ReadonlyArray<CommandOf<'EnsureTeam'>> => {
  const spellings = new Map<TeamKey, Map<string, number>>();
  for (const { key, name } of wanted) {
    if (known(key)) continue;
    const counts = spellings.get(key) ?? new Map<string, number>();
    counts.set(name, (counts.get(name) ?? 0) + 1);
    spellings.set(key, counts);
  }
  return [...spellings]
    .sort(([a], [b]) => byCodePoint(a, b))
    .map(([teamKey, counts]) => {
      const [name] = [...counts].reduce((best, each) =>
        (each[1] - best[1] || byCodePoint(best[0], each[0])) > 0 ? each : best,
      );
      return { kind: 'EnsureTeam', teamKey, name };
    });
};
