import type { DiffStep, DirectorySync } from '@learnamp/directory-sync';
import { openMemoryStores } from '@learnamp/directory-sync';
import { randomFrom } from '@learnamp/directory-sync-simulator';
import { describe, expect, it } from 'vitest';
import { differing, diffApplied, expectCommandsExplained, replayed, stateOf } from '../support/audit.js';
import { startEngineProcess } from '../simulation/in-process-engine.js';
import { makeOracle } from '../simulation/oracle.js';
import { makeRandomCompany } from '../simulation/random-company.js';
import { randomEdit } from '../simulation/random-edits.js';

type Stop = { readonly revision: bigint; readonly digest: string };

/** A random company through some changes of any kind, and where the engine stood after each sync. */
const live = async (seed: number) => {
  const company = await makeRandomCompany(seed, { holds: seed % 3 === 0 });
  const { simulator, wishes, clock } = company;
  const { directory, learnAmp, scopeGroupId } = simulator;
  const random = randomFrom(seed, 'audit');
  const oracle = makeOracle(directory, learnAmp, wishes, scopeGroupId);
  const { engine } = startEngineProcess(company, openMemoryStores(), randomFrom(seed, 'world'));
  const context = { ...{ simulator, random, oracle, wishes }, onRestore: () => undefined, ownAddresses: true };
  const stops: Stop[] = [];
  for (let round = 0; round < 6; round++) {
    await engine.sync({ full: round === 4, photos: false });
    const { head } = await engine.status();
    stops.push({ revision: BigInt(head?.revision ?? 0), digest: await engine.stateDigest() });
    for (let edit = 0; edit < 4; edit++) randomEdit(context);
    clock.advance(60_000);
    oracle.observe(clock.now(), false);
  }
  return { engine, stops, random, close: () => simulator.close() };
};

const differences = async (engine: DirectorySync, from: bigint, to: bigint): Promise<ReadonlyArray<DiffStep>> => {
  const steps: DiffStep[] = [];
  for await (const step of engine.diff({ from: { revision: from }, to: { revision: to } })) steps.push(step);
  return steps;
};

const seeds = Array.from(
  { length: Number(process.env['SEEDS'] ?? 6) },
  (_, seed) => seed + Number(process.env['SEED'] ?? 1),
);

describe.each(seeds)('in a random company (seed %i)', (seed) => {
  it('a fold to a moment is the engine that stopped there, differences make one state of another, and every command is explained', async () => {
    const { engine, stops, random, close } = await live(seed);
    try {
      for (const { revision, digest } of stops) {
        const { connection } = await stateOf(engine, { revision });
        expect(connection.stateDigest).toBe(digest);
        const { summary } = await replayed(engine, { to: { revision }, commands: false });
        expect(summary).toMatchObject({
          events: connection.events,
          people: connection.people.known,
          stateDigest: digest,
        });
      }
      const last = Number(stops.at(-1)?.revision);
      for (let pair = 0; pair < 5; pair++) {
        const [from = 0, to = 0] = [random.integer(0, last), random.integer(0, last)].sort((a, b) => a - b);
        const [before, after] = [
          await stateOf(engine, { revision: BigInt(from) }),
          await stateOf(engine, { revision: BigInt(to) }),
        ];
        const steps = await differences(engine, BigInt(from), BigInt(to));
        expect(diffApplied(before.people, steps)).toEqual(differing(after.people));
      }
      await expectCommandsExplained(engine);
    } finally {
      await close();
    }
  });
});
