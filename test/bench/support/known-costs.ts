import { rm } from 'node:fs/promises';
import { sqliteFolder } from '../../support/connect.js';
import { openKnownCompany, type RowCounts } from '../../support/known-company.js';

// What cycles cost a company that is known, over the SQLite stores: the engine's own work, since directory and Learn Amp
// answer at once.

const CHANGES = 100;
const IDLE = 20;
const SUBGROUP = 100;
/** The people who change are the same at every size: managers among them cost more than others. */
const SAME = 1_000;

export type Cost = {
  /** Milliseconds of the processor: the middle one of those that were measured. */
  readonly cpu: number;
  readonly cpuP99: number;
  readonly wall: number;
  readonly wallP99: number;
  /** The mean of one. */
  readonly rows: RowCounts;
  readonly requests: number;
  readonly events: number;
};

export type KnownCosts = {
  readonly idle: Cost;
  readonly change: Cost;
  readonly subgroup: Cost;
  readonly reopened: number;
};

const percentile = (values: ReadonlyArray<number>, share: number): number => {
  const sorted = values.toSorted((x, y) => x - y);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
};

type Company = Awaited<ReturnType<typeof openKnownCompany>>;

const costOf = async (company: Company, times: number, prepare: (n: number) => void): Promise<Cost> => {
  const { engine, rows, requests } = company;
  const before = { ...rows, requests: requests() };
  const [cpu, wall]: [number[], number[]] = [[], []];
  let events = 0;
  for (let n = 0; n < times; n += 1) {
    prepare(n);
    const [cpuBefore, wallBefore] = [process.cpuUsage(), performance.now()];
    const report = await engine.sync({ photos: false });
    const { user, system } = process.cpuUsage(cpuBefore);
    cpu.push((user + system) / 1_000);
    wall.push(performance.now() - wallBefore);
    if (!report.ok) throw new Error(JSON.stringify(report.error));
    events += Object.values(report.events).reduce((sum, count) => sum + count, 0);
  }
  const each = (now: number, then: number): number => (now - then) / times;
  return {
    cpu: percentile(cpu, 0.5),
    cpuP99: percentile(cpu, 0.99),
    wall: percentile(wall, 0.5),
    wallP99: percentile(wall, 0.99),
    rows: {
      read: each(rows.read, before.read),
      lookups: each(rows.lookups, before.lookups),
      written: each(rows.written, before.written),
      commits: each(rows.commits, before.commits),
    },
    requests: each(requests(), before.requests),
    events: events / times,
  };
};

export const knownCosts = async (people: number): Promise<KnownCosts> => {
  const files = await sqliteFolder();
  try {
    const company = await openKnownCompany(people, await files.open());
    const idle = await costOf(company, IDLE, () => undefined);
    const change = await costOf(company, CHANGES, (n) => {
      const person = (n * 37) % Math.min(people, SAME);
      company.moveToDepartment(person, n + 1 + person);
    });
    const subgroup = await costOf(company, 1, () => {
      company.attachSubgroup(SUBGROUP);
    });
    await company.engine.close();
    const restarted = company.restart(await files.open());
    const before = process.cpuUsage();
    await restarted.status();
    const { user, system } = process.cpuUsage(before);
    await restarted.close();
    return { idle, change, subgroup, reopened: (user + system) / 1_000 };
  } finally {
    await rm(files.folder, { recursive: true, force: true });
  }
};
