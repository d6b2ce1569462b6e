import { describe, expect, it } from 'vitest';
import type { Mode, Place } from './boundaries.js';
import { type CrashStory, type Scene, tell } from './crash-story.js';
import { full } from './founding.js';

const NAMES = Array.from({ length: 12 }, (_, n) => `Crew Member${n}`);

const modes: ReadonlyArray<Mode> = ['before', 'after', 'torn'];

/** Twelve people in two groups, a few to a page; whether they are more than a quarter of the tenant decides how they are read. */
const found = (outsiders: number) => (scene: Scene) => {
  const { directory } = scene.simulator;
  const inner = directory.addGroup({ displayName: 'Inner' });
  directory.nestGroup(directory.scopeGroupId, inner);
  for (const [n, name] of NAMES.entries()) scene.hire(name, {}, n % 2 === 0 ? inner : undefined);
  for (let n = 0; n < outsiders; n += 1)
    directory.addUser({ displayName: `Other ${n}`, userPrincipalName: `other.${n}@fabrikam.example` });
};

const nameOf = (n: number): string => NAMES[n] ?? '';

/**
 * A full cycle that finds something on its pages and is struck; the next process reads what changed, and no more. Between
 * the two somebody leaves, somebody comes, and what was read already changes again.
 */
const story = (outsiders: number): CrashStory => ({
  name: 'a full read that dies',
  wishes: { invitations: 'manual' },
  // News on the first pages as on the last: what is recorded of a page stands where the read broke off.
  graph: { pageSize: { min: 1, max: 2 }, sliceSize: { min: 2, max: 2 }, shuffle: true },
  steps: [
    { edit: found(outsiders), counts: false },
    {
      counts: true,
      act: full,
      thereafter: (engine) => engine.sync(),
      edit: ({ simulator: { directory }, hire, id }) => {
        directory.updateUser(id(nameOf(0)), { jobTitle: 'Writer' });
        directory.updateUser(id(nameOf(11)), { jobTitle: 'Writer' });
        hire('Dee New');
        directory.removeMember(directory.scopeGroupId, id(nameOf(1)));
      },
      whileDown: ({ simulator: { directory }, hire, id }) => {
        directory.updateUser(id(nameOf(0)), { jobTitle: 'Editor' });
        directory.updateUser(id(nameOf(10)), { jobTitle: 'Editor' });
        hire('Eve Newer');
        directory.removeMember(directory.scopeGroupId, id(nameOf(3)));
        directory.deleteUser(id(nameOf(5)));
      },
    },
  ],
});

/** What of a page may be there without the rest: its answer, its record, the folded rows, and the newer link. */
const places: ReadonlySet<Place> = new Set(['graph', 'append', 'rows', 'cache']);
const STRIDE = process.env['CRASH'] === 'all' ? 1 : 6;

describe.each([
  ['the whole tenant', 0],
  ['the group', 45],
])('a full read of %s that dies at any boundary of its pages', (_, outsiders) => {
  it.each(modes)(
    'takes nobody for gone and loses no change: %s',
    async (mode) => {
      const whole = await tell(story(outsiders), undefined);
      expect(whole.wrong).toEqual([]);
      const points = whole.crossed.flatMap((place, index) => (places.has(place) ? [index + 1] : []));
      // Other ones by each of the modes; all of them by all where there is time (`CRASH=all`).
      const shift = modes.indexOf(mode) * 2;
      const struck = points.filter((_point, index) => (index + shift) % STRIDE === 0);
      const wrong: string[] = [];
      for (const nth of struck) {
        const point = await tell(story(outsiders), { nth, mode });
        const where = `boundary ${nth} of ${whole.crossed.length} (${whole.crossed[nth - 1] ?? ''})`;
        if (point.struck === undefined) wrong.push(`${where}: nothing was struck`);
        wrong.push(...point.wrong.map((what) => `${where}: ${what}`));
      }
      expect(wrong).toEqual([]);
      expect(struck.length).toBeGreaterThan(20 / STRIDE);
    },
    600_000,
  );
});
