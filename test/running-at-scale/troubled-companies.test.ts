import type { Simulator } from '@learnamp/directory-sync-simulator';
import { expect, it } from 'vitest';
import { connectionTo, hire, openCompany, openRunning } from '../support/running-engine.js';
import { makeVirtualTime, type VirtualTime } from '../support/virtual-time.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HEALTHY = Number(process.env['CONNECTIONS'] ?? 195);
const HUGE = Number(process.env['PEOPLE'] ?? 5_000);
const TENANTS = 15;
const AT_ONCE = 16;
/** Requests to Graph for one tenant at once. */
const OF_A_TENANT = 8;
/** How long each answer takes, in virtual time. */
const LATENCY_MS = 50;
const THROTTLED_MS = 15 * MINUTE;
const POLL_MS = 5 * MINUTE;
/** One for each system, which reports do not count. */
const SIGN_INS = 2;

type Sent = { readonly at: number; readonly to: string };

/** The time, with a network whose answers take a while, and what was sent over it. */
const slowNetwork = (time: VirtualTime) => {
  const sent: Sent[] = [];
  let underWay = 0;
  let most = 0;
  const counting: VirtualTime['counting'] = (fetch) => {
    const counted = time.counting(fetch);
    return async (input, init) => {
      underWay += 1;
      most = Math.max(most, underWay);
      sent.push({ at: time.now().getTime(), to: new URL(input instanceof Request ? input.url : input).origin });
      try {
        await time.sleep(LATENCY_MS, init?.signal ?? undefined);
        return await counted(input, init);
      } finally {
        underWay -= 1;
      }
    };
  };
  return { time: { ...time, counting }, sent, most: () => most };
};

const originOf = (url: string): string => new URL(url).origin;

/** So many companies at rest, and besides them what gives trouble. */
const openCompanies = async (trouble: 'with trouble' | 'alone') => {
  const time = makeVirtualTime();
  const healthy = await Promise.all(Array.from({ length: TENANTS }, (_, at) => openCompany(time, at + 1)));
  for (const company of healthy) for (const name of ['Ann Lee', 'Bob Ray']) hire(company, name);
  const names = trouble === 'alone' ? [] : ['failing', 'throttled', 'held', 'huge'];
  const troubled = await Promise.all(names.map((_, at) => openCompany(time, 100 + at)));
  const [failing, throttled, held, huge] = troubled;
  failing?.faults.add({ system: 'graph', action: 'reset' });
  throttled?.faults.add({ system: 'graph', times: 1, action: { status: 429, headers: { 'retry-after': '900' } } });
  const leavers = Array.from({ length: 10 }, (_, at) => (held === undefined ? '' : hire(held, `Person Number${at}`)));
  for (let at = 0; huge !== undefined && at < HUGE; at += 1) hire(huge, `Person Number${at}`);

  const network = slowNetwork(time);
  const running = await openRunning([...healthy, ...troubled], { time: network.time, requestsAtOnce: AT_ONCE });
  const add = (company: Simulator | undefined, connectionId: string) =>
    company === undefined ? undefined : running.engine.add(connectionTo(company, { connectionId }));
  for (const [at, name] of names.entries()) await add(troubled[at], name);
  await add(throttled, 'throttled too');
  for (let at = 0; at < HEALTHY; at += 1) await add(healthy[at % TENANTS], `company-${at}`);
  return {
    ...running,
    ...network,
    throttled,
    huge,
    holdUp: () => leavers.slice(0, 6).forEach((id) => held?.directory.removeMember(held.scopeGroupId, id)),
    cyclesOf: (connectionId: string) => running.cycles.filter((report) => report.connectionId === connectionId),
  };
};

type Companies = Awaited<ReturnType<typeof openCompanies>>;

const healthyNames = Array.from({ length: HEALTHY }, (_, at) => `company-${at}`);
const endOf = ({ cyclesOf }: Companies, name: string, nth: number): number =>
  Date.parse(cyclesOf(name)[nth]?.finishedAt ?? '');
const durationOf = (companies: Companies, name: string, nth: number): number =>
  endOf(companies, name, nth) - Date.parse(companies.cyclesOf(name)[nth]?.startedAt ?? '');

it('I-15: one fails, one is throttled, one is held, one is huge: every other company is as early as without them', async () => {
  const alone = await openCompanies('alone');
  alone.engine.start();
  await alone.time.pass(POLL_MS + MINUTE);
  expect(alone.cycles).toHaveLength(2 * HEALTHY);

  const all = await openCompanies('with trouble');
  all.engine.start();
  await all.time.pass(MINUTE);
  all.holdUp();
  await all.time.pass(POLL_MS);
  // Everybody's first sync fell into that of the huge company.
  expect(endOf(all, 'huge', 0)).toBeGreaterThan(Math.max(...healthyNames.map((name) => endOf(all, name, 0))));

  // Before each request of a company, one at most of each of the troubled goes first: less than a whole turn of the slots. The same
  // before those that the others of its tenant send first, one each and eight at once.
  const turns = 1 + Math.ceil((HEALTHY / TENANTS - 1) / OF_A_TENANT);
  for (const name of healthyNames)
    for (const nth of [0, 1]) {
      const { requests, ok } = all.cyclesOf(name)[nth] ?? {};
      expect([name, nth, ok]).toEqual([name, nth, true]);
      const asked = (requests?.graph ?? 0) + (requests?.learnAmp ?? 0) + SIGN_INS;
      const longer = durationOf(all, name, nth) - durationOf(alone, name, nth);
      expect([name, nth, longer <= asked * turns * LATENCY_MS ? 'in time' : longer]).toEqual([name, nth, 'in time']);
    }
  expect(all.cyclesOf('held').at(-1)).toMatchObject({ ok: true, exitCode: 3, people: { held: 6 } });

  await all.time.pass(THROTTLED_MS);
  expect(all.most()).toBe(AT_ONCE);
  for (const name of healthyNames) expect([name, all.cyclesOf(name).length]).toEqual([name, 5]);
  expect(all.cyclesOf('huge')[0]).toMatchObject({ ok: true, people: { linked: HUGE } });
  expect(all.cyclesOf('failing').length).toBeGreaterThan(1);
  expect(all.cyclesOf('failing').every(({ error }) => error?.code === 'graph-unreachable')).toBe(true);

  // FC-71: both connections of the throttled tenant waited for as long as it was told, and nobody else did.
  const asked = all.sent.filter(({ to }) => to === originOf(all.throttled?.graphUrl ?? ''));
  const told = (asked[0]?.at ?? 0) + 2 * SECOND;
  const early = asked.filter(({ at }) => at > told && at < told + THROTTLED_MS - 2 * SECOND);
  expect(early).toEqual([]);
  for (const name of ['throttled', 'throttled too']) expect(all.cyclesOf(name).at(-1)).toMatchObject({ ok: true });
}, 300_000);
