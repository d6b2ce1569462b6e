/** Bodies that somebody other than Graph, or nobody in good faith, may post. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  hostileBodies,
  hostileJson,
  hostileValues,
  placesIn,
  withAt,
} from '../../../graph/src/testing/hostile-values.js';
import { bodyOf, contoso, groupChanged, makeTestHandler, userChanged } from './testing/made-notifications.js';

const seed = Number(process.env['SEED'] ?? 20_261_201);
const runs = Number(process.env['RUNS'] ?? 500);

const lifecycle = (event: string) => ({ ...userChanged({ changeType: undefined }), lifecycleEvent: event });
const genuine = [userChanged(), groupChanged(), lifecycle('reauthorizationRequired'), lifecycle('missed')];

/** Whatever it is, the answer is one of the documented ones, and a mark names a tenant and resource that were known before. */
const expectHarmless = async (body: string | Uint8Array<ArrayBuffer>, what: string): Promise<number> => {
  const handled = makeTestHandler();
  const { status } = await handled.post(body);
  expect([202, 400, 413], what).toContain(status);
  for (const { tenantId, resource } of handled.marks.flat()) {
    expect(tenantId, what).toBe(contoso);
    expect(['users', 'groups'], what).toContain(resource);
  }
  for (const told of handled.told) expect(told, what).toMatch(/^(marked|reauthorizationRequired) [\w-]+( [\w-]+)?$/);
  expect(({} as { readonly polluted?: unknown }).polluted).toBeUndefined();
  return handled.marks.flat().length;
};

it('with anything in the place of anything is answered, and marks what its subscription is about or nothing', async () => {
  for (const item of genuine)
    for (const place of placesIn(item))
      for (const value of [undefined, ...hostileValues]) {
        const what = `${place.join('.')}: ${JSON.stringify([value]).slice(0, 60)}`;
        const marked = await expectHarmless(bodyOf(withAt(item, place, value) ?? null), what);
        // The secret is the one thing that makes it genuine.
        if (place[0] === 'clientState') expect(marked, what).toBe(0);
      }
});

it('that is no notification at all is answered, and marks nothing', async () => {
  for (const [name, bytes] of hostileBodies) expect(await expectHarmless(new Uint8Array(bytes), name), name).toBe(0);
});

it(`that is any JSON beside genuine items keeps none of them waiting (seed ${String(seed)})`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(hostileJson, { maxLength: 4 }), fc.boolean(), async (items, last) => {
      const all = last ? [...items, userChanged()] : [userChanged(), ...items];
      expect(await expectHarmless(bodyOf(...all), JSON.stringify(items))).toBe(1);
    }),
    { numRuns: runs, seed },
  );
});

it('of thousands of forged items and one genuine one leads to one mark, and holds nothing of the others', async () => {
  const handled = makeTestHandler();
  const forged = Array.from({ length: 900 }, (_, n) => userChanged({ clientState: `guess-${String(n)}` }));
  expect((await handled.post(bodyOf(...forged, userChanged()))).status).toBe(202);
  expect(handled.marks.flat()).toHaveLength(1);
  expect(handled.handler.counters()).toMatchObject({ forged: 900, marked: 1 });
  expect((await handled.post(bodyOf(...Array.from({ length: 100_000 }, () => ({}))))).status).toBe(413);
  expect(handled.marks.flat()).toHaveLength(1);
});
