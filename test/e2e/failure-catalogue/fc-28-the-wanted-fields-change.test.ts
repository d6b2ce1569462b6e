import type { SyncReport } from '@learnamp/directory-sync';
import { expect, it } from 'vitest';
import { facts, none, succeeded } from '../../support/report.js';
import { calm, nobody, openStage, type Stage } from '../../support/stage.js';

const mapped = { customFields: { employeeId: 'Staff no' } };
const learnAmp = { customFields: [{ name: 'Staff no' }, { name: 'Shoe' }] };

/** How Graph words it: the name in quotes, or no name at all. */
const words = {
  named: (name: string) => `Parsing OData Select failed: Could not find a property named '${name}' on type 'user'.`,
  unnamed: () => 'The request is invalid.',
};

/** Graph refuses every query that selects the property: of the delta (`latest` and from the beginning), and of direct reads. */
const refuse = (stage: Stage, property: string, say = words.named, path = /\/users\//) =>
  stage.simulator.faults.add({
    system: 'graph',
    path,
    match: ({ query }) => (query.get('$select') ?? '').split(',').includes(property),
    action: { status: 400, body: { error: { code: 'BadRequest', message: say(property) } } },
  });

const leftOut = (report: SyncReport) =>
  (report.notes ?? []).flatMap(({ kind, reason }) => (kind === 'attribute-left-out' ? [reason] : []));

/** Answers of Graph that refuse something, items of batches included. */
const refusals = (stage: Stage): number =>
  stage.simulator.requests
    .matching({ system: 'graph' })
    .flatMap(({ status, items }) => [status, ...items.map((item) => item.status)])
    .filter((status) => status === 400).length;

/** A scope that is a small part of its tenant, where people are read one by one, and one that is nearly all of it. */
const tenants = [
  ['a small part of the tenant', { ...nobody, outsiders: 60 }],
  ['nearly the whole tenant', nobody],
] as const;

it.each(tenants)(
  'FC-28 a new custom field over %s: the old link is not used, everybody is read once, and the new field alone is written',
  async (_, company) => {
    const stage = await openStage({ graph: calm, company, learnAmp });
    const numbered = stage.crew(6, { employeeId: '4711', jobTitle: 'Engineer', department: 'Sales' });
    stage.crew(4, { jobTitle: 'Engineer', department: 'Sales' });
    await stage.sync();
    const before = stage.learnAmp.accounts();
    stage.newWrites();
    await stage.reopen({ preferences: mapped });
    stage.simulator.requests.reset();
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 10, linked: 10 } });
    expect(report.events['PreferencesChanged']).toBe(1);
    expect(facts(report)).toEqual({ ResyncRequired: 1, CustomAttributeChanged: 6, CommandSucceeded: 6 });
    expect((await stage.events('ResyncRequired')).map(({ data }) => data)).toEqual([
      { source: 'users', cursor: 'users', reason: 'query-changed' },
    ]);
    expect(succeeded(report)).toEqual({ SetCustomFields: 6 });
    expect(stage.newWrites()).toHaveLength(6);
    // The recorded link belongs to the old query: it would never have told the new property.
    const asked = stage.simulator.requests.matching({ system: 'graph', path: /\/users\/.*delta/ });
    expect(asked[0]?.query).toMatchObject({ $select: expect.stringContaining('employeeId') as unknown });
    const tokens = asked.flatMap(({ query }) => query['$deltatoken'] ?? query['$deltaToken'] ?? []);
    expect(tokens).toEqual(['latest']);
    for (const account of before) {
      const now = stage.learnAmp.account(account.id);
      const ours = numbered.includes(account.integrationExternalId ?? '');
      expect(now).toEqual({
        ...account,
        customFields: ours ? { 'Staff no': '4711' } : {},
        updatedAt: now?.updatedAt,
      });
    }
    stage.directory.updateUser(numbered[0] ?? '', { employeeId: '4712' });
    expect(facts(await stage.sync())).toEqual({ CustomAttributeChanged: 1, CommandSucceeded: 1 });
    expect((await stage.sync()).events).toEqual({});
  },
);

it.each(tenants)(
  'FC-28 a round over %s that broke off is not gone on with once more is asked for: neither its page nor its link is used',
  async (_, company) => {
    const graph = { ...calm, pageSize: { min: 1, max: 1 } };
    const stage = await openStage({ graph, company, learnAmp, patienceMs: 250 });
    const crew = stage.crew(6, { employeeId: '4711', jobTitle: 'Engineer' });
    await stage.sync();
    for (const id of crew) stage.directory.updateUser(id, { jobTitle: 'Writer' });
    const reset = stage.simulator.faults.add({ path: /\/users\/.*delta/, from: 4, action: 'reset' });
    expect(await stage.sync()).toMatchObject({ exitCode: 1, events: { JobTitleChanged: 3 } });
    expect(reset.hits()).toBeGreaterThan(0);
    reset.remove();
    await stage.reopen({ preferences: mapped });
    stage.simulator.requests.reset();
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 6, linked: 6 } });
    expect(facts(report)).toMatchObject({ ResyncRequired: 1, JobTitleChanged: 3, CustomAttributeChanged: 6 });
    const [first] = stage.simulator.requests.matching({ system: 'graph', path: /\/users\/.*delta/ });
    expect(first?.query).toMatchObject({ $select: expect.stringContaining('employeeId') as unknown });
    for (const id of crew)
      expect(stage.account(id)).toMatchObject({ jobTitle: 'Writer', customFields: { 'Staff no': '4711' } });
    expect((await stage.sync()).events).toEqual({});
  },
);

it.each(tenants)(
  'FC-28 a property that does not exist is named and left out of the initial read of %s; all else goes on',
  async (_, company) => {
    const warned: Array<Readonly<Record<string, unknown>>> = [];
    const stage = await openStage({
      graph: calm,
      company,
      learnAmp,
      preferences: { customFields: { shoeSize: 'Shoe', employeeId: 'Staff no' } },
      logger: { debug: () => undefined, info: () => undefined, warn: (said) => warned.push(said) },
    });
    const crew = stage.crew(5, { employeeId: '4711' });
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 5, linked: 5 } });
    expect(leftOut(report)).toEqual(['shoeSize']);
    expect(warned).toEqual([{ attributes: ['shoeSize'] }]);
    for (const id of crew) expect(stage.account(id).customFields).toEqual({ 'Staff no': '4711' });

    // Known from now on, in a new process too: nobody asks for it, nothing is appended, and the report still names it.
    await stage.reopen();
    stage.simulator.requests.reset();
    const quiet = await stage.sync();
    expect(quiet.events).toEqual({});
    expect(leftOut(quiet)).toEqual(['shoeSize']);
    expect(refusals(stage)).toBe(0);
    expect(warned).toHaveLength(1);

    const ann = stage.hire('Ann Lee', { employeeId: '4712' });
    expect((await stage.sync()).exitCode).toBe(0);
    expect(stage.account(ann).customFields).toEqual({ 'Staff no': '4712' });
    expect(refusals(stage)).toBe(0);
  },
);

it('FC-28 a new property that is refused leaves the query as it was: nothing is read again', async () => {
  const stage = await openStage({ graph: calm, learnAmp });
  stage.crew(5);
  await stage.sync();
  stage.newWrites();
  await stage.reopen({ preferences: { customFields: { shoeSize: 'Shoe' } } });
  const report = await stage.sync();
  expect(report).toMatchObject({ exitCode: 0, commands: none });
  expect(facts(report)).toEqual({});
  expect(leftOut(report)).toEqual(['shoeSize']);
  // The daily full cycle asks again, and is refused again: no more than that.
  const full = await stage.sync({ full: true });
  expect(full.events).not.toHaveProperty('ResyncRequired');
  expect(leftOut(full)).toEqual(['shoeSize']);
  expect(stage.newWrites()).toEqual([]);
});

const places = [
  ['everywhere, by name', /\/users\//, words.named],
  ['everywhere, without a name', /\/users\//, words.unnamed],
  ['by users/delta alone', /\/users\/.*delta/, words.named],
  ['by users/delta alone, without a name', /\/users\/.*delta/, words.unnamed],
  ['by direct reads alone', /\/users\/[0-9a-f-]{36}$/, words.named],
  ['by direct reads alone, without a name', /\/users\/[0-9a-f-]{36}$/, words.unnamed],
] as const;

it.each(places)(
  'FC-28 what is refused later (%s) is absent and not empty: nothing is cleared, and it comes back once it is accepted',
  async (_, path, say) => {
    const company = { ...nobody, outsiders: 60 };
    const preferences = { customFields: { employeeId: 'Staff no', city: 'Shoe' } };
    const stage = await openStage({ graph: calm, company, learnAmp, preferences });
    const [ann = '', ...others] = stage.crew(4, { employeeId: '4711', city: 'Lisbon', jobTitle: 'Engineer' });
    await stage.sync();
    stage.newWrites();
    const refused = refuse(stage, 'employeeId', say, path);
    const full = await stage.sync({ full: true });
    expect(refused.hits()).toBeGreaterThan(0);
    expect(full).toMatchObject({ exitCode: 0, commands: none });
    expect(leftOut(full)).toEqual(['employeeId']);
    for (const report of [full, await stage.sync()]) {
      expect(report.events).not.toHaveProperty('CustomAttributeChanged');
      expect(report.events).not.toHaveProperty('UserLeftGroup');
    }
    expect(stage.newWrites()).toEqual([]);

    // Everything else goes on: changes and new people.
    stage.directory.updateUser(ann, { jobTitle: 'Architect', city: 'Porto', employeeId: '4712' });
    const bea = stage.hire('Bea Boss', { employeeId: '4713', city: 'Faro' });
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 5 } });
    expect(stage.account(ann)).toMatchObject({
      jobTitle: 'Architect',
      customFields: { 'Staff no': '4711', Shoe: 'Porto' },
    });
    expect(stage.account(bea).customFields).toEqual({ Shoe: 'Faro' });
    expect((await stage.sync()).events).toEqual({});

    refused.remove();
    expect((await stage.sync()).events).toEqual({});
    const again = await stage.sync({ full: true });
    expect(leftOut(again)).toEqual([]);
    expect(again.events['CustomAttributeChanged']).toBe(2);
    expect(succeeded(again)).toEqual({ SetCustomFields: 2 });
    expect(stage.account(ann).customFields).toEqual({ 'Staff no': '4712', Shoe: 'Porto' });
    expect(stage.account(bea).customFields).toEqual({ 'Staff no': '4713', Shoe: 'Faro' });
    for (const id of others) expect(stage.account(id).customFields).toEqual({ 'Staff no': '4711', Shoe: 'Lisbon' });
    expect((await stage.sync()).events).toEqual({});
  },
);

it('FC-28 a standard property that is refused, such as the hire date, is left out likewise', async () => {
  const stage = await openStage({ graph: calm });
  const [ann = ''] = stage.crew(4, { employeeHireDate: '2024-03-01T00:00:00Z', jobTitle: 'Engineer' });
  await stage.sync();
  const refused = refuse(stage, 'employeeHireDate');
  const full = await stage.sync({ full: true });
  expect(full).toMatchObject({ exitCode: 0, commands: none });
  expect(leftOut(full)).toEqual(['employeeHireDate']);
  stage.directory.updateUser(ann, { jobTitle: 'Architect' });
  await stage.sync();
  expect(stage.account(ann)).toMatchObject({ jobTitle: 'Architect', hireDate: '2024-03-01' });
  refused.remove();
  stage.directory.updateUser(ann, { employeeHireDate: null });
  expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 0 });
  expect(stage.account(ann).hireDate).toBeNull();
});

it('FC-28 a query that is refused whatever it selects fails, and is nothing that somebody has lost', async () => {
  const stage = await openStage({ graph: calm, preferences: mapped, learnAmp });
  stage.crew(4, { employeeId: '4711' });
  await stage.sync();
  stage.newWrites();
  for (const property of ['id', 'userPrincipalName']) {
    const refused = refuse(stage, property);
    const report = await stage.sync({ full: true });
    expect(refused.hits()).toBeGreaterThan(0);
    expect(report).toMatchObject({ exitCode: 1, error: { code: 'graph-protocol' }, people: { inScope: 4 } });
    expect(leftOut(report)).toEqual([]);
    refused.remove();
  }
  expect(stage.newWrites()).toEqual([]);
  expect((await stage.sync({ full: true })).exitCode).toBe(0);
});

it.each([
  ['a field filled from a property that is read anyway', { customFields: { jobTitle: 'Staff no' } }, 'SetCustomFields'],
  [
    'a detail taken from another property that is read anyway',
    { attributes: { jobTitle: 'department' } },
    'UpdateProfile',
  ],
  ['what is read and not written any more', { attributes: { jobTitle: null } }, undefined],
])(
  'FC-28 %s needs nothing that was not asked for: no round begins anew, and everybody has it',
  async (...[, preferences, sent]) => {
    const stage = await openStage({ graph: calm, learnAmp });
    const crew = stage.crew(5, { jobTitle: 'Engineer', department: 'Sales' });
    await stage.sync();
    stage.newWrites();
    await stage.reopen({ preferences });
    stage.simulator.requests.reset();
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 5, linked: 5 } });
    // New settings are recorded with the first thing that there is to record.
    expect(report.events['PreferencesChanged']).toBe(sent === undefined ? undefined : 1);
    expect(report.events).not.toHaveProperty('ResyncRequired');
    expect(facts(report)).not.toHaveProperty('CustomAttributeChanged');
    expect(succeeded(report)).toEqual(sent === undefined ? {} : { [sent]: crew.length });
    // By the recorded links, one request each, and nobody's profile.
    const asked = stage.simulator.requests.matching({ system: 'graph' });
    expect(asked.map(({ query }) => Object.keys(query).map((name) => name.toLowerCase()))).toEqual(
      asked.map(() => ['$deltatoken']),
    );
    expect((await stage.sync()).events).toEqual({});
  },
);

it('FC-28 the links of one address of Graph are not used at another: every cursor starts from the beginning, and nothing else happens', async () => {
  const stage = await openStage({ graph: calm });
  const crew = stage.crew(6, { jobTitle: 'Engineer' });
  await stage.sync();
  stage.newWrites();
  const { cursors } = await stage.engine().status();
  const { graphUrl } = stage.simulator;
  const other = graphUrl.replace('127.0.0.1', 'localhost');
  expect(other).not.toBe(graphUrl);
  stage.simulator.faults.add({
    system: 'graph',
    path: /delta/,
    action: {
      rewrite: (response) => {
        const text = JSON.stringify(response.body).replaceAll(graphUrl, other);
        return { ...response, body: JSON.parse(text) as unknown };
      },
    },
  });
  stage.leave(crew[5] ?? '');
  await stage.reopen({ graphUrl: other });
  stage.simulator.requests.reset();
  const report = await stage.sync();
  expect(report).toMatchObject({ exitCode: 0, people: { inScope: 5, linked: 5 } });
  expect(facts(report)).toMatchObject({ ResyncRequired: cursors.length, UserLeftGroup: 1, LeaveConfirmed: 1 });
  const said = (await stage.events('ResyncRequired')).map(({ data }) => data as { readonly reason: string });
  expect(said.map(({ reason }) => reason)).toEqual(cursors.map(() => 'query-changed'));
  const tokens = stage.simulator.requests
    .matching({ system: 'graph', path: /delta/ })
    .flatMap(({ query }) => query['$deltatoken'] ?? query['$deltaToken'] ?? []);
  expect(tokens).toEqual(['latest']);
  expect(succeeded(report)).toEqual({ DeactivateUser: 1 });
  expect((await stage.sync()).events).toEqual({});
});
