import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeLearnAmp, type FakeLearnAmp } from '../testing/fake-learn-amp.js';
import { createUser, objectId } from '../testing/made-commands.js';
import { openClient, run } from '../testing/open-client.js';

const byExternalId = `GET /v1/users/by_integration_external_id/${objectId}`;
let fake: FakeLearnAmp;
beforeEach(async () => {
  fake = await startFakeLearnAmp();
});
afterEach(() => fake.close());

/**
 * POST /v1/users
 * FOUND   form-encoded body, fields as named, 201 with the account; `skipInvitation` absent sends a mail
 * FOUND   400 with `error` and `fullErrors`; a taken external id has its own wording
 * ASSUMED a taken e-mail is `fullErrors.email = ["has already been taken"]`; an unknown language is a 400 about `language`
 */
describe('CreateUser', () => {
  it('takes one request that states every field and the invitation', async () => {
    const port = openClient(fake.baseUrl);
    const [outcome] = await run(port, [
      createUser({ identity: { email: 'Ada@Contoso.com', firstName: 'Ada', lastName: 'Byron' } }),
    ]);
    expect(outcome).toMatchObject({
      _tag: 'Succeeded',
      result: 'created',
      account: { email: 'ada@contoso.com', externalId: objectId, status: 'not_invited', hireDate: '2024-02-29' },
    });
    expect(outcome).not.toHaveProperty('dropped');
    expect(fake.calls()).toEqual(['POST /v1/users']);
    expect(port.requestCount()).toBe(1);
    const sent = fake.log.at(-1);
    expect(sent?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(Object.fromEntries(sent?.body ?? [])).toEqual({
      email: 'ada@contoso.com',
      firstName: 'Ada',
      lastName: 'Byron',
      integrationExternalId: objectId,
      jobTitle: 'Engineer',
      department: 'R&D',
      location: 'Köln',
      language: 'de',
      hireDate: '2024-02-29',
      skipInvitation: 'true',
    });
  });

  it('mails only where the command says so', async () => {
    const port = openClient(fake.baseUrl);
    await run(port, [createUser()]);
    expect(fake.mails).toEqual([]);
    const second = { email: 'b@contoso.com', firstName: 'B', lastName: 'B' };
    await run(port, [createUser({ identity: second, externalId: 'other', invite: 'now' })]);
    expect(fake.mails).toEqual(['b@contoso.com']);
    expect(fake.log.at(-1)?.body.get('skipInvitation')).toBe('false');
  });

  it('cannot date an invitation, and sends nothing', async () => {
    const port = openClient(fake.baseUrl);
    expect(await run(port, [createUser({ invite: { on: '2026-04-01' } })])).toEqual([{ _tag: 'Unsupported' }]);
    expect(fake.log).toEqual([]);
  });

  it.each(['confirmed', 'deactivated', 'invite_pending'])(
    'answers with the account that has the e-mail already, %s or not',
    async (status) => {
      const there = fake.addUser({ email: 'ADA@contoso.com', status });
      fake.addUser({ email: 'x-ada@contoso.com' });
      const port = openClient(fake.baseUrl);
      const [outcome] = await run(port, [createUser()]);
      expect(outcome).toMatchObject({ _tag: 'Exists', account: { learnAmpUserId: String(there.id), status } });
      expect(fake.calls()).toEqual(['POST /v1/users', byExternalId, 'GET /v1/users']);
      expect(fake.log.at(-1)?.query.getAll('filters[status][]')).toHaveLength(5);
    },
  );

  it('answers with the account that has the external id already, before it looks at addresses', async () => {
    const there = fake.addUser({ email: 'old@contoso.com', integrationExternalId: objectId });
    const [outcome] = await run(openClient(fake.baseUrl), [createUser()]);
    expect(outcome).toMatchObject({ _tag: 'Exists', account: { learnAmpUserId: String(there.id) } });
    expect(fake.calls()).toEqual(['POST /v1/users', byExternalId]);
  });

  it.each([409, 422])('looks for the person after a %i too', async (status) => {
    const there = fake.addUser({ email: 'ada@contoso.com' });
    fake.plan.before = ({ method }) => (method === 'POST' ? { status, json: { error: 'Conflict' } } : undefined);
    fake.log.length = 0;
    const [outcome] = await run(openClient(fake.baseUrl, { auth: { kind: 'token', token: 't' } }), [createUser()]);
    expect(outcome).toMatchObject({ _tag: 'Exists', account: { learnAmpUserId: String(there.id) } });
  });

  it('says that an address is used elsewhere when this company does not have it', async () => {
    fake.elsewhere.add('ada@contoso.com');
    expect(await run(openClient(fake.baseUrl), [createUser()])).toEqual([
      { _tag: 'Rejected', code: 'email_used_elsewhere', fields: ['email'] },
    ]);
  });

  it('says that an external id is taken when no account shows it', async () => {
    fake.plan.before = ({ path, method }) =>
      path === '/v1/users' && method === 'POST'
        ? { status: 400, json: { error: 'Validation failed: Integration external id has already been taken' } }
        : undefined;
    expect(await run(openClient(fake.baseUrl), [createUser()])).toEqual([
      { _tag: 'Rejected', code: 'duplicate_external_id', fields: ['integrationExternalId'] },
    ]);
  });

  it('creates the person without a language that Learn Amp does not offer', async () => {
    const port = openClient(fake.baseUrl);
    const [outcome] = await run(port, [createUser({ profile: { language: 'tr', jobTitle: 'Engineer' } })]);
    expect(outcome).toMatchObject({
      _tag: 'Succeeded',
      result: 'created',
      account: { language: 'en', jobTitle: 'Engineer' },
      dropped: ['language'],
    });
    expect(fake.calls()).toEqual(['POST /v1/users', 'POST /v1/users']);
  });

  it('names the fields of a refusal, and nothing of its text', async () => {
    fake.plan.before = ({ path, method }) =>
      path === '/v1/users' && method === 'POST'
        ? { status: 400, json: { error: 'firstName is missing, lastName is too long (Byron)' } }
        : undefined;
    expect(await run(openClient(fake.baseUrl), [createUser()])).toEqual([
      { _tag: 'Rejected', code: 'validation', fields: ['firstName', 'lastName'] },
    ]);
  });

  it('writes the id to the chosen custom field, and tells when there is no such field', async () => {
    const port = openClient(fake.baseUrl, { externalId: { customField: 'Employee ID' } });
    const [outcome] = await run(port, [createUser()]);
    expect(outcome).toMatchObject({ _tag: 'Succeeded', account: { externalId: objectId } });
    expect(fake.log.at(-1)?.body.get('customFields[][name]')).toBe('Employee ID');
    expect(fake.log.at(-1)?.body.has('integrationExternalId')).toBe(false);
    const wrong = openClient(fake.baseUrl, { externalId: { customField: 'Nope' } });
    const other = { email: 'b@contoso.com', firstName: 'B', lastName: 'B' };
    expect(await run(wrong, [createUser({ identity: other })])).toEqual([
      { _tag: 'Rejected', code: 'unknown_custom_field', fields: ['Nope'] },
    ]);
  });
});

describe('CreateUser whose answer was lost', () => {
  const lost = ({ method, path }: { method: string; path: string }) => method === 'POST' && path === '/v1/users';

  it.each([
    ['a reset', 'reset' as const],
    ['a 500', { status: 500, json: { error: 'Oops' } }],
    ['a 503', { status: 503, text: '<html>' }],
    ['a 201 that is no JSON', { status: 201, text: '<html>' }],
    ['a 201 without the account', { status: 201, json: { ok: true } }],
  ])('is found by its external id after %s, and sent once', async (_name, fault) => {
    fake.plan.after = (request) => (lost(request) ? fault : undefined);
    const [outcome] = await run(openClient(fake.baseUrl), [createUser({ invite: 'now' })]);
    expect(outcome).toMatchObject({ _tag: 'Succeeded', result: 'found', account: { externalId: objectId } });
    expect(fake.calls()).toEqual(['POST /v1/users', byExternalId]);
    expect(fake.users.size).toBe(1);
    expect(fake.mails).toHaveLength(1);
  });

  it('is found by its external id even where answers do not repeat the id', async () => {
    const hide = (json: unknown) => ({ ...(json as object), integrationExternalId: undefined });
    fake.plan.after = (request, reply) => {
      if (lost(request)) return 'reset';
      return request.path.includes('/by_integration_external_id/') ? { ...reply, json: hide(reply.json) } : undefined;
    };
    const [outcome] = await run(openClient(fake.baseUrl), [createUser()]);
    expect(outcome).toMatchObject({ _tag: 'Succeeded', result: 'found' });
  });

  it('is found after a silence longer than the patience allows', async () => {
    fake.plan.after = (request) => (lost(request) ? 'silent' : undefined);
    const [outcome] = await run(openClient(fake.baseUrl, { patienceMs: 2000 }), [createUser()]);
    expect(outcome).toMatchObject({ _tag: 'Succeeded', result: 'found' });
    expect(fake.users.size).toBe(1);
  });

  it('is looked for once more when it is not there yet', async () => {
    const port = openClient(fake.baseUrl);
    let looks = 0;
    fake.plan.before = (request) => {
      if (lost(request)) return 'reset';
      if (request.path === '/v1/users' && (looks += 1) === 1)
        fake.addUser({ email: 'ada@contoso.com', integrationExternalId: objectId });
      return undefined;
    };
    fake.plan.after = (request) =>
      request.path === '/v1/users' && looks === 1 ? { status: 200, json: { users: [] } } : undefined;
    const [outcome] = await run(port, [createUser()]);
    expect(outcome).toMatchObject({ _tag: 'Succeeded', result: 'found' });
    expect(port.waits).toEqual([2000]);
  });

  it('stays unknown when it is not there, and is not sent again', async () => {
    fake.plan.before = (request) => (lost(request) ? 'reset' : undefined);
    expect(await run(openClient(fake.baseUrl), [createUser()])).toEqual([{ _tag: 'Unknown' }]);
    expect(fake.calls().filter((call) => call === 'POST /v1/users')).toHaveLength(1);
  });

  it('is no adoption: another account with the address is reported as there', async () => {
    fake.addUser({ email: 'ada@contoso.com' });
    fake.plan.before = (request) => (lost(request) ? 'reset' : undefined);
    const [outcome] = await run(openClient(fake.baseUrl), [createUser()]);
    expect(outcome).toMatchObject({ _tag: 'Exists' });
  });

  it('without an external id, is recognised by being exactly what was sent', async () => {
    fake.plan.after = (request) => (lost(request) ? 'reset' : undefined);
    const [ours] = await run(openClient(fake.baseUrl, { externalId: 'none' }), [createUser()]);
    expect(ours).toMatchObject({ _tag: 'Succeeded', result: 'found' });
    for (const user of fake.users.values()) user.status = 'confirmed';
    const [theirs] = await run(openClient(fake.baseUrl, { externalId: 'none' }), [createUser()]);
    expect(theirs).toMatchObject({ _tag: 'Exists' });
  });

  it('dispatched again, looks before it creates', async () => {
    const port = openClient(fake.baseUrl);
    const [created] = await run(port, [createUser({ invite: 'now' })], { unknown: true });
    expect(created).toMatchObject({ _tag: 'Succeeded', result: 'created' });
    expect(fake.calls()).toEqual([byExternalId, 'GET /v1/users', 'POST /v1/users']);
    const [found] = await run(port, [createUser({ invite: 'now' })], { unknown: true });
    expect(found).toMatchObject({ _tag: 'Succeeded', result: 'found' });
    expect(fake.mails).toHaveLength(1);
  });

  it('stays unknown when Learn Amp cannot be asked either', async () => {
    fake.plan.before = ({ path }) => (path === '/oauth/token' ? undefined : { status: 503 });
    expect(await run(openClient(fake.baseUrl), [createUser()])).toEqual([{ _tag: 'Unknown' }]);
  });
});

describe('CreateUser that is refused in a way nobody expects', () => {
  const isCreation = ({ method, path }: { method: string; path: string }) => method === 'POST' && path === '/v1/users';
  const refusedAlone = [{ _tag: 'Rejected', code: 'protocol', fields: [] }];

  it.each([404, 405, 410, 415])('is this person alone where Learn Amp answers %i without a word', async (status) => {
    fake.plan.before = (request) => (isCreation(request) ? { status, text: '<html>' } : undefined);
    expect(await run(openClient(fake.baseUrl), [createUser()])).toEqual(refusedAlone);
  });

  it('is this person alone where Learn Amp answers 404 as it does for what is not there', async () => {
    fake.plan.before = (request) => (isCreation(request) ? { status: 404, json: { error: 'Not found' } } : undefined);
    expect(await run(openClient(fake.baseUrl), [createUser()])).toEqual(refusedAlone);
    expect(await run(openClient(fake.baseUrl), [createUser()], { unknown: true })).toEqual(refusedAlone);
  });

  it('is this person alone where their address cannot be looked up either', async () => {
    fake.plan.before = ({ path }) => (path === '/v1/users' ? { status: 422, json: { error: 'odd email' } } : undefined);
    expect(await run(openClient(fake.baseUrl), [createUser()])).toEqual(refusedAlone);
    expect(await run(openClient(fake.baseUrl), [createUser()], { unknown: true })).toEqual(refusedAlone);
  });

  it('is the whole run where nobody can be looked up at that address', async () => {
    fake.plan.before = ({ path }) =>
      path.startsWith('/v1/') ? { status: 404, json: { error: 'no such route' } } : undefined;
    expect(await run(openClient(fake.baseUrl), [createUser()])).toMatchObject([
      { _tag: 'Failed', failure: { _tag: 'LearnAmpProtocol' } },
    ]);
  });
});
