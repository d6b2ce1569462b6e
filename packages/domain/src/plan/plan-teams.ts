import type { CommandOf } from '../commands.js';
import type { TeamKey } from '../ids.js';

/** Code points, not the halves that `<` compares: the same order in every language a host may be written in. */
const byCodePoint = (left: string, right: string): number => {
  const [a, b] = [Array.from(left), Array.from(right)];
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const difference = (a[at]?.codePointAt(0) ?? 0) - (b[at]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
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
      const [first] = [...counts].sort(([a, m], [b, n]) => n - m || byCodePoint(a, b));
      return { kind: 'EnsureTeam', teamKey, name: first?.[0] ?? teamKey };
    });
};
