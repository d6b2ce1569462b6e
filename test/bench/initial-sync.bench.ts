import { bench, describe } from 'vitest';
import { atMost, machine, once, print } from './support/measured.js';
import { readFirst as run, withServedCompany as withCompany, type FirstRead } from './support/served-company.js';

// The first read of a company, up to the plan: what a person costs in a large company and in a small one, beside the bare
// reading of the same pages; the memory it takes; and how much longer than its pages it takes where each page takes a while.

const [SMALL = 1_000, LARGE = 10_000] = (process.env['SIZES'] ?? '1000,10000').split(',').map(Number);
const LATENCY_MS = 300;
/**
 * V8 leaves garbage where it lies as long as its heap may grow, so that memory without a limit says more about the machine than
 * about the engine. What the engine needs is what it runs in: MiB of heap, enough for 100,000 people.
 */
const HEAP_LIMIT = 256;

const limit = [`--max-old-space-size=${HEAP_LIMIT}`];

const tell = (name: string, { people, cpu, milliseconds, heapMiB, rssMiB }: FirstRead): void =>
  print(
    `      ${name.padEnd(8)}${people.toLocaleString('en').padStart(9)} people, ${((cpu * 1_000) / people).toFixed(0).padStart(5)} µs of processor time each, ` +
      `${(milliseconds / 1_000).toFixed(1)} s, heap ${heapMiB.toFixed(0)} MiB, ${rssMiB.toFixed(0)} MiB in all`,
  );

const perPerson = ({ cpu, people }: FirstRead): number => cpu / people;

describe('the first read of a company', () => {
  bench(
    `a person of ${LARGE.toLocaleString('en')} beside one of ${SMALL.toLocaleString('en')}`,
    async () => {
      print(machine());
      const measure = (people: number) =>
        withCompany(people, 0, async (company) => {
          const floor = await run('floor', company);
          const engine = await run('engine', company);
          tell('floor', floor);
          tell('engine', engine);
          return { floor, engine, limited: people === LARGE ? await run('engine', company, limit) : engine };
        });
      const [small, large] = [await measure(SMALL), await measure(LARGE)];
      const ofFloor = perPerson(large.floor) / perPerson(small.floor);
      const ofEngine = perPerson(large.engine) / perPerson(small.engine);
      print(`      a person costs ${ofEngine.toFixed(2)} times as much, of the floor ${ofFloor.toFixed(2)} times`);
      atMost('cost of a person, large over small, over the same of the floor', ofEngine / ofFloor, {
        bar: 1.5,
        gate: 3,
      });
      tell('limited', large.limited);
      atMost('memory in all without a limit, MiB', large.engine.rssMiB, { bar: 600, gate: 900 });
      atMost(`memory in all with a heap of ${HEAP_LIMIT} MiB`, large.limited.rssMiB, { bar: 400, gate: 500 });
      atMost('what the limit costs, in processor time', large.limited.cpu / large.engine.cpu, { bar: 1.1, gate: 1.5 });
    },
    once,
  );

  bench(
    `pages of ${LATENCY_MS} ms, ${SMALL.toLocaleString('en')} people`,
    async () => {
      await withCompany(SMALL, LATENCY_MS, async (company) => {
        const floor = await run('floor', company);
        const engine = await run('engine', company);
        tell('floor', floor);
        tell('engine', engine);
        atMost(
          'time of the engine over that of its pages one after the other',
          engine.milliseconds / floor.milliseconds,
          {
            bar: 1.2,
            gate: 5,
          },
        );
      });
    },
    once,
  );
});
