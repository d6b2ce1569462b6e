import { execFile } from 'node:child_process';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { arch, availableParallelism, cpus, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  clientStateDigest,
  makeNotificationHandler,
  toNodeListener,
  type KnownSubscription,
} from '@learnamp/directory-sync';
import { openSqliteStores } from '@learnamp/directory-sync/sqlite';
import { bench, describe } from 'vitest';

// Notifications through a real HTTP server, each marked durably in the SQLite inbox before it is answered. The load
// comes from another process of the same machine. Beside it, in the same run: the floor, a server that only answers.
// Figures and the machine are printed; nothing here fails for being slow.

const tenantId = '0cea0ab7-2234-4f57-bc80-4d3e66df4791';
const clientState = 'a secret of the subscription, as long as they are: 0123456789abcdef';
const known: KnownSubscription = {
  subscriptionId: 'f43589a8-2107-4c5d-9c24-eea6301f162b',
  tenantId,
  resource: 'users',
  clientStateDigests: [clientStateDigest(clientState)],
};

const bodyWith = (secret: string): string =>
  `{"value":[{"changeType":"updated","clientState":"${secret}","resource":"Users/72b08237-30f1-4fbe-be57-1df593448f7a","resourceData":{"@odata.type":"#Microsoft.Graph.User","@odata.id":"Users/72b08237-30f1-4fbe-be57-1df593448f7a","id":"72b08237-30f1-4fbe-be57-1df593448f7a","organizationId":"${tenantId}","sequenceNumber":638059995676961300},"subscriptionExpirationDateTime":"2022-12-10T10:23:45.9356913-08:00","subscriptionId":"${known.subscriptionId}","tenantId":"${tenantId}"}]}`;

type Load = {
  readonly body: string;
  readonly connections: number;
  readonly total?: number;
  readonly perSecond?: number;
  readonly seconds?: number;
};
type Figures = {
  readonly answered: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly most: number;
  /** Microseconds of this process for a request: hardly depends on what else the machine does. */
  readonly cpu: number;
};

/** Requests before a steady load is measured. */
const WARM_UP = 3_000;

const program = fileURLToPath(new URL('./intake-load.js', import.meta.url));

const under = async (load: Load, listener: RequestListener): Promise<Figures> => {
  // Connections of the load are not closed for being idle.
  const server = createServer({ keepAliveTimeout: 600_000 }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const post = async (more: Partial<Load>): Promise<string> => {
      const { stdout } = await promisify(execFile)(process.execPath, [
        program,
        JSON.stringify({ port, ...load, ...more }),
      ]);
      return stdout;
    };
    // A server that has just started interprets its code; whoever is asked steadily has compiled it.
    if (load.perSecond !== undefined) await post({ total: WARM_UP });
    const before = process.cpuUsage();
    const stdout = await post({});
    const { user, system } = process.cpuUsage(before);
    const figures = JSON.parse(stdout) as Omit<Figures, 'cpu'>;
    return { ...figures, cpu: (user + system) / figures.answered };
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
};

/** What the simplest server does: takes the body, answers 202. */
const floor: RequestListener = (request, response) => {
  request.on('data', () => undefined);
  request.on('end', () => {
    response.statusCode = 202;
    response.setHeader('content-length', 0);
    response.end();
  });
};

const header = (): string => {
  const columns = ['per s', 'p50', 'p99', 'p99.9', 'max ms', 'cpu us'].map((name) => name.padStart(8)).join('');
  const machine = `Node ${process.version}, ${platform()} ${arch()}, ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}`;
  return `${machine}; the load runs on the same machine\n${''.padEnd(44)}${columns}   answers`;
};

/** Printed as they come: what a file prints at its end is lost in a benchmark run. */
let printed = 0;
const print = (line: string): void => {
  console.log(printed === 0 ? `${header()}\n${line}` : line);
  printed += 1;
};
const ms = (value: number): string => value.toFixed(1).padStart(8);
const report = (name: string, { perSecond, p50, p99, p999, most, cpu, statuses }: Figures): void => {
  const times = [p50, p99, p999, most].map(ms).join('');
  print(
    `${name.padEnd(44)}${perSecond.toFixed(0).padStart(8)}${times}${cpu.toFixed(0).padStart(8)}   ${JSON.stringify(statuses)}`,
  );
};

/** What the disk takes for 4 KiB that must be on it, again and again for as long as a load runs. */
const disk = async (milliseconds: number): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'intake-'));
  const file = openSync(join(folder, 'file'), 'w');
  const page = Buffer.alloc(4_096);
  const took: number[] = [];
  for (const until = performance.now() + milliseconds; performance.now() < until;) {
    const began = performance.now();
    writeSync(file, page);
    fsyncSync(file);
    took.push(performance.now() - began);
    await new Promise(setImmediate);
  }
  closeSync(file);
  await rm(folder, { recursive: true, force: true });
  took.sort((a, b) => a - b);
  const at = (share: number): string => ms(took[Math.floor(share * took.length)] ?? 0);
  const rate = ((took.length * 1_000) / milliseconds).toFixed(0).padStart(8);
  print(`${'flushes of 4 KiB alone'.padEnd(44)}${rate}${at(0.5)}${at(0.99)}${at(0.999)}${ms(took.at(-1) ?? 0)}`);
};

const bytesOf = async (path: string): Promise<number> => {
  const sizes = await Promise.all([path, `${path}-wal`].map((file) => stat(file).then(({ size }) => size)));
  return sizes.reduce((sum, size) => sum + size, 0);
};

/** A handler over the SQLite inbox in a folder of its own. */
const intake = async (name: string, load: Load): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'intake-'));
  const logPath = join(folder, 'log.db');
  const localPath = join(folder, 'local.db');
  const stores = await openSqliteStores({ logPath, keysPath: join(folder, 'keys.db'), localPath });
  try {
    const handler = makeNotificationHandler({
      inbox: stores.inbox,
      known: (id) => (id === known.subscriptionId ? known : undefined),
      now: () => new Date(),
    });
    const before = await bytesOf(localPath);
    report(name, await under(load, toNodeListener(handler)));
    const { received, marked, forged } = handler.counters();
    const durable = (await stores.inbox.pending(tenantId))?.count ?? 0;
    const written = (await bytesOf(localPath)) - before;
    print(`    received ${received}, marked ${marked}, durable ${durable}, forged ${forged}, bytes written ${written}`);
  } finally {
    for (const store of Object.values(stores)) await store.close();
    await rm(folder, { recursive: true, force: true });
  }
};

// With functions that are `async` for all to see: others are called once more to find out.
const once = { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0, throws: true };
const genuine = bodyWith(clientState);
const forged = bodyWith('guessed');

describe('intake of notifications', () => {
  bench('flushes of 4 KiB alone', async () => disk(15_000), once);

  for (const perSecond of [1_500, 3_000]) {
    const load = { body: genuine, connections: 256, perSecond, seconds: 15 };
    bench(`floor at ${perSecond}/s`, async () => report(`floor at ${perSecond}/s`, await under(load, floor)), once);
    bench(`durable marks at ${perSecond}/s`, async () => intake(`durable marks at ${perSecond}/s`, load), once);
  }

  const flood = { connections: 64, total: 100_000 };
  bench(
    'floor, 100,000 as fast as it goes',
    async () => report('floor, 100,000 as fast as it goes', await under({ ...flood, body: genuine }, floor)),
    once,
  );
  bench(
    '100,000 forged, as fast as it goes',
    async () => intake('100,000 forged, as fast as it goes', { ...flood, body: forged }),
    once,
  );
  bench(
    '100,000 replayed, as fast as it goes',
    async () => intake('100,000 replayed, as fast as it goes', { ...flood, body: genuine }),
    once,
  );
});
