import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeLearnAmp, type FakeLearnAmp, type FakeUser } from '../testing/fake-learn-amp.js';
import { commandsFor, objectId } from '../testing/made-commands.js';
import { openClient, run } from '../testing/open-client.js';

let fake: FakeLearnAmp;
let ada: FakeUser;
let put: string;
let about: ReturnType<typeof commandsFor>;
beforeEach(async () => {
  fake = await startFakeLearnAmp();
  ada = fake.addUser({ email: 'ada@contoso.com', jobTitle: 'Clerk', hireDate: '2020-01-01' });
  about = commandsFor(ada.id);
  put = `PUT /v1/users/${String(ada.id)}`;
});
afterEach(() => fake.close());

const get = () => `GET /v1/users/${String(ada.id)}`;
const rejected = (code: string, ...fields: ReadonlyArray<string>) => ({ _tag: 'Rejected', code, fields });

/**
 * PUT /v1/users/{id}
 * FOUND   200 with the account; e-mail and names marked as required; `null` or empty clears the external id and a custom field
 * FOUND   an id in the path that is unknown is 404, one in the body 400; an unknown custom field is 404 as well
 * FOUND   a custom field with presence validation keeps its value: 400, "Value can't be blank"
 * ASSUMED an empty value clears jobTitle, department, location, hireDate and managerId; `managerId` of somebody inactive is a 400 about it
 */
describe('an update', () => {
  it('sets and empties fields, always with e-mail and names, and never invites', async () => {
    const port = openClient(fake.baseUrl);
    const [outcome] = await run(port, [about.update({ department: 'R&D' }, ['jobTitle', 'hireDate'])]);
    expect(outcome).toMatchObject({
      _tag: 'Succeeded',
      result: 'updated',
      account: { department: 'R&D', jobTitle: null, hireDate: null },
    });
    expect(fake.log.at(-1)?.text).toBe(
      'email=ada%40contoso.com&firstName=Ada&lastName=Byron&department=R%26D&jobTitle=&hireDate=&skipInvitation=true',
    );
  });

  it('is written as JSON where the settings say so', async () => {
    const port = openClient(fake.baseUrl, { encoding: 'json' });
    fake.plan.before = ({ method }) => (method === 'PUT' ? { status: 200 } : undefined);
    await run(port, [about.team(15)]);
    await run(port, [about.fields({ 'Employee ID': null })]);
    expect(fake.log.at(-2)?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(fake.log.at(-2)?.text ?? '')).toMatchObject({ primaryTeamId: 15, skipInvitation: true });
    expect(JSON.parse(fake.log.at(-1)?.text ?? '')).toMatchObject({
      customFields: [{ name: 'Employee ID', value: null }],
    });
  });

  it('of several kinds for one account is one request, and each command succeeds', async () => {
    const boss = fake.addUser({ email: 'boss@contoso.com' });
    const team = fake.addTeam('Sales');
    const port = openClient(fake.baseUrl);
    const outcomes = await run(port, [
      about.link(),
      about.update({ jobTitle: 'Engineer' }),
      about.team(team.id),
      about.manager(boss.id),
    ]);
    expect(outcomes.map(({ _tag }) => _tag)).toEqual(['Succeeded', 'Succeeded', 'Succeeded', 'Succeeded']);
    expect(outcomes[3]).toMatchObject({
      account: {
        externalId: objectId,
        jobTitle: 'Engineer',
        primaryTeam: { teamId: String(team.id), name: 'Sales' },
        managerLearnAmpUserId: String(boss.id),
      },
    });
    // The slot is looked at right before our id is written.
    expect(fake.calls()).toEqual([get(), put]);
  });

  it.each(['HR-77', '7d2f9a44-0c1e-4d6b-9f3a-5b8c7e6d5f4a'])(
    'never writes our id over %s, which came into the slot since it was seen empty',
    async (foreign) => {
      ada.integrationExternalId = foreign;
      const outcomes = await run(openClient(fake.baseUrl), [about.link(), about.update({ jobTitle: 'X' })]);
      expect(outcomes).toEqual([rejected('duplicate_external_id', 'integrationExternalId')]);
      expect(fake.calls()).toEqual([get()]);
      expect(ada.integrationExternalId).toBe(foreign);
      // Where the engine alone keeps the link nothing is written, and nothing need be looked at.
      expect(await run(openClient(fake.baseUrl), [about.link(null)])).toMatchObject([{ _tag: 'Succeeded' }]);
      expect(ada.integrationExternalId).toBe(foreign);
    },
  );

  it('names the custom field where that is the place of our id', async () => {
    ada.customFields['Employee ID'] = 'HR-7';
    const port = openClient(fake.baseUrl, { externalId: { customField: 'Employee ID' } });
    expect(await run(port, [about.link()])).toEqual([rejected('duplicate_external_id', 'Employee ID')]);
  });

  it('that was refused as a whole is sent apart, and stops at the command that is at fault', async () => {
    fake.addUser({ email: 'other@contoso.com', integrationExternalId: objectId });
    const port = openClient(fake.baseUrl);
    const outcomes = await run(port, [about.update({ jobTitle: 'Engineer' }), about.link(), about.noManager()]);
    expect(outcomes).toMatchObject([{ _tag: 'Succeeded' }, rejected('duplicate_external_id', 'integrationExternalId')]);
    expect(fake.calls()).toEqual([put, get(), put, put]);
    expect(ada.jobTitle).toBe('Engineer');
  });

  it('of custom fields goes by itself', async () => {
    const port = openClient(fake.baseUrl);
    const outcomes = await run(port, [
      about.update({ jobTitle: 'X' }),
      about.fields({ 'Employee ID': '7' }),
      about.noManager(),
    ]);
    expect(outcomes).toHaveLength(3);
    expect(fake.calls()).toEqual([put, put, put]);
    expect(fake.log[2]?.text).toContain('customFields%5B%5D%5Bname%5D=Employee+ID&customFields%5B%5D%5Bvalue%5D=7');
    expect(ada.customFields).toEqual({ 'Employee ID': '7' });
  });

  it('never sends a role, secondary teams or a time zone', async () => {
    const port = openClient(fake.baseUrl);
    await run(port, [about.link(), about.update({ jobTitle: 'X' }), about.email('a@contoso.com'), about.noManager()]);
    const names = [...(fake.log.at(-1)?.body.keys() ?? [])];
    expect(names).toEqual([
      'email',
      'firstName',
      'lastName',
      'integrationExternalId',
      'jobTitle',
      'managerId',
      'skipInvitation',
    ]);
  });

  it('links without touching the slot when the engine keeps the link, or the slot is not ours', async () => {
    await run(openClient(fake.baseUrl), [about.link(null)]);
    await run(openClient(fake.baseUrl, { externalId: 'none' }), [about.link()]);
    expect(
      fake.log.filter(({ method }) => method === 'PUT').map(({ body }) => body.has('integrationExternalId')),
    ).toEqual([false, false]);
    expect(ada.integrationExternalId).toBeNull();
  });

  it('leaves out a language that is not offered and does the rest', async () => {
    const port = openClient(fake.baseUrl);
    const [outcome] = await run(port, [about.update({ language: 'tr', jobTitle: 'Engineer' })]);
    expect(outcome).toMatchObject({
      _tag: 'Succeeded',
      account: { language: 'en', jobTitle: 'Engineer' },
      dropped: ['language'],
    });
    expect(fake.calls()).toEqual([put, put]);
    const joint = await run(port, [about.update({ language: 'tr' }), about.noManager()]);
    expect(joint.map((each) => each._tag === 'Succeeded' && each.dropped)).toEqual([['language'], undefined]);
  });
});

describe('an update that is refused', () => {
  it('for an account that is gone says so, once', async () => {
    fake.users.delete(ada.id);
    const outcomes = await run(openClient(fake.baseUrl), [about.link(), about.update({ jobTitle: 'X' })]);
    expect(outcomes).toEqual([rejected('not_found')]);
    expect(fake.calls()).toEqual([get()]);
    expect(await run(openClient(fake.baseUrl), [about.update({ jobTitle: 'X' }), about.noManager()])).toEqual([
      rejected('not_found'),
    ]);
    expect(fake.calls()).toEqual([get(), put, get()]);
  });

  it('alone for an account that is gone says so too, also with custom fields', async () => {
    fake.users.delete(ada.id);
    const port = openClient(fake.baseUrl);
    for (const command of [about.noManager(), about.team(1), about.fields({ 'Employee ID': '1' })])
      expect(await run(port, [command])).toEqual([rejected('not_found')]);
  });

  it('with 404 for a custom field that does not exist is no missing person', async () => {
    const outcomes = await run(openClient(fake.baseUrl), [about.fields({ Nope: '1' }), about.noManager()]);
    expect(outcomes).toEqual([rejected('unknown_custom_field', 'Nope')]);
    expect(fake.calls()).toEqual([put, get()]);
  });

  it('names the custom field that does not exist, alone, and writes the others', async () => {
    const some = about.fields({ 'Cost centre': 'A 1', Nope: '1', 'Employee ID': '7', 'Neither this': 'x' });
    expect(await run(openClient(fake.baseUrl), [some, about.noManager()])).toEqual([
      rejected('unknown_custom_field', 'Nope', 'Neither this'),
    ]);
    expect(ada.customFields).toEqual({ 'Cost centre': 'A 1', 'Employee ID': '7' });
  });

  it('tries no field by itself where the account or its address is refused', async () => {
    fake.users.delete(ada.id);
    const some = about.fields({ 'Cost centre': 'A 1', 'Employee ID': '7' });
    expect(await run(openClient(fake.baseUrl), [some])).toEqual([rejected('not_found')]);
    expect(fake.calls()).toEqual([put, get()]);
  });

  it('stops at a custom field without an answer, and leaves the command open', async () => {
    let times = 0;
    fake.plan.before = ({ method }) => (method === 'PUT' && (times += 1) > 2 ? { status: 502 } : undefined);
    const some = about.fields({ 'Cost centre': 'A 1', Nope: '1', 'Employee ID': '7' });
    expect(await run(openClient(fake.baseUrl, { patienceMs: 2000 }), [some])).toEqual([{ _tag: 'Unknown' }]);
  });

  it('for more custom fields than are tried names them all', async () => {
    const many = Object.fromEntries(Array.from({ length: 26 }, (_, n) => [`Field ${String(n)}`, 'x']));
    const [outcome] = await run(openClient(fake.baseUrl), [about.fields(many)]);
    expect(outcome).toEqual(rejected('unknown_custom_field', ...Object.keys(many)));
    expect(fake.calls()).toEqual([put, get()]);
  });

  it('for a custom field that may not be empty names it', async () => {
    const outcomes = await run(openClient(fake.baseUrl), [about.fields({ 'Cost centre': null, 'Employee ID': '1' })]);
    expect(outcomes).toEqual([rejected('required_custom_field', 'Cost centre')]);
  });

  it('for a team that is gone says so', async () => {
    expect(await run(openClient(fake.baseUrl), [about.team(999)])).toEqual([rejected('unknown_team', 'primaryTeamId')]);
  });

  it.each(['deactivated', 'missing'])('for a manager who is %s waits for the manager', async (state) => {
    const boss = fake.addUser({ email: 'boss@contoso.com', status: 'deactivated' });
    if (state === 'missing') fake.users.delete(boss.id);
    expect(await run(openClient(fake.baseUrl), [about.manager(boss.id)])).toEqual([
      { _tag: 'Deferred', on: 'manager-inactive' },
    ]);
  });

  it('for an address tells who holds it: a colleague, or somebody this company cannot see', async () => {
    fake.addUser({ email: 'taken@contoso.com', status: 'deactivated' });
    fake.elsewhere.add('else@contoso.com');
    const port = openClient(fake.baseUrl);
    expect(await run(port, [about.email('Taken@contoso.com')])).toEqual([rejected('duplicate_email', 'email')]);
    expect(await run(port, [about.email('else@contoso.com')])).toEqual([rejected('email_used_elsewhere', 'email')]);
    expect(ada.email).toBe('ada@contoso.com');
  });

  it('by a web page or an unknown status concerns this person alone', async () => {
    fake.plan.before = ({ method }) => (method === 'PUT' ? { status: 400, text: '<html>blocked</html>' } : undefined);
    expect(await run(openClient(fake.baseUrl), [about.update({ jobTitle: '<script>' })])).toEqual([
      rejected('protocol'),
    ]);
    fake.plan.before = ({ method }) =>
      method === 'PUT' ? { status: 418, json: { error: 'jobTitle is silly' } } : undefined;
    expect(await run(openClient(fake.baseUrl), [about.update({ jobTitle: 'x' })])).toEqual([
      rejected('validation', 'jobTitle'),
    ]);
  });
});

describe('an update whose answer was lost', () => {
  it('is sent again, for it sets a state', async () => {
    let times = 0;
    fake.plan.after = ({ method }) =>
      method === 'PUT' && (times += 1) < 3 ? (times === 1 ? 'reset' : { status: 502 }) : undefined;
    const port = openClient(fake.baseUrl);
    expect(await run(port, [about.link(), about.update({ jobTitle: 'X' })])).toMatchObject([
      { _tag: 'Succeeded', result: 'updated' },
      { _tag: 'Succeeded', result: 'updated' },
    ]);
    expect(port.requestCount()).toBe(4);
  });

  it('to the end leaves every command it carried open', async () => {
    fake.plan.after = ({ method }) => (method === 'PUT' ? 'reset' : undefined);
    const outcomes = await run(openClient(fake.baseUrl, { patienceMs: 5000 }), [
      about.link(),
      about.update({ jobTitle: 'X' }),
    ]);
    expect(outcomes).toEqual([{ _tag: 'Unknown' }, { _tag: 'Unknown' }]);
  });

  it.each([
    ['is no JSON', { status: 200, text: '<html>' }],
    ['shows no account', { status: 200, json: { ok: true } }],
    ['shows another account', { status: 200, json: { id: 1, email: 'x@y.z' } }],
  ])('or %s stays open', async (_name, reply) => {
    fake.plan.after = ({ method }) => (method === 'PUT' ? reply : undefined);
    expect(await run(openClient(fake.baseUrl), [about.update({ jobTitle: 'X' })])).toEqual([{ _tag: 'Unknown' }]);
  });

  it('or empty, with a status of success, is a success that shows nothing', async () => {
    fake.plan.after = ({ method }) => (method === 'PUT' ? { status: 204 } : undefined);
    expect(await run(openClient(fake.baseUrl), [about.update({ jobTitle: 'X' })])).toEqual([
      { _tag: 'Succeeded', result: 'updated' },
    ]);
  });

  it('is reported as unknown even if a later attempt was held back', async () => {
    let times = 0;
    fake.plan.before = ({ method }) => {
      if (method !== 'PUT') return undefined;
      times += 1;
      return times === 1 ? { status: 504 } : { status: 429, headers: { 'retry-after': '3600' } };
    };
    expect(await run(openClient(fake.baseUrl), [about.update({ jobTitle: 'X' })])).toEqual([{ _tag: 'Unknown' }]);
  });
});

describe('execute', () => {
  it('answers what has no public endpoint as unsupported and leaves out the rest', async () => {
    const outcomes = await run(openClient(fake.baseUrl), [about.avatar(), about.noManager()]);
    expect(outcomes).toEqual([{ _tag: 'Unsupported' }]);
    expect(fake.log).toEqual([]);
  });
});
