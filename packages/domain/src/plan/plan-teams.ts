import type { CommandOf } from '../commands.js';
import type { TeamKey } from '../ids.js';

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
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([teamKey, counts]) => {
      const [first] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
      return { kind: 'EnsureTeam', teamKey, name: first?.[0] ?? teamKey };
    });
};
