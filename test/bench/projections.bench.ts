import { createHash } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { arch, availableParallelism, cpus, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Head, ProjectionRows, RowChange } from '@learnamp/directory-sync-event-sourcing';
import { openSqliteProjections } from '@learnamp/directory-sync-event-log-sqlite';
import { bench, describe } from 'vitest';

// A fold of 100,000 people with five entries each, and beside it, in the same run, the floor: the same texts in one plain
// table, through the same binding and with the same settings. Figures and the machine are printed; nothing here fails for
// being slow.

const PEOPLE = 100_000;
const READS = 20_000;

/** The same for a number every time, and at random places in the order of keys, as object ids are. */
const idOf = (n: number): string =>
  createHash('sha256')
    .update(`${n}`)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
const ids = Array.from({ length: PEOPLE }, (_, n) => idOf(n));
const valueOf = (n: number, revision: number) => ({
  id: ids[n],
  revision,
  displayName: `Person ${n}`,
  profile: Object.fromEntries(
    Array.from({ length: 10 }, (_, field) => [`field${field}`, `value ${n} of field ${field}`]),
  ),
});
const entriesOf = (n: number): RowChange['entries'] => ({
  mail: [`person-${n}@contoso.example`],
  manager: [ids[n % 5_000] ?? ''],
  state: ['active', 'in-scope'],
  department: [`Department ${n % 200}`],
});
const changeOf = (n: number, revision: number): RowChange => ({
  table: 'people',
  key: ids[n] ?? '',
  value: valueOf(n, revision),
  entries: entriesOf(n),
});
/** Who is read or changed in which order: everybody once, nobody beside the one before. */
const shuffled = (n: number): number => (n * 7_919) % PEOPLE;

type Plain = {
  exec(sql: string): unknown;
  prepare(sql: string): { run(...values: ReadonlyArray<string>): unknown; get(key: string): unknown };
  close(): unknown;
};

const openPlain = async (path: string): Promise<Plain> => {
  const builtIn = process.getBuiltinModule('node:sqlite') as { DatabaseSync: new (path: string) => Plain } | undefined;
  if (builtIn !== undefined) return new builtIn.DatabaseSync(path);
  const { default: Database } = await import('better-sqlite3');
  return new Database(path) as Plain;
};

const header = (): string => {
  const machine = `Node ${process.version}, ${platform()} ${arch()}, ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}`;
  return `${machine}; ${PEOPLE} people\n${''.padEnd(44)}${'per s'.padStart(10)}${'ms'.padStart(8)}${'cpu us'.padStart(8)}`;
};
let printed = 0;
const print = (line: string): void => {
  console.log(printed === 0 ? `${header()}\n${line}` : line);
  printed += 1;
};
/** Microseconds of the processor for each hardly depend on what else the machine does. */
const measure = (name: string, count: number, body: () => void): void => {
  const [began, before] = [performance.now(), process.cpuUsage()];
  body();
  const { user, system } = process.cpuUsage(before);
  const elapsed = performance.now() - began;
  const rate = ((count * 1_000) / elapsed).toFixed(0).padStart(10);
  const cpu = ((user + system) / count).toFixed(0).padStart(8);
  print(`${name.padEnd(44)}${rate}${elapsed.toFixed(0).padStart(8)}${cpu}`);
};

const inFolder = async (body: (path: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'projections-'));
  try {
    await body(join(folder, 'local.db'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const floor = (plain: Plain): void => {
  for (const pragma of ['journal_mode = WAL', 'synchronous = NORMAL', 'secure_delete = ON', 'cache_size = -16384'])
    plain.exec(`PRAGMA ${pragma}`);
  plain.exec('CREATE TABLE plain (key TEXT PRIMARY KEY, value TEXT NOT NULL)');
  const put = plain.prepare(
    'INSERT INTO plain (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const get = plain.prepare('SELECT value FROM plain WHERE key = ?');
  const write = (size: number, count: number, numberOf: (n: number) => number): void => {
    for (let from = 0; from < count; from += size) {
      plain.exec('BEGIN IMMEDIATE');
      for (let n = from; n < from + size; n += 1)
        put.run(ids[numberOf(n)] ?? '', JSON.stringify(valueOf(numberOf(n), size)));
      plain.exec('COMMIT');
    }
  };
  measure('floor: inserts, 500 at once', PEOPLE, () => write(500, PEOPLE, (n) => n));
  measure('floor: updates, 100 at once', READS, () => write(100, READS, shuffled));
  measure('floor: updates, 500 at once', READS, () => write(500, READS, shuffled));
  measure('floor: selects with JSON.parse', READS, () => {
    for (let n = 0; n < READS; n += 1)
      JSON.parse((get.get(ids[shuffled(n)] ?? '') as { readonly value: string }).value) as unknown;
  });
};

const projections = (rows: ProjectionRows): void => {
  let at: Head | undefined;
  let revision = 0;
  const commit = (changes: ReadonlyArray<RowChange>): void => {
    revision += 1;
    const to = { revision: BigInt(revision), hash: `${revision}` };
    if (rows.commit(changes, at, to) !== 'committed') throw new Error('moved');
    at = to;
  };
  const write = (size: number, count: number, changeAt: (n: number) => RowChange): void => {
    for (let from = 0; from < count; from += size)
      commit(Array.from({ length: size }, (_, offset) => changeAt(from + offset)));
  };
  measure('new rows, 500 a commit', PEOPLE, () => write(500, PEOPLE, (n) => changeOf(n, 0)));
  measure('changed rows, 100 a commit', READS, () => write(100, READS, (n) => changeOf(shuffled(n), 1)));
  measure('changed rows, 500 a commit', READS, () => write(500, READS, (n) => changeOf(shuffled(n), 2)));
  measure('changed rows, 1 a commit', 1_000, () => write(1, 1_000, (n) => changeOf(shuffled(n), 3)));
  measure('rows with other entries, 500 a commit', READS, () =>
    write(500, READS, (n) => ({ ...changeOf(shuffled(n), 4), entries: entriesOf(shuffled(n) + 1) })),
  );
  measure('gets', READS, () => {
    for (let n = 0; n < READS; n += 1) rows.get('people', ids[shuffled(n)] ?? '');
  });
  measure('gets of nothing', READS, () => {
    for (let n = 0; n < READS; n += 1) rows.get('people', `nobody ${n}`);
  });
  measure('keys by a mail address', READS, () => {
    for (let n = 0; n < READS; n += 1) rows.keysAt('people', 'mail', `person-${n}@contoso.example`);
  });
  measure('count of all 100,000 by index', 20, () => {
    for (let n = 0; n < 20; n += 1) rows.countAt('people', 'state', 'active');
  });
  measure('rows of a scan', PEOPLE, () => {
    let seen = 0;
    for (const row of rows.scan('people')) seen += row.length;
    if (seen !== 2 * PEOPLE) throw new Error(`${seen / 2} rows`);
  });
};

// With functions that are `async` for all to see: others are called once more to find out.
const once = { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0, throws: true };

describe('projections', () => {
  bench(
    'floor: one plain table',
    async () =>
      inFolder(async (path) => {
        const plain = await openPlain(path);
        floor(plain);
        plain.close();
      }),
    once,
  );

  bench(
    'rows of 100,000 people',
    async () =>
      inFolder(async (path) => {
        const database = await openSqliteProjections({ path });
        const rows = await database.rows({ name: 'people', version: '1' });
        projections(rows);
        measure('rows dropped by clear', PEOPLE, rows.clear);
        await database.close();
        print(`${'bytes of the file'.padEnd(44)}${(await stat(path)).size.toString().padStart(10)}`);
      }),
    once,
  );
});
