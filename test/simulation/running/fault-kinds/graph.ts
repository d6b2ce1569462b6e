import type {
  FaultAction,
  FaultRule,
  Random,
  SimulatedRequest,
  SimulatedResponse,
} from '@learnamp/directory-sync-simulator';
import { idOf } from '../../../support/simulator-settings.js';
import { nothing, type FaultKind, type Scene } from '../scene.js';

const fault = (name: string, rule: (random: Random, scene: Scene) => Omit<FaultRule, 'system'>): FaultKind => ({
  name,
  meets: 'reads',
  arm: ({ simulator, ...scene }, random) =>
    simulator.faults.add({ system: 'graph', ...rule(random, { simulator, ...scene }) }),
});

const answered = (status: number, code: string, headers: Readonly<Record<string, string>> = {}): FaultAction => ({
  status,
  headers,
  body: { error: { code, message: 'As the simulation wants it.' } },
});

const soon = (random: Random): { readonly nth: number } => ({ nth: random.integer(1, 6) });

/** Every form that `Retry-After` was seen in, or not at all (throttling; RFC 9110 10.2.3). */
const retryAfter: Readonly<Record<string, (random: Random, now: Date) => Readonly<Record<string, string>>>> = {
  seconds: (random) => ({ 'retry-after': String(random.integer(1, 30)) }),
  'capital-letters': (random) => ({ 'Retry-After': String(random.integer(1, 30)) }),
  date: (_random, now) => ({ 'retry-after': new Date(now.getTime() + 20_000).toUTCString() }),
  'date-gone-by': (_random, now) => ({ 'retry-after': new Date(now.getTime() - 60_000).toUTCString() }),
  absent: () => ({}),
  zero: () => ({ 'retry-after': '0' }),
  negative: () => ({ 'retry-after': '-5' }),
  nonsense: () => ({ 'retry-after': 'soon' }),
  long: () => ({ 'retry-after': '900' }),
};

const retryAfterKinds = Object.entries(retryAfter).map(([form, headers]) =>
  fault(`graph-retry-after-${form}`, (random, { scheduler }) => ({
    nth: random.integer(1, 4),
    action: answered(random.pick([429, 429, 503]), 'TooManyRequests', headers(random, scheduler.now())),
  })),
);

const delta = /delta/i;
const bodyOf = ({ body }: SimulatedResponse): Readonly<Record<string, unknown>> | undefined =>
  typeof body === 'object' && body !== null && !Buffer.isBuffer(body)
    ? (body as Readonly<Record<string, unknown>>)
    : undefined;

/** A page that leads to itself, for ever. */
const loop =
  (baseUrl: string) =>
  (response: SimulatedResponse, { path, query }: SimulatedRequest): SimulatedResponse => {
    const body = bodyOf(response);
    if (body === undefined || !Array.isArray(body['value'])) return response;
    const rest = Object.fromEntries(Object.entries(body).filter(([name]) => name !== '@odata.deltaLink'));
    const here = `${new URL(baseUrl).origin}${path}?${query.toString()}`;
    return { ...response, body: { ...rest, '@odata.nextLink': here } };
  };

/** The text of a page breaks off in the middle, and says that it is whole. */
const cutJson = (response: SimulatedResponse): SimulatedResponse => {
  const body = bodyOf(response);
  if (body === undefined || response.status !== 200) return response;
  const text = JSON.stringify(body);
  return { ...response, body: text.slice(0, Math.ceil(text.length / 2)) };
};

/** A direct read of one person lags behind: it shows what stood there before the last change of their profile. */
const staleReads: FaultKind = {
  name: 'graph-stale-read',
  arm: async (scene, random) => {
    const { simulator, say, wait } = scene;
    const inScope = scene.oracle.inScope();
    const user = random.shuffle(simulator.directory.users().filter(({ id }) => inScope.has(id)))[0];
    if (user === undefined) return nothing;
    const stale = user.properties.jobTitle ?? null;
    simulator.directory.updateUser(user.id, { jobTitle: `Title ${random.integer(1, 999)}` });
    say(`meanwhile ${user.id.slice(0, 8)} has another title, which reads do not show yet`);
    let hits = 0;
    const old = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null || (value as { readonly id?: unknown }).id !== user.id)
        return value;
      if (!('jobTitle' in value)) return value;
      hits += 1;
      return { ...value, jobTitle: stale };
    };
    simulator.faults.add({
      system: 'graph',
      match: ({ path }) => !delta.test(path),
      action: { rewrite: (response) => ({ ...response, body: old(response.body) }) },
    });
    const [first] = scene.alive();
    const connection = first === undefined ? undefined : await scene.finish(first.connection());
    const asked: Promise<unknown> = connection?.syncUser(idOf(user.id)) ?? Promise.resolve();
    await scene.finish(asked.catch(() => undefined));
    await wait(60_000);
    return { hits: () => hits };
  },
};

/** For a while the application may not read people: members come as bare ids, profiles not at all. */
const idOnlyMembers: FaultKind = {
  name: 'graph-id-only-members',
  arm: ({ simulator }, random) => {
    simulator.directory.withdraw(random.pick(['users', 'members-limited']));
    return simulator.faults.add({ system: 'graph', path: /groups|users/i, match: () => true, action: { delayMs: 0 } });
  },
};

export const graphFaults: ReadonlyArray<FaultKind> = [
  fault('graph-reset', (random) => ({ ...soon(random), action: 'reset' })),
  fault('graph-reset-mid-body', (random) => ({ ...soon(random), action: 'truncate' })),
  fault('graph-truncated-json', (random) => ({ ...soon(random), action: { rewrite: cutJson } })),
  fault('graph-html-with-200', (random) => ({ ...soon(random), action: 'html' })),
  fault('graph-wrong-json', (random) => ({ ...soon(random), path: delta, action: 'wrongJson' })),
  fault('graph-500', (random) => ({ ...soon(random), action: answered(500, 'UnknownError') })),
  fault('graph-503-for-long', (random) => ({ from: random.integer(1, 6), action: { status: 503 } })),
  fault('graph-401', (random) => ({ ...soon(random), action: answered(401, 'InvalidAuthenticationToken') })),
  fault('graph-403', (random) => ({ ...soon(random), action: answered(403, 'Authorization_RequestDenied') })),
  fault('graph-404-of-a-person', (random) => ({
    path: /\/users\/[0-9a-f-]{36}(\/checkMemberGroups)?$/,
    nth: random.integer(1, 3),
    action: answered(404, 'Request_ResourceNotFound'),
  })),
  fault('graph-link-loop', (random, { simulator }) => ({
    path: delta,
    nth: random.integer(1, 3),
    action: { rewrite: loop(simulator.graphUrl) },
  })),
  ...retryAfterKinds,
  staleReads,
  idOnlyMembers,
  {
    name: 'sign-in-500',
    arm: ({ simulator }, random) => {
      simulator.revokeAccessTokens();
      return simulator.faults.add({ system: 'token', times: random.integer(1, 3), action: { status: 500 } });
    },
  },
];
