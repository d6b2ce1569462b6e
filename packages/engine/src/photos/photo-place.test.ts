import type { ObjectId } from '@learnamp/directory-sync-domain';
import { makeMemoryCache } from '@learnamp/directory-sync-event-sourcing';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { keepPlace, readPlace, stillToVisit, type PhotoPlace } from './photo-place.js';

const ids = (texts: string) => Array.from(texts) as ReadonlyArray<string> as ReadonlyArray<ObjectId>;
const letters = ids('abcdefgh');
const at = (place: PhotoPlace, people = ids('abcdef')) => stillToVisit(people, place).join('');

it('a lane begins behind its place and goes round once', () => {
  expect(at({ at: '', from: '' })).toBe('abcdef');
  expect(at({ at: 'd', from: 'd' })).toBe('efabcd');
  expect(at({ at: 'f', from: 'd' })).toBe('abcd');
  expect(at({ at: 'b', from: 'd' })).toBe('cd');
  expect(at({ at: 'c', from: '' })).toBe('def');
});

it('a place of somebody who is gone is a place nevertheless', () => {
  expect(at({ at: 'c', from: 'c' }, ids('abdef'))).toBe('defab');
  expect(at({ at: 'a', from: 'c' }, ids('abdef'))).toBe('b');
});

it('a lane that is stopped anywhere and goes on visits everybody once', () => {
  const people = fc.uniqueArray(fc.constantFrom(...letters), { minLength: 1 }).map((some) => some.toSorted());
  fc.assert(
    fc.property(
      people,
      fc.constantFrom('', ...letters),
      fc.array(fc.integer({ min: 1, max: 3 })),
      (all, from, steps) => {
        const visited: ObjectId[] = [];
        let place = { at: from, from: from };
        for (const step of [...steps, all.length]) {
          const next = stillToVisit(all, place).slice(0, step);
          visited.push(...next);
          place = { at: next.at(-1) ?? place.at, from };
          if (visited.length >= all.length) break;
        }
        expect(visited.toSorted()).toEqual(all);
      },
    ),
  );
});

it.each(['', '{', '[]', '{"at":1}', 'null'])('a kept place that is none (%j) is the beginning', async (text) => {
  const cache = makeMemoryCache();
  await cache.put('photos:contoso', text);
  expect(await readPlace(cache, 'contoso')).toEqual({ at: '', from: '' });
  await keepPlace(cache, 'contoso', { at: 'b', from: 'a' });
  expect(await readPlace(cache, 'contoso')).toEqual({ at: 'b', from: 'a' });
  expect(await readPlace(cache, 'fabrikam')).toEqual({ at: '', from: '' });
});
