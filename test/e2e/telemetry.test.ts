import { openMemoryStores } from '@learnamp/directory-sync';
import { attributeNames, metricNames, openTelemetry, spanNames } from '@learnamp/directory-sync/otel';
import { DataPointType } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { canaries, canaryName, canaryProfile } from '../support/person-canary.js';
import { connectionTo, hire, openCompany, openRunning } from '../support/running-engine.js';
import { openTold } from '../examples/telemetry.js';
import { openStage, personNamed } from '../support/stage.js';
import { openToldTelemetry } from '../support/told-telemetry.js';
import { makeVirtualTime } from '../support/virtual-time.js';

const MINUTE = 60_000;

type MetricKind = (typeof metricNames)[keyof typeof metricNames]['kind'];
type Row = { readonly name: string; readonly attributes: ReadonlyArray<keyof typeof attributeNames> };

const rowsOf = (table: Readonly<Record<string, Row>>) =>
  new Map(Object.values(table).map(({ name, attributes }) => [name, attributes.map((key) => attributeNames[key])]));

const lines = () => {
  const said: string[] = [];
  const say = (facts: Readonly<Record<string, unknown>>, message: string) =>
    void said.push(`${message} ${JSON.stringify(facts)}`);
  return { said, logger: { debug: say, info: say, warn: say } };
};

/** A day in a company: a refusal, throttling, a notification, leavers who are held. */
const openDay = async () => {
  const time = makeVirtualTime();
  const company = await openCompany(time);
  const { directory, scopeGroupId } = company;
  const told = openToldTelemetry();
  const log = lines();
  const people = Array.from({ length: 8 }, (_, n) => hire(company, `Crew Member${String(n)}`));
  const canary = directory.addUser(personNamed(canaryName, canaryProfile));
  directory.addMember(scopeGroupId, canary);
  const refused = company.faults.add({
    system: 'learnAmp',
    method: 'POST',
    path: /\/users$/,
    match: ({ body }) => body.toString().includes('Member7'),
    action: { status: 422, body: { errors: [{ field: 'firstName', message: `${canaryName} has taken the address` }] } },
  });
  company.faults.add({
    system: 'graph',
    path: /delta/,
    nth: 2,
    action: { status: 429, headers: { 'Retry-After': '7' } },
  });
  const running = await openRunning([company], {
    time,
    notified: true,
    telemetry: told.telemetry,
    logger: log.logger,
  });
  const connection = await running.engine.add(connectionTo(company));
  running.engine.start();
  await time.until(() => company.subscriptions.list().length === 2 && running.cycles.length >= 2, 5 * MINUTE);
  await time.pass(10_000);
  directory.updateUser(canary, { jobTitle: 'Vexillologist of canaries' });
  await running.notify(company);
  await time.pass(10_000);
  for (const userId of people.slice(0, 6)) directory.removeMember(scopeGroupId, userId);
  await running.notify(company);
  await time.pass(2 * MINUTE);
  expect(refused.hits()).toBeGreaterThan(0);
  return { ...running, time, company, connection, told, log, canary, people, refused };
};

describe('telemetry of a running engine', () => {
  it('every name of the table is told, with the attributes of its row and no others', async () => {
    const { told } = await openDay();
    const seen = new Map<string, Set<string>>();
    const note = (name: string, attributes: object): void => {
      const known = seen.get(name) ?? new Set();
      for (const key of Object.keys(attributes)) known.add(key);
      seen.set(name, known);
    };
    for (const span of told.spans()) note(span.name, span.attributes);
    for (const { descriptor, dataPoints } of await told.metrics())
      for (const { attributes } of dataPoints) note(descriptor.name, attributes);
    const table = new Map([...rowsOf(spanNames), ...rowsOf(metricNames)]);
    expect([...seen.keys()].sort()).toEqual([...table.keys()].sort());
    for (const [name, keys] of seen)
      expect([...keys].filter((key) => key !== attributeNames.error).sort(), name).toEqual(
        [...(table.get(name) ?? [])].sort(),
      );
    const used = new Set([...seen.values()].flatMap((keys) => [...keys]));
    expect([...used].sort()).toEqual(Object.values(attributeNames).sort());
  });

  it('kinds and units are those of the table', async () => {
    const { told } = await openDay();
    const typeOf: Readonly<Record<MetricKind, DataPointType>> = {
      counter: DataPointType.SUM,
      'observed counter': DataPointType.SUM,
      histogram: DataPointType.HISTOGRAM,
      gauge: DataPointType.GAUGE,
    };
    const declared = (await told.metrics()).map(({ descriptor: { name, unit }, dataPointType }) => [
      name,
      dataPointType,
      unit,
    ]);
    const rows = Object.values(metricNames).map(({ name, kind, unit }) => [name, typeOf[kind], unit]);
    expect(declared.sort()).toEqual(rows.sort());
  });

  it('figures are those of the cycles: events, commands, held people, the wait, how old what is known is', async () => {
    const { told, cycles, time, connection, refused } = await openDay();
    const sum = async (name: string, ...[key, value]: readonly [string?, string?]) =>
      (await told.points(name))
        .filter(({ attributes }) => key === undefined || attributes[key] === value)
        .reduce((total, point) => total + (point.value as number), 0);
    const events = cycles.flatMap(({ events }) => Object.values(events)).reduce((total, each) => total + each, 0);
    expect(await sum(metricNames.events.name)).toBe(events);
    expect(await sum(metricNames.cycles.name)).toBe(cycles.length);
    expect(await sum(metricNames.commands.name, attributeNames.outcome, 'Rejected')).toBe(refused.hits());
    expect(await sum(metricNames.held.name, attributeNames.hold, 'deactivations')).toBe(6);
    expect(await sum(metricNames.parked.name)).toBe(1);
    expect(await sum(metricNames.throttled.name)).toBe(1);
    expect(await sum(metricNames.wait.name)).toBe(0);
    expect(await sum(metricNames.notifications.name, attributeNames.result, 'marked')).toBe(2);
    const { freshness } = await connection.status();
    expect(Math.floor(await sum(metricNames.freshness.name))).toBe(freshness?.ageSeconds);
    await time.pass(30_000);
    const [lag] = await told.points(metricNames.lag.name);
    expect(lag?.value).toMatchObject({ count: 2 });
    expect((lag?.value as { readonly max: number }).max).toBeLessThanOrEqual(10);
  });

  it('a page is within its round, and a round within its cycle', async () => {
    const { told } = await openDay();
    const named = new Map(told.spans().map((span) => [span.spanContext().spanId, span.name]));
    const parents = (name: string) =>
      new Set(told.spans(name).map(({ parentSpanContext }) => named.get(parentSpanContext?.spanId ?? '')));
    expect(parents(spanNames.page.name)).toEqual(new Set([spanNames.round.name]));
    expect(parents(spanNames.round.name)).toEqual(new Set([spanNames.cycle.name]));
    expect(parents(spanNames.plan.name)).toEqual(new Set([spanNames.cycle.name]));
    expect(parents(spanNames.command.name)).toEqual(new Set([spanNames.cycle.name]));
    expect(parents(spanNames.cycle.name)).toEqual(new Set([undefined]));
  });

  it("nobody's name, address or id, no secret and no delta link is in any span, metric or line of the log", async () => {
    const { told, company, log, canary, people } = await openDay();
    const spans = told
      .spans()
      .map(({ name, attributes, status, events, links }) => [name, attributes, status, events, links]);
    const text = JSON.stringify([spans, await told.metrics(), log.said]).toLowerCase();
    const secrets = [company.clientSecret, company.learnAmpClientSecret, 'deltatoken', 'skiptoken', 'bearer'];
    const forbidden = [...canaries, 'Crew Member', 'crew.member', canary, ...people, ...secrets];
    expect(forbidden.filter((each) => text.includes(each.toLowerCase()))).toEqual([]);
    expect(log.said.length).toBeGreaterThan(2);
  });

  it('nothing more is told of a connection that was let go', async () => {
    const { told, engine } = await openDay();
    await engine.remove('fabrikam');
    expect(await told.points(metricNames.freshness.name)).toEqual([]);
    expect(await told.points(metricNames.held.name)).toEqual([]);
  });
});

describe('telemetry of one connection', () => {
  it('a cycle that fails says why by its code, and what is known grows old', async () => {
    const told = openToldTelemetry();
    const stage = await openStage({ storage: 'memory', telemetry: told.telemetry });
    stage.hire('Ann Lee');
    await stage.sync();
    stage.simulator.faults.add({ system: 'graph', action: { status: 403 } });
    const { error } = await stage.sync();
    const [, failed] = told.spans(spanNames.cycle.name);
    expect(failed).toMatchObject({ attributes: { [attributeNames.outcome]: error?.code, 'error.type': error?.code } });
    expect(failed?.status).toEqual({ code: 2 });
  });

  it('without an SDK in the process nothing is told, and everything goes on', async () => {
    const stage = await openStage({ storage: 'memory', telemetry: openTelemetry() });
    stage.hire('Ann Lee');
    expect(await stage.sync()).toMatchObject({ ok: true, people: { inScope: 1, linked: 1 } });
    const engine = openTold(openMemoryStores(), lines().logger);
    await engine.stop();
  });

  it('a preview tells of no command and no event', async () => {
    const told = openToldTelemetry();
    const stage = await openStage({ storage: 'memory', telemetry: told.telemetry });
    stage.hire('Ann Lee');
    expect((await stage.engine().preview()).totals.send).toBeGreaterThan(0);
    expect(told.spans()).toEqual([]);
    expect(await told.points(metricNames.commands.name)).toEqual([]);
    expect(await told.points(metricNames.events.name)).toEqual([]);
  });
});
