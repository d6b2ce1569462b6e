import { arch, availableParallelism, cpus, platform } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openSyncEngine, type SyncReport } from '@learnamp/directory-sync';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { bench, describe } from 'vitest';
import { sqliteFolder } from '../support/connect.js';
import { connectionTo, hire, stopped } from '../support/running-engine.js';
import { calm, nobody } from '../support/stage.js';
import { makeVirtualTime } from '../support/virtual-time.js';

// Many companies at rest in one process, over the SQLite stores, in virtual time and without sockets: what it costs to add
// them, to look at them, and to poll them. The simulator answers in the same process and its work is counted along.
// Figures and the machine are printed; nothing here fails for being slow.

const CONNECTIONS = Number(process.env['CONNECTIONS'] ?? 200);
const TENANTS = 10;
const MINUTE = 60_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc', {}) as () => void;
const heap = (): number => {
  for (let round = 0; round < 3; round += 1) collectGarbage();
  return process.memoryUsage().heapUsed;
};

/** CPU of this process, in milliseconds. */
const cpuOf = async (run: () => Promise<unknown>): Promise<number> => {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

const measure = async (people: number): Promise<string> => {
  const files = await sqliteFolder();
  const time = makeVirtualTime();
  const open = (seed: number) => startSimulator({ seed, company: nobody, graph: calm, now: time.now });
  const companies = await Promise.all(Array.from({ length: TENANTS }, (_, at) => open(at + 1)));
  for (const company of companies) for (let at = 0; at < people; at += 1) hire(company, `Person Number${at}`);
  const fetches = new Map(
    companies.flatMap(({ graphUrl, learnAmpUrl, fetch }) =>
      [graphUrl, learnAmpUrl].map((url) => [new URL(url).origin, fetch] as const),
    ),
  );
  const fetch: typeof globalThis.fetch = (input, init) => {
    const { origin } = new URL(input instanceof Request ? input.url : input);
    return fetches.get(origin)?.(input, init) ?? Promise.reject(new TypeError('fetch failed'));
  };
  const cycles: SyncReport[] = [];
  const engine = openSyncEngine({
    stores: await files.open(),
    onCycle: ({ report }) => cycles.push(report),
    world: { now: time.now, sleep: time.sleep, random: () => 0.5, fetch: time.counting(fetch) },
  });
  const requests = (): number => companies.reduce((sum, company) => sum + company.requests.count(), 0);
  const forget = (): void => companies.forEach((company) => company.requests.reset());

  const adding = await cpuOf(async () => {
    for (let at = 0; at < CONNECTIONS; at += 1) {
      const company = companies[at % TENANTS];
      if (company !== undefined) await engine.add(connectionTo(company, { connectionId: `company-${at}` }));
    }
  });
  engine.start();
  const first = await cpuOf(() => time.until(() => cycles.length >= CONNECTIONS, 10 * MINUTE));
  forget();
  const watching = await cpuOf(() => time.pass(4 * MINUTE));
  forget();
  const done = cycles.length;
  const polling = await cpuOf(() => time.pass(5 * MINUTE));
  const polls = cycles.length - done;
  const asked = requests();
  const idle = heap();
  await stopped(time, engine);
  // What the simulator remembers is there before and after.
  const held = idle - heap();
  await files.remove();
  for (const company of companies) await company.close();
  const each = (milliseconds: number): string => `${(milliseconds / CONNECTIONS).toFixed(1)} ms`;
  return [
    `${CONNECTIONS} connections of ${people} people, CPU of each: added in ${each(adding)}, first cycle ${each(first)},`,
    `watched and told ${((watching / 240 / CONNECTIONS) * 1_000).toFixed(0)} µs a second,`,
    `quiet poll ${((polling - (watching * 5) / 4) / polls).toFixed(1)} ms and ${(asked / polls).toFixed(1)} requests;`,
    `${(held / CONNECTIONS / 1_024).toFixed(0)} KiB of heap at rest`,
  ].join(' ');
};

describe('many connections', () => {
  bench(
    'companies at rest, small ones and larger ones',
    async () => {
      console.log(`${platform()} ${arch()}, ${availableParallelism()} cores of ${cpus()[0]?.model ?? 'unknown'}`);
      for (const people of [2, 50]) console.log(await measure(people));
    },
    { iterations: 1, warmupIterations: 0, warmupTime: 0, time: 0 },
  );
});
