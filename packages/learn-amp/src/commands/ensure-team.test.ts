import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeLearnAmp, type FakeLearnAmp } from '../testing/fake-learn-amp.js';
import { commandsFor, ensureTeam } from '../testing/made-commands.js';
import { collect, openClient, run } from '../testing/open-client.js';

let fake: FakeLearnAmp;
beforeEach(async () => {
  fake = await startFakeLearnAmp();
});
afterEach(() => fake.close());

const posts = () => fake.calls().filter((call) => call === 'POST /v1/teams').length;

/**
 * GET and POST /v1/teams, GET /v1/teams/by_external_id/{id}
 * FOUND   `filters[name]`, paginated; 201 with the team; an external id is unique, a second one is a 400
 * ASSUMED the filter matches parts and ignores case; names are not unique
 */
describe('EnsureTeam', () => {
  it('creates a team that is not there, with an external id of its own', async () => {
    fake.addTeam('Salesforce');
    const [outcome] = await run(openClient(fake.baseUrl), [ensureTeam('Sales & Ops', 'sales & ops')]);
    const made = [...fake.teams.values()].at(-1);
    expect(made).toMatchObject({ name: 'Sales & Ops', integrationExternalId: 'entra-dept:sales & ops' });
    expect(outcome).toEqual({ _tag: 'Succeeded', result: 'created', teamId: String(made?.id) });
    expect(fake.calls()).toEqual(['GET /v1/teams', 'POST /v1/teams']);
  });

  it('finds a team whose name differs in case, width or white space only', async () => {
    const team = fake.addTeam('ＳALES   Team ');
    const port = openClient(fake.baseUrl);
    await collect(port.teams());
    expect(await run(port, [ensureTeam('Sales Team')])).toEqual([
      { _tag: 'Succeeded', result: 'noop', teamId: String(team.id) },
    ]);
    expect(posts()).toBe(0);
  });

  it('asks nothing once the teams were read, and creates with one request each', async () => {
    fake.addTeam('Sales');
    const port = openClient(fake.baseUrl);
    await collect(port.teams());
    const before = port.requestCount();
    await run(port, [ensureTeam('sales')]);
    await run(port, [ensureTeam('Finance')]);
    await run(port, [ensureTeam('FINANCE')]);
    expect(port.requestCount() - before).toBe(1);
    expect(fake.teams.size).toBe(2);
  });

  it('asks again when Learn Amp turned out not to know a team it had listed', async () => {
    const team = fake.addTeam('Sales');
    const ada = fake.addUser({ email: 'ada@contoso.com' });
    const port = openClient(fake.baseUrl);
    await collect(port.teams());
    fake.teams.delete(team.id);
    expect(await run(port, [commandsFor(ada.id).team(team.id)])).toMatchObject([{ code: 'unknown_team' }]);
    expect(await run(port, [ensureTeam('Sales')])).toMatchObject([{ _tag: 'Succeeded', result: 'created' }]);
  });

  it('takes a team that was renamed by hand for the one it is', async () => {
    const team = fake.addTeam('Finance & Legal', 'entra-dept:finance');
    expect(await run(openClient(fake.baseUrl), [ensureTeam('Finance')])).toEqual([
      { _tag: 'Succeeded', result: 'noop', teamId: String(team.id) },
    ]);
    expect(fake.teams.size).toBe(1);
  });

  it('takes the one that somebody made a moment ago, when its own is refused', async () => {
    const port = openClient(fake.baseUrl);
    await collect(port.teams());
    const team = fake.addTeam('Money', 'entra-dept:finance');
    expect(await run(port, [ensureTeam('Finance')])).toEqual([
      { _tag: 'Succeeded', result: 'noop', teamId: String(team.id) },
    ]);
    expect(fake.calls().slice(1)).toEqual(['POST /v1/teams', 'GET /v1/teams/by_external_id/entra-dept%3Afinance']);
  });

  it('reads the teams once for all who ask at the same time', async () => {
    const port = openClient(fake.baseUrl);
    await Promise.all(['Sales', 'Finance', 'Legal'].map((name) => run(port, [ensureTeam(name)])));
    expect(fake.calls().filter((call) => call === 'GET /v1/teams')).toHaveLength(1);
    expect(fake.teams.size).toBe(3);
  });

  it('reads them again when that was long ago', async () => {
    let time = 0;
    const port = openClient(fake.baseUrl, {}, { now: () => new Date(time) });
    await run(port, [ensureTeam('Sales')]);
    time = 20 * 60 * 1000;
    fake.addTeam('Finance');
    expect(await run(port, [ensureTeam('Finance')])).toMatchObject([{ result: 'noop' }]);
  });

  it('does not choose between two teams of one name', async () => {
    fake.addTeam('Sales');
    fake.addTeam('SALES');
    const port = openClient(fake.baseUrl);
    expect(await run(port, [ensureTeam('Sales')])).toMatchObject([{ _tag: 'Rejected', code: 'ambiguous_team' }]);
    expect(await run(port, [ensureTeam('Sales')], { unknown: true })).toMatchObject([{ code: 'ambiguous_team' }]);
    expect(posts()).toBe(0);
  });

  it('creates one team for two callers at once', async () => {
    const port = openClient(fake.baseUrl);
    const both = await Promise.all([run(port, [ensureTeam('Sales')]), run(port, [ensureTeam('Sales')])]);
    expect(both.map(([outcome]) => outcome?._tag === 'Succeeded' && outcome.result)).toEqual(['created', 'noop']);
    expect(fake.teams.size).toBe(1);
  });

  it.each([
    ['after a reset', 'reset' as const],
    ['after a 500', { status: 500 }],
    ['after a broken 201', { status: 201, text: '{"id":' }],
  ])('finds what it made %s', async (_name, fault) => {
    fake.plan.after = ({ method, path }) => (method === 'POST' && path === '/v1/teams' ? fault : undefined);
    expect(await run(openClient(fake.baseUrl), [ensureTeam('Sales')])).toMatchObject([
      { _tag: 'Succeeded', result: 'found' },
    ]);
    expect(fake.teams.size).toBe(1);
    expect(posts()).toBe(1);
  });

  it('that may have arrived earlier looks first, whatever was listed', async () => {
    const port = openClient(fake.baseUrl);
    await collect(port.teams());
    const team = fake.addTeam('Sales', 'entra-dept:sales');
    expect(await run(port, [ensureTeam('Sales')], { unknown: true })).toEqual([
      { _tag: 'Succeeded', result: 'found', teamId: String(team.id) },
    ]);
    expect(posts()).toBe(0);
  });

  it('stays unknown when it is not there, and names the fields of a refusal', async () => {
    fake.plan.before = ({ method, path }) => (method === 'POST' && path === '/v1/teams' ? 'reset' : undefined);
    expect(await run(openClient(fake.baseUrl), [ensureTeam('Sales')])).toEqual([{ _tag: 'Unknown' }]);
    fake.plan.before = ({ method, path }) =>
      method === 'POST' && path === '/v1/teams' ? { status: 400, json: { error: 'name is too long' } } : undefined;
    expect(await run(openClient(fake.baseUrl), [ensureTeam('Sales')])).toEqual([
      { _tag: 'Rejected', code: 'validation', fields: ['name'] },
    ]);
  });

  it.each([
    ['404 as for what is not there', { status: 404, json: { error: 'Not found' } }],
    ['405 and a web page', { status: 405, text: '<html>' }],
  ])('is this team alone where its creation is answered with %s', async (_name, reply) => {
    fake.plan.before = ({ method, path }) => (method === 'POST' && path === '/v1/teams' ? reply : undefined);
    const port = openClient(fake.baseUrl);
    expect(await run(port, [ensureTeam('Sales')])).toEqual([{ _tag: 'Rejected', code: 'protocol', fields: [] }]);
    expect(await run(port, [ensureTeam('Sales')], { unknown: true })).toEqual([
      { _tag: 'Rejected', code: 'protocol', fields: [] },
    ]);
  });

  it('is this team alone where it cannot be looked up by its name', async () => {
    fake.plan.before = ({ query }) =>
      query.has('filters[name]') ? { status: 400, json: { error: 'bad filter' } } : undefined;
    expect(await run(openClient(fake.baseUrl), [ensureTeam('Sales')], { unknown: true })).toEqual([
      { _tag: 'Rejected', code: 'protocol', fields: [] },
    ]);
  });
});
