import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Learn Amp's API on loopback, as its public reference describes it (https://developers.learnamp.com), for the tests of
 * this package. Where the reference is silent the test that relies on a behaviour says "ASSUMED".
 */
export type FakeUser = {
  id: number;
  email: string;
  firstName: string;
  lastName: string;
  integrationExternalId: string | null;
  status: string;
  role: string;
  jobTitle: string | null;
  department: string | null;
  location: string | null;
  language: string;
  hireDate: string | null;
  primaryTeamId: number | null;
  managerId: number | null;
  customFields: Record<string, string | null>;
};
export type FakeTeam = { id: number; name: string; integrationExternalId: string | null };

export type Recorded = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly body: URLSearchParams;
};
export type Reply = {
  readonly status: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
};
/** What a test may do to a request: `before` nothing is applied, `after` the answer is changed or lost although it was. */
export type Fault = Reply | 'reset' | 'silent';
export type Plan = {
  before?: (request: Recorded) => Fault | undefined;
  after?: (request: Recorded, reply: Reply) => Fault | undefined;
};

const statusTexts: Record<string, string> = {
  not_invited: 'Not yet invited',
  invite_pending: 'Invite pending',
  confirmed: 'Confirmed',
  deactivated: 'Deactivated',
};
const offered = ['en', 'de', 'fr', 'es', 'pt-PT'];

const refusal = (fields: Readonly<Record<string, ReadonlyArray<string>>>, prefix = ''): Reply => ({
  status: 400,
  json: {
    error:
      prefix +
      Object.entries(fields)
        .flatMap(([name, messages]) => messages.map((m) => `${name} ${m}`))
        .join(', '),
    fullErrors: fields,
  },
});
const notFound: Reply = { status: 404, json: { error: 'Not found' } };

export const startFakeLearnAmp = async () => {
  const users = new Map<number, FakeUser>();
  const teams = new Map<number, FakeTeam>();
  const elsewhere = new Set<string>();
  const fieldNames = new Set(['Employee ID', 'Cost centre']);
  const required = new Set(['Cost centre']);
  const log: Array<Recorded> = [];
  const mails: Array<string> = [];
  const plan: Plan = {};
  const options = { pageSize: 1000, pageHeaders: true, listsDeactivated: true, ignoresPage: false };
  let tokens = 0;
  let nextId = 100;

  const show = (user: FakeUser): unknown => {
    const team = user.primaryTeamId === null ? undefined : teams.get(user.primaryTeamId);
    const manager = user.managerId === null ? undefined : users.get(user.managerId);
    const { primaryTeamId: _team, managerId: _manager, customFields, ...shown } = user;
    return {
      ...shown,
      timeZone: 'London',
      status: { status: statusTexts[user.status] ?? user.status, time: 'On 29 Nov 16' },
      primaryTeam: team === undefined ? null : { id: team.id, name: team.name, teamUsersCount: 1 },
      manager: manager === undefined ? null : { id: manager.id, email: manager.email },
      secondaryTeams: [],
      customFields: Object.entries(customFields).map(([name, value]) => ({ name, value })),
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

  const pairs = (body: URLSearchParams): ReadonlyArray<readonly [string, string]> => {
    const values = body.getAll('customFields[][value]');
    return body.getAll('customFields[][name]').map((name, index) => [name, values[index] ?? ''] as const);
  };

  const invalid = (body: URLSearchParams, self: number | undefined): Reply | undefined => {
    const missing = ['email', 'firstName', 'lastName'].filter((name) => body.get(name) === null);
    if (missing.length > 0) return refusal(Object.fromEntries(missing.map((name) => [name, ['is missing']])));
    const language = body.get('language');
    if (language !== null && !offered.includes(language)) return refusal({ language: ['does not have a valid value'] });
    const team = body.get('primaryTeamId');
    if (team !== null && team !== '' && !teams.has(Number(team)))
      return refusal({ primaryTeamId: ['must match existing teams IDs'] });
    const manager = body.get('managerId');
    const managerUser = manager === null || manager === '' ? undefined : users.get(Number(manager));
    if (manager !== null && manager !== '' && (managerUser === undefined || managerUser.status === 'deactivated'))
      return { status: 400, json: { error: 'managerId must match an existing user within your company' } };
    if (pairs(body).some(([name]) => !fieldNames.has(name))) return notFound;
    if (pairs(body).some(([name, value]) => required.has(name) && value === ''))
      return {
        status: 400,
        json: { error: "Validation failed: Value can't be blank", fullErrors: { value: ["can't be blank"] } },
      };
    const email = body.get('email')?.toLowerCase() ?? '';
    const others = [...users.values()].filter((user) => user.id !== self);
    if (elsewhere.has(email) || others.some((user) => user.email.toLowerCase() === email))
      return refusal({ email: ['has already been taken'] });
    const external = body.get('integrationExternalId');
    if (external !== null && external !== '' && others.some((user) => user.integrationExternalId === external))
      return {
        status: 400,
        json: {
          error: 'Validation failed: Integration external id has already been taken',
          fullErrors: { integrationExternalId: ['has already been taken'] },
        },
      };
    return undefined;
  };

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
    const listed = [...users.values()].filter(
      (user) =>
        (statuses.length === 0
          ? options.listsDeactivated || user.status !== 'deactivated'
          : statuses.includes(user.status)) &&
        // ASSUMED: may match a part, so that the client has to compare.
        (email === undefined || user.email.toLowerCase().includes(email)),
    );
    return paged(request, 'users', listed.map(show));
  };

  const createUser = ({ body }: Recorded): Reply => {
    const bad = invalid(body, undefined);
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
    const bad = invalid(body, user.id);
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
    else if (fault !== 'silent') {
      const text = fault.text ?? (fault.json === undefined ? '' : JSON.stringify(fault.json));
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers }).end(text);
    }
  };

  const server = createServer((incoming, response) => {
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
      if (early !== undefined) return answer(response, early);
      const reply = route(request);
      answer(response, plan.after?.(request, reply) ?? reply);
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
