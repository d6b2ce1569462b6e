import type { SimulatedResponse } from '@learnamp/directory-sync-simulator';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { hostileValues, placesIn, withAt } from '../../packages/graph/src/testing/hostile-values.js';
import { calm, openStage } from '../support/stage.js';

const seed = Number(process.env['SEED'] ?? 20_261_201);
const runs = Number(process.env['RUNS'] ?? 25);
const values = [undefined, ...hostileValues.filter((value) => typeof value !== 'string' || value.length < 1_000)];

/** A person's own values are theirs to change: what is put there is somebody's name, not a broken answer. */
const isOwn = (place: ReadonlyArray<string>): boolean =>
  /Name$|^mail$|jobTitle|department|office|Language|employee|accountEnabled|manager/.test(place.join('.'));

const dealt = (response: SimulatedResponse, at: number, put: unknown): SimulatedResponse => {
  if (typeof response.body !== 'object' || response.body === null || Buffer.isBuffer(response.body)) return response;
  const places = placesIn(JSON.parse(JSON.stringify(response.body))).filter((place) => !isOwn(place));
  const place = places[at % places.length] ?? [];
  return { ...response, body: withAt(JSON.parse(JSON.stringify(response.body)), place, put) ?? {} };
};

test(
  `a cycle on broken answers deactivates nobody and creates nobody twice, ends in one sentence, and the next is whole (seed ${String(seed)})`,
  { timeout: 600_000 },
  async () => {
    const rejections: unknown[] = [];
    const note = (reason: unknown): void => void rejections.push(reason);
    process.on('unhandledRejection', note);
    onTestFinished(() => void process.off('unhandledRejection', note));
    const stage = await openStage({
      graph: calm,
      storage: 'memory',
      patienceMs: 200,
      // Longer runs hire more than are let in within a day.
      preferences: { creationHold: { enabled: false } },
    });
    const crew = stage.crew(6);
    await stage.sync();
    const standing = () =>
      stage.learnAmp
        .accounts()
        .map(({ email, status }) => `${email} ${status}`)
        .sort();
    let hired = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          system: fc.constantFrom('graph' as const, 'learnAmp' as const, 'token' as const),
          from: fc.nat(12),
          at: fc.nat(),
          put: fc.constantFrom(...values),
          full: fc.boolean(),
        }),
        async ({ system, from, at, put, full }) => {
          hired += 1;
          stage.hire(`New Person${String(hired)}`);
          stage.directory.updateUser(crew[hired % crew.length] ?? '', { jobTitle: `Title ${String(hired)}` });
          const before = stage.learnAmp.accounts().length;
          if (system === 'token') stage.simulator.revokeAccessTokens();
          const fault = stage.simulator.faults.add({
            system,
            from: 1 + (from % 6),
            action: { rewrite: (response) => dealt(response, at, put) },
          });
          const { error } = await stage.sync({ full });
          fault.remove();
          if (error !== undefined) {
            expect(error.message).toMatch(/^[^\n]{10,700}\.$/);
            expect(error.message).not.toMatch(/Crew|Member\d|fabrikam\.example|New Person/);
          }
          expect(stage.learnAmp.accounts().filter(({ status }) => status === 'deactivated')).toEqual([]);
          const { ok } = await stage.sync({ full: true });
          expect(ok).toBe(true);
          expect(stage.learnAmp.accounts().length).toBe(before + 1);
          expect(new Set(standing()).size).toBe(before + 1);
          expect((await stage.sync()).events).toEqual({});
        },
      ),
      { numRuns: runs, seed, endOnFailure: true },
    );
    expect(rejections).toEqual([]);
    expect((await stage.engine().rebuild({ verify: true })).differences).toBe(0);
  },
);
