import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emmettFolder } from './emmett.js';
import { knownCosts, type Cost } from './known-costs.js';
import { madeConnection, madeId } from './made-history.js';
import { madeLog, type MadeLog } from './made-log.js';
import { print, runProgram } from './measured.js';
import { readFirst, withServedCompany } from './served-company.js';

/** One thing that was measured at one size. Milliseconds of the processor; the floor is that of the same run. */
export type Measure = {
  readonly what: string;
  readonly people: number;
  readonly cpu: number;
  readonly floor: number;
  /** What is told beside it, such as rows, requests and MiB. */
  readonly counts: Readonly<Record<string, number>>;
};

type Answer = { readonly cpu: number; readonly peakMiB: number };

const identity = {
  connectionId: madeConnection.connectionId,
  tenantId: madeId('tenant', 0),
  groupId: madeId('group', 0),
};

const tell = (measure: Measure): Measure => {
  const { what, people, cpu, floor, counts } = measure;
  const beside = Object.entries(counts).map(([name, count]) => `${name} ${count.toFixed(1)}`);
  print(
    `      ${what.padEnd(26)}${people.toLocaleString('en').padStart(10)} people ${cpu.toFixed(1).padStart(10)} ms,` +
      ` floor ${floor.toFixed(1).padStart(9)} ms  ${beside.join(', ')}`,
  );
  return measure;
};

const inFolder = async <A>(work: (folder: string) => Promise<A>): Promise<A> => {
  const folder = await mkdtemp(join(tmpdir(), 'scale-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** The first read, up to the plan: nothing is delivered. */
export const firstRead = (people: number): Promise<ReadonlyArray<Measure>> =>
  withServedCompany(people, 0, async (company) => {
    const floor = await readFirst('floor', company);
    const engine = await readFirst('engine', company);
    const counts = {
      requests: engine.requests ?? Number.NaN,
      'MiB in all': engine.rssMiB,
      'MiB of heap': engine.heapMiB,
    };
    return [tell({ what: 'initial sync', people, cpu: engine.cpu, floor: floor.cpu, counts })];
  });

const counted = ({ rows, requests, events }: Cost): Measure['counts'] => ({
  'rows read': rows.read,
  'rows written': rows.written,
  events,
  requests,
});

/** Cycles of a company that is known: the floor is one row of a plain table. */
export const cycles = async (people: number): Promise<ReadonlyArray<Measure>> => {
  const { cpu: floor } = await inFolder((folder) =>
    runProgram<{ readonly cpu: number }>('one-row', { people, times: 200, path: join(folder, 'plain.db') }),
  );
  const { idle, change, subgroup } = await knownCosts(people);
  return Object.entries({ 'idle cycle': idle, 'one change': change, 'subgroup of 100 attached': subgroup }).map(
    ([what, cost]) => tell({ what, people, cpu: cost.cpu, floor, counts: counted(cost) }),
  );
};

const logOf = (people: number, sealed: boolean): Promise<MadeLog> => madeLog({ people, events: 10 * people, sealed });

/** A rebuild of ten sealed events for each person, and a new process on the rows: the floor of that one is the open file. */
export const rows = async (people: number): Promise<ReadonlyArray<Measure>> => {
  const { logPath, keysPath, stream } = await logOf(people, true);
  return inFolder(async (folder) => {
    const run = (mode: string): Promise<Answer> =>
      runProgram('replay', { mode, logPath, keysPath, stream, localPath: join(folder, 'local.db'), identity });
    const [floor, rebuilt] = [await run('floor'), await run('rebuild')];
    await run('plan');
    const [opened, ready] = [await run('head'), await run('ready')];
    return [
      tell({ what: 'rebuild', people, cpu: rebuilt.cpu, floor: floor.cpu, counts: { 'MiB in all': rebuilt.peakMiB } }),
      tell({
        what: 'restart to the first status',
        people,
        cpu: ready.cpu,
        floor: opened.cpu,
        counts: { 'MiB in all': ready.peakMiB },
      }),
    ];
  });
};

/** Up to here Emmett rebuilds its own projection, which takes it a millisecond for each event. */
const LARGEST_EMMETT_REBUILD = Number(process.env['EMMETT_REBUILD'] ?? 1_000);

/** Append, read and rebuild of the events in clear: the floor, ours, and Emmett's. */
export const besideEmmett = async (people: number): Promise<ReadonlyArray<Measure>> => {
  const { logPath, keysPath, stream, events } = await logOf(people, false);
  const emmett = await emmettFolder();
  return inFolder(async (folder) => {
    const replay = (mode: string): Promise<Answer> =>
      runProgram('replay', { mode, logPath, keysPath, stream, localPath: join(folder, 'local.db'), identity });
    const append = (mode: string): Promise<Answer> =>
      runProgram('append', {
        mode,
        from: logPath,
        stream,
        path: join(folder, `${mode}.db`),
        records: events,
        batch: 1_000,
      });
    const theirs = (mode: string): Promise<Answer> =>
      runProgram('emmett', { mode, folder: emmett?.folder, logPath, stream, path: join(folder, 'emmett.db') });
    const [appendFloor, readFloor] = [await append('plain'), await replay('floor')];
    const measures = [
      tell({ what: 'append', people, cpu: (await append('log')).cpu, floor: appendFloor.cpu, counts: {} }),
      tell({ what: 'read', people, cpu: (await replay('read')).cpu, floor: readFloor.cpu, counts: {} }),
      tell({ what: 'read and fold', people, cpu: (await replay('replay')).cpu, floor: readFloor.cpu, counts: {} }),
      tell({ what: 'rebuild in clear', people, cpu: (await replay('rebuild')).cpu, floor: readFloor.cpu, counts: {} }),
    ];
    if (emmett === undefined) return measures;
    const name = `Emmett ${emmett.version}`;
    measures.push(
      tell({ what: `${name}, append`, people, cpu: (await theirs('append')).cpu, floor: appendFloor.cpu, counts: {} }),
      tell({ what: `${name}, read`, people, cpu: (await theirs('read')).cpu, floor: readFloor.cpu, counts: {} }),
    );
    if (people > LARGEST_EMMETT_REBUILD) return measures;
    const rebuilt = await theirs('rebuild');
    return [
      ...measures,
      tell({ what: `${name}, rebuild`, people, cpu: rebuilt.cpu, floor: readFloor.cpu, counts: {} }),
    ];
  });
};
