import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Simulator, type SimulatorOptions, startSimulator } from '../simulator.js';

const closing: (() => Promise<void>)[] = [];
const start = async (options: Partial<SimulatorOptions> = {}): Promise<Simulator> => {
  const simulator = await startSimulator({ seed: 11, company: { people: 20 }, ...options });
  closing.push(simulator.close);
  return simulator;
};
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

type Json = Record<string, unknown>;
type List = { value: Json[]; '@odata.nextLink'?: string; '@odata.count'?: number };
const anyText: unknown = expect.any(String);
const eventual = { consistencylevel: 'eventual' };

const call = async (simulator: Simulator, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(path.startsWith('http') ? path : `${simulator.graphUrl}/${path}`, {
    ...init,
    headers: { authorization: `Bearer ${simulator.graphToken()}`, ...(init.headers as Record<string, string>) },
  });
const read = async <T = Json>(simulator: Simulator, path: string, headers: Record<string, string> = {}): Promise<T> => {
  const response = await call(simulator, path, { headers });
  expect(response.status).toBe(200);
  return (await response.json()) as T;
};
const post = (simulator: Simulator, path: string, body: unknown): Promise<Response> =>
  call(simulator, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const all = async (simulator: Simulator, path: string, headers: Record<string, string> = {}): Promise<Json[]> => {
  const found: Json[] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const page: List = await read<List>(simulator, next, headers);
    found.push(...page.value);
    next = page['@odata.nextLink'];
  }
  return found;
};

const signIn = (
  simulator: Simulator,
  changes: Record<string, string> = {},
  tenant = simulator.tenantId,
): Promise<Response> =>
  fetch(`${simulator.authorityUrl}/${tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: simulator.clientId,
      client_secret: simulator.clientSecret,
      scope: 'https://graph.microsoft.com/.default',
      ...changes,
    }),
  });

describe('signing in', () => {
  it('gives a bearer that opens Graph until it expires', async () => {
    const simulator = await start();
    const token = (await (await signIn(simulator)).json()) as { access_token: string; expires_in: number };
    const use = (): Promise<Response> =>
      fetch(`${simulator.graphUrl}/organization`, { headers: { authorization: `Bearer ${token.access_token}` } });
    expect((await use()).status).toBe(200);
    simulator.advanceClock(token.expires_in * 1000 + 1);
    const late = await use();
    expect(late.status).toBe(401);
    expect(await late.json()).toMatchObject({
      error: { code: 'InvalidAuthenticationToken', innerError: { 'request-id': anyText } },
    });
    expect(simulator.requests.counts()).toEqual({ graph: 2, learnAmp: 0, token: 1 });
  });

  it.each([
    [{ client_secret: 'wrong' }, 401, 'invalid_client', 7000215],
    [{ client_id: 'wrong' }, 400, 'unauthorized_client', 700016],
    [{ scope: 'User.Read' }, 400, 'invalid_scope', 70011],
    [{ grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
  ])('%o is refused with %i %s', async (changes, status, error, code) => {
    const simulator = await start();
    const response = await signIn(simulator, changes);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      error,
      error_codes: [code],
      error_description: anyText,
      trace_id: anyText,
    });
  });

  it('knows one tenant only', async () => {
    const simulator = await start();
    const response = await signIn(simulator, {}, '00000000-0000-4000-8000-000000000000');
    expect(await response.json()).toMatchObject({ error_codes: [90002] });
  });
});

describe('reading users', () => {
  it('prints what is selected and empty as null, expands the manager, and echoes the client request id', async () => {
    const simulator = await start();
    const [boss = '', id = ''] = simulator.company.people;
    simulator.directory.updateUser(id, { jobTitle: null });
    simulator.directory.setManager(id, boss);
    const response = await call(simulator, `users/${id}?$select=id,jobTitle,employeeType&$expand=manager($select=id)`, {
      headers: { 'client-request-id': 'mine' },
    });
    expect(response.headers.get('client-request-id')).toBe('mine');
    expect(await response.json()).toMatchObject({ id, jobTitle: null, employeeType: null, manager: { id: boss } });
  });

  it('finds guests by their encoded principal name, and nobody who was deleted', async () => {
    const simulator = await start();
    const { guestId = '' } = simulator.company;
    const name = simulator.directory.user(guestId).properties.userPrincipalName!;
    expect(await read(simulator, `users/${encodeURIComponent(name)}`)).toMatchObject({ id: guestId });
    simulator.directory.deleteUser(guestId);
    const response = await call(simulator, `users/${guestId}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'Request_ResourceNotFound' } });
    const [deleted] = await all(simulator, 'directory/deletedItems/microsoft.graph.user');
    expect(deleted).toMatchObject({ id: guestId, userPrincipalName: `${guestId.replaceAll('-', '')}${name}` });
  });

  it('lists everybody over pages of the size asked for, and counts with the header only', async () => {
    const simulator = await start();
    const users = await all(simulator, 'users?$top=7&$select=id&$expand=manager($select=id)');
    expect(users.map(({ id }) => id)).toEqual(
      simulator.directory
        .users()
        .map(({ id }) => id)
        .sort(),
    );
    expect((await call(simulator, 'users/$count')).status).toBe(400);
    const counted = await call(simulator, 'users/$count', { headers: eventual });
    expect(await counted.text()).toBe(String(simulator.directory.users().length));
    expect((await call(simulator, 'users?$top=1000')).status).toBe(400);
  });

  it('a missing manager is a 404 that names the manager; reports are the other end of the edge', async () => {
    const simulator = await start();
    const [boss = '', id = ''] = simulator.company.people;
    simulator.directory.setManager(id, boss);
    expect(await read(simulator, `users/${id}/manager`)).toMatchObject({
      '@odata.type': '#microsoft.graph.user',
      id: boss,
    });
    const none = await call(simulator, `users/${boss}/manager`);
    expect(none.status).toBe(404);
    expect(((await none.json()) as { error: { message: string } }).error.message).toContain('manager');
    expect((await all(simulator, `users/${boss}/directReports`)).map((report) => report['id'])).toContain(id);
  });
});

describe('reading groups', () => {
  it('transitive members are the groups as well; a cast needs the header and the count', async () => {
    const simulator = await start({ company: { people: 20, cycle: true } });
    const { scopeGroupId, company, directory } = simulator;
    const members = await all(simulator, `groups/${scopeGroupId}/transitiveMembers?$select=id`);
    expect(members.map(({ id }) => id)).toContain(company.groups.interns);
    const cast = `groups/${scopeGroupId}/transitiveMembers/microsoft.graph.user?$count=true&$select=id&$top=6`;
    expect((await call(simulator, cast)).status).toBe(400);
    const users = await all(simulator, cast, eventual);
    expect(new Set(users.map(({ id }) => id))).toEqual(directory.reachableUsers());
    expect((await read<List>(simulator, cast, eventual))['@odata.count']).toBe(directory.reachableUsers().size);
    const count = await call(simulator, `groups/${scopeGroupId}/transitiveMembers/microsoft.graph.user/$count`, {
      headers: eventual,
    });
    expect(await count.text()).toBe(String(directory.reachableUsers().size));
  });

  it('members are direct ones of every kind but service principals', async () => {
    const simulator = await start();
    const kinds = async (group: string): Promise<Set<unknown>> =>
      new Set((await all(simulator, `groups/${group}/members`)).map((member) => member['@odata.type']));
    expect(await kinds(simulator.company.groups.europe)).toContain('#microsoft.graph.device');
    expect(await kinds(simulator.company.groups.europe)).not.toContain('#microsoft.graph.servicePrincipal');
    expect(await kinds(simulator.company.groups.americas)).toContain('#microsoft.graph.orgContact');
  });

  it('checkMemberGroups is transitive; a deleted person, an unknown group and 21 ids fail', async () => {
    const simulator = await start();
    const { company, directory, scopeGroupId } = simulator;
    const [, id = ''] = company.people;
    directory.addMember(company.groups.interns, id);
    const check = (groupIds: ReadonlyArray<string>): Promise<Response> =>
      post(simulator, `users/${id}/checkMemberGroups`, { groupIds });
    expect(await (await check([scopeGroupId, company.groups.contractors])).json()).toMatchObject({
      value: [scopeGroupId],
    });
    expect((await check([scopeGroupId, '00000000-0000-4000-8000-000000000000'])).status).toBe(404);
    expect((await check(Array.from({ length: 21 }, () => scopeGroupId))).status).toBe(400);
    directory.deleteUser(id);
    expect((await check([scopeGroupId])).status).toBe(404);
  });

  it('getByIds needs the wide permission and leaves out what it does not know', async () => {
    const simulator = await start();
    const ids = [simulator.company.people[0], simulator.scopeGroupId, '00000000-0000-4000-8000-000000000000'];
    expect((await post(simulator, 'directoryObjects/getByIds', { ids })).status).toBe(403);
    simulator.directory.grant('directory');
    const response = await post(simulator, 'directoryObjects/getByIds', { ids, types: ['user'] });
    expect(((await response.json()) as List).value.map(({ id }) => id)).toEqual([simulator.company.people[0]]);
  });

  it('a deleted group is not found, and so is its membership', async () => {
    const simulator = await start();
    simulator.directory.deleteGroup(simulator.scopeGroupId);
    expect((await call(simulator, `groups/${simulator.scopeGroupId}`)).status).toBe(404);
    expect(simulator.directory.reachableUsers().size).toBe(0);
  });
});

describe('photos', () => {
  it('have an etag per upload, and sizes up to the original', async () => {
    const simulator = await start();
    const [id = ''] = simulator.company.people;
    simulator.directory.setPhoto(id, undefined, { width: 240, height: 240 });
    const first = await read(simulator, `users/${id}/photo`);
    expect(first).toMatchObject({ id: '240X240', '@odata.mediaContentType': 'image/jpeg' });
    expect((await call(simulator, `users/${id}/photos/240x240/$value`)).status).toBe(200);
    expect((await call(simulator, `users/${id}/photos/504x504/$value`)).status).toBe(404);
    const original = await call(simulator, `users/${id}/photo/$value`);
    expect(original.headers.get('content-type')).toBe('image/jpeg');
    simulator.directory.setPhoto(id);
    expect((await read(simulator, `users/${id}/photo`))['@odata.mediaEtag']).not.toBe(first['@odata.mediaEtag']);
  });

  it.each(['404', '1x1'] as const)('nobody is forced to have one (%s)', async (missingPhoto) => {
    const simulator = await start({ graph: { missingPhoto }, company: { people: 5, photos: 0 } });
    const response = await call(simulator, `users/${simulator.company.people[0]}/photo`);
    if (missingPhoto === '404') expect(response.status).toBe(404);
    else expect(await response.json()).toMatchObject({ id: '1X1', '@odata.mediaEtag': '' });
    expect((await call(simulator, `users/${simulator.company.people[0]}/photo/$value`)).status).toBe(404);
  });
});

describe('batches', () => {
  type Answer = { id: string; status: number; headers: Record<string, string>; body: unknown };
  const send = async (simulator: Simulator, requests: ReadonlyArray<Json>): Promise<Answer[]> => {
    const response = await post(simulator, '$batch', { requests });
    expect(response.status).toBe(200);
    return ((await response.json()) as { responses: Answer[] }).responses;
  };
  const item = (id: string, url: string): Json => ({ id, method: 'GET', url });

  it('answers each item on its own, in another order', async () => {
    const simulator = await start();
    const requests = simulator.company.people
      .slice(0, 20)
      .map((id, index) => item(String(index), `/users/${id}?$select=id`));
    const answers = await send(simulator, requests);
    expect(answers.map(({ id }) => id)).not.toEqual(requests.map(({ id }) => id));
    const byId = new Map(answers.map(({ id, body }) => [id, body]));
    for (const [index, id] of simulator.company.people.slice(0, 20).entries()) {
      expect(byId.get(String(index))).toMatchObject({ id });
    }
    expect(simulator.requests.count({ system: 'graph' })).toBe(1);
    expect(simulator.requests.all()[0]?.items).toHaveLength(20);
  });

  it('a fault strikes one item: its status and its Retry-After, while the batch is 200', async () => {
    const simulator = await start();
    const [first, second] = simulator.company.people;
    const fault = simulator.faults.add({
      path: new RegExp(`/users/${second}`),
      times: 1,
      action: {
        status: 429,
        headers: { 'retry-after': '3' },
        body: { error: { code: 'TooManyRequests', message: '' } },
      },
    });
    const requests = [item('a', `users/${first}`), item('b', `users/${second}`)];
    const answers = await send(simulator, requests);
    const limited = answers.find(({ id }) => id === 'b');
    expect(limited?.status).toBe(429);
    expect(Object.entries(limited?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])).toContainEqual([
      'retry-after',
      '3',
    ]);
    expect(answers.find(({ id }) => id === 'a')?.status).toBe(200);
    expect(fault.hits()).toBe(1);
    expect((await send(simulator, requests)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('bytes come as base64, a missing one as 404, and a failed dependency as 424', async () => {
    const simulator = await start({ company: { people: 5, photos: 0 } });
    const [first = '', second = ''] = simulator.company.people;
    simulator.directory.setPhoto(first);
    const answers = await send(simulator, [
      item('photo', `/users/${first}/photo/$value`),
      item('none', `/users/${second}/photo/$value`),
      { ...item('after', '/organization'), dependsOn: ['none'] },
    ]);
    const of = (id: string): Answer | undefined => answers.find((answer) => answer.id === id);
    expect(Buffer.from(of('photo')?.body as string, 'base64').subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    expect(of('none')?.status).toBe(404);
    expect(of('after')?.status).toBe(424);
  });

  it.each([
    ['21 items', Array.from({ length: 21 }, (_, index) => item(String(index), '/organization'))],
    ['two equal ids', [item('a', '/organization'), item('A', '/organization')]],
    ['nothing', []],
    ['a body without a type', [{ ...item('a', '/organization'), method: 'POST', body: {} }]],
  ])('%s is a 400', async (_, requests) => {
    const simulator = await start();
    expect((await post(simulator, '$batch', { requests })).status).toBe(400);
  });
});

describe('subscriptions', () => {
  type Answering = (incoming: IncomingMessage, outgoing: ServerResponse) => void;
  const endpoint = async (answer: Answering): Promise<string> => {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(
      () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    );
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/notifications?tenant=1`;
  };
  const echo: Answering = ({ url }, outgoing) => {
    const token = new URL(url ?? '', 'http://localhost').searchParams.get('validationToken') ?? '';
    outgoing.writeHead(200, { 'content-type': 'text/plain' }).end(token);
  };
  const body = (notificationUrl: string, changes: Json = {}): Json => ({
    changeType: 'updated,deleted',
    notificationUrl,
    resource: '/users',
    expirationDateTime: new Date(Date.now() + 86_400_000).toISOString(),
    clientState: 'secret',
    ...changes,
  });

  it('are made after the handshake, once, and can be renewed, listed without their secret and deleted', async () => {
    const simulator = await start();
    const url = await endpoint(echo);
    const created = await post(simulator, 'subscriptions', body(url));
    expect(created.status).toBe(201);
    const { id } = (await created.json()) as { id: string };
    const again = await post(simulator, 'subscriptions', body(url));
    expect(again.status).toBe(409);
    expect(await again.text()).toContain(id);
    expect((await read<List>(simulator, 'subscriptions')).value).toMatchObject([{ id, clientState: null }]);
    const expirationDateTime = new Date(Date.now() + 2 * 86_400_000).toISOString();
    const renewed = await call(simulator, `subscriptions/${id}`, {
      method: 'PATCH',
      body: JSON.stringify({ expirationDateTime }),
    });
    expect(await renewed.json()).toMatchObject({ expirationDateTime });
    expect((await call(simulator, `subscriptions/${id}/reauthorize`, { method: 'POST' })).status).toBe(204);
    expect((await call(simulator, `subscriptions/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await call(simulator, `subscriptions/${id}`, { method: 'DELETE' })).status).toBe(404);
  });

  it('are gone once expired', async () => {
    const simulator = await start();
    await post(simulator, 'subscriptions', body(await endpoint(echo)));
    expect(simulator.subscriptions.list()).toHaveLength(1);
    simulator.advanceClock(86_400_001);
    expect(simulator.subscriptions.list()).toEqual([]);
  });

  it.each<[string, Answering, Json]>([
    [
      'an endpoint that answers something else',
      (_, outgoing) => outgoing.writeHead(200, { 'content-type': 'text/plain' }).end('no'),
      {},
    ],
    [
      'an endpoint that answers HTML',
      ({ url }, outgoing) => outgoing.writeHead(200, { 'content-type': 'text/html' }).end(url),
      {},
    ],
    ['an endpoint that fails', (_, outgoing) => outgoing.writeHead(500).end(), {}],
    ['the change type created', echo, { changeType: 'created,updated' }],
    ['a life beyond 29 days', echo, { expirationDateTime: new Date(Date.now() + 30 * 86_400_000).toISOString() }],
    ['a resource nobody can subscribe to', echo, { resource: '/me/messages' }],
  ])('are refused for %s', async (_, answer, changes) => {
    const simulator = await start();
    const response = await post(simulator, 'subscriptions', body(await endpoint(answer), changes));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'InvalidRequest' } });
  });

  it('on groups need the wider permission', async () => {
    const simulator = await start();
    simulator.directory.withdraw('group-subscriptions');
    const response = await post(simulator, 'subscriptions', body(await endpoint(echo), { resource: '/groups' }));
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: 'ExtensionError' } });
  });
});
