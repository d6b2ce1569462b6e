import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeChecks, notFound, pairs } from './fake-checks.js';
import type { FakeTeam, FakeUser, Fault, Plan, Recorded, Reply } from './fake-records.js';

/**
 * Learn Amp's API on loopback, as its public reference describes it (https://developers.learnamp.com), for the tests of
 * this package. Where the reference is silent the test that relies on a behaviour says "ASSUMED".
 */
export type { FakeUser, Fault, Recorded, Reply } from './fake-records.js';

const statusTexts: Record<string, string> = {
  not_invited: 'Not yet invited',
  invite_pending: 'Invite pending',
  confirmed: 'Confirmed',
  deactivated: 'Deactivated',
};
export const startFakeLearnAmp = async () => {
  const users = new Map<number, FakeUser>();
  const teams = new Map<number, FakeTeam>();
  const elsewhere = new Set<string>();
  const log: Array<Recorded> = [];
  const mails: Array<string> = [];
  const plan: Plan = {};
  const options = { pageSize: 1000, pageHeaders: true, listsDeactivated: true, ignoresPage: false };
  let tokens = 0;
  let nextId = 100;

  const show = (user: FakeUser): unknown => {
    const team = user.primaryTeamId === null ? undefined : teams.get(user.primaryTeamId);
    const manager = user.managerId === null ? undefined : users.get(user.managerId);
    return {
      ...user,
      primaryTeamId: undefined,
      managerId: undefined,
      timeZone: 'London',
      status: { status: statusTexts[user.status] ?? user.status, time: 'On 29 Nov 16' },
      primaryTeam: team === undefined ? null : { id: team.id, name: team.name, teamUsersCount: 1 },
      manager: manager === undefined ? null : { id: manager.id, email: manager.email },
      secondaryTeams: [],
      customFields: Object.entries(user.customFields).map(([name, value]) => ({ name, value })),
    };
  };

  const paged = (request: Recorded, key: string, items: ReadonlyArray<unknown>): Reply => {
    const size = Math.min(options.pageSize, Number(request.query.get('perPage') ?? 10));
    const page = options.ignoresPage ? 1 : Number(request.query.get('page') ?? 1);
    const total = {
      Total: String(items.length),
      'Per-Page': String(size),
      'Total-Pages': String(Math.ceil(items.length / size)),
    };
    return {
      status: 200,
      json: { [key]: items.slice((page - 1) * size, page * size) },
      ...(options.pageHeaders ? { headers: total } : {}),
    };
  };

  const checksOf = makeChecks({ users, teams, elsewhere });

  const assign = (user: FakeUser, body: URLSearchParams): void => {
    for (const name of ['email', 'firstName', 'lastName', 'language'] as const)
      user[name] = body.get(name) ?? user[name];
    for (const name of ['integrationExternalId', 'jobTitle', 'department', 'location', 'hireDate'] as const)
      if (body.has(name)) user[name] = body.get(name) === '' ? null : body.get(name);
    for (const name of ['primaryTeamId', 'managerId'] as const)
      if (body.has(name)) user[name] = body.get(name) === '' ? null : Number(body.get(name));
    for (const [name, value] of pairs(body)) user.customFields[name] = value === '' ? null : value;
  };

  const addUser = (given: Partial<FakeUser> & { readonly email: string }): FakeUser => {
    const user: FakeUser = {
      id: (nextId += 1),
      firstName: 'Ada',
      lastName: 'Byron',
      integrationExternalId: null,
      status: 'confirmed',
      role: 'viewer',
      jobTitle: null,
      department: null,
      location: null,
      language: 'en',
      hireDate: null,
      primaryTeamId: null,
      managerId: null,
      customFields: {},
      ...given,
    };
    users.set(user.id, user);
    return user;
  };
  const addTeam = (name: string, integrationExternalId: string | null = null): FakeTeam => {
    const team = { id: (nextId += 1), name, integrationExternalId };
    teams.set(team.id, team);
    return team;
  };

  const listUsers = (request: Recorded): Reply => {
    const statuses = request.query.getAll('filters[status][]');
    const email = request.query.get('filters[email]')?.toLowerCase();
    const role = request.query.get('filters[role]');
    const listed = [...users.values()].filter(
      (user) =>
        (statuses.length === 0
          ? options.listsDeactivated || user.status !== 'deactivated'
          : statuses.includes(user.status)) &&
        (role === null || user.role.toLowerCase().replace(' ', '_') === role) &&
        // ASSUMED: may match a part, so that the client has to compare.
        (email === undefined || user.email.toLowerCase().includes(email)),
    );
    return paged(request, 'users', listed.map(show));
  };

  const createUser = ({ body }: Recorded): Reply => {
    const bad = checksOf(body, undefined);
    if (bad !== undefined) return bad;
    const user = addUser({ email: body.get('email') ?? '', status: 'not_invited' });
    assign(user, body);
    if (body.get('skipInvitation') !== 'true') {
      user.status = 'invite_pending';
      mails.push(user.email);
    }
    return { status: 201, json: show(user) };
  };

  const onUser = ({ method, path, body }: Recorded): Reply => {
    const [, , , segment = '', action, ...rest] = path.split('/');
    if (segment === 'by_integration_external_id') {
      const external = decodeURIComponent([action, ...rest].join('/'));
      const user = [...users.values()].find((one) => one.integrationExternalId === external);
      return user === undefined ? notFound : { status: 200, json: show(user) };
    }
    const user = users.get(Number(segment));
    if (user === undefined) return notFound;
    if (method === 'GET') return { status: 200, json: show(user) };
    if (action === 'deactivate' || action === 'reactivate') {
      user.status = action === 'deactivate' ? 'deactivated' : 'confirmed';
      return { status: 204 };
    }
    const bad = checksOf(body, user.id);
    if (bad !== undefined) return bad;
    assign(user, body);
    return { status: 200, json: show(user) };
  };

  const onTeams = (request: Recorded): Reply => {
    const { method, path, query, body } = request;
    if (path.startsWith('/v1/teams/by_external_id/')) {
      const external = decodeURIComponent(path.slice('/v1/teams/by_external_id/'.length));
      const team = [...teams.values()].find((one) => one.integrationExternalId === external);
      return team === undefined ? notFound : { status: 200, json: team };
    }
    if (method === 'GET') {
      const name = query.get('filters[name]')?.toLowerCase();
      return paged(
        request,
        'teams',
        [...teams.values()].filter((team) => name === undefined || team.name.toLowerCase().includes(name)),
      );
    }
    const external = body.get('integrationExternalId');
    if ([...teams.values()].some((team) => team.integrationExternalId === external))
      return {
        status: 400,
        json: {
          error: 'Integration external id has already been taken',
          fullErrors: { integrationExternalId: ['has already been taken'] },
        },
      };
    return { status: 201, json: addTeam(body.get('name') ?? '', external) };
  };

  const route = (request: Recorded): Reply => {
    const { method, path } = request;
    if (path === '/oauth/token') {
      tokens += 1;
      return { status: 200, json: { access_token: `token-${String(tokens)}`, token_type: 'Bearer', expires_in: 7200 } };
    }
    if (request.headers.authorization === undefined) return { status: 401, json: { error: 'Unauthorized' } };
    if (path === '/v1/users') return method === 'GET' ? listUsers(request) : createUser(request);
    if (path.startsWith('/v1/users/')) return onUser(request);
    return path.startsWith('/v1/teams') ? onTeams(request) : notFound;
  };

  const answer = (response: ServerResponse, fault: Fault): void => {
    if (fault === 'reset') response.socket?.destroy();
    else if (fault === 'truncated')
      response.writeHead(200, { 'content-length': '500' }).write('{"id":', () => response.socket?.destroy());
    else if (fault !== 'silent') {
      const text = fault.text ?? (fault.json === undefined ? '' : JSON.stringify(fault.json));
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers }).end(text);
    }
  };

  const server = createServer((incoming, response) => {
    // Node would write the real time, where tests have one of their own.
    response.sendDate = false;
    const chunks: Array<Buffer> = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const url = new URL(incoming.url ?? '/', 'http://fake');
      const text = Buffer.concat(chunks).toString('utf8');
      const request: Recorded = {
        method: incoming.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: incoming.headers,
        text,
        body: new URLSearchParams(text),
      };
      log.push(request);
      const early = plan.before?.(request);
      if (early !== undefined) answer(response, early);
      else {
        const reply = route(request);
        answer(response, plan.after?.(request, reply) ?? reply);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    baseUrl: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    users,
    teams,
    elsewhere,
    mails,
    plan,
    options,
    log,
    addUser,
    addTeam,
    /** Requests but the token's, such as `POST /v1/users`. */
    calls: () => log.filter(({ path }) => path !== '/oauth/token').map(({ method, path }) => `${method} ${path}`),
    tokens: () => tokens,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

export type FakeLearnAmp = Awaited<ReturnType<typeof startFakeLearnAmp>>;
