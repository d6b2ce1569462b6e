import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defaultPreferences, type DirectorySync, openMemoryStores, type Preferences } from '@learnamp/directory-sync';
import type { ConnectionSettingsStore } from '@learnamp/directory-sync-console';
import type { SimulatedResponse } from '@learnamp/directory-sync-simulator';
import { describe, expect, it } from 'vitest';
import { consoleOf, fromOwnPage, ORIGIN } from '../../support/console.js';
import { consoleRoutes, filledIn, isChange, type Route } from '../../support/console-routes.js';
import { graphSettingsOf, idOf, learnAmpSettingsOf } from '../../support/simulator-settings.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

const planted = {
  secret: 'canary-client-secret-7d1f',
  token: 'canary-token-93ab',
  deltaLink: 'https://graph.microsoft.com/v1.0/users/delta?$deltatoken=canary-link-5e20',
};

/** A row of a host that holds more than the console asks for, as a table of its own may. */
const settingsOf = (
  stage: Stage,
  preferences: Preferences,
): ConnectionSettingsStore & { readonly saves: () => number } => {
  const { simulator } = stage;
  const { cache } = openMemoryStores();
  const settings = {
    ...{ tenantId: idOf(simulator.tenantId), groupId: idOf(simulator.scopeGroupId), preferences },
    ...planted,
  };
  const stored = { connectionId: 'fabrikam', name: 'Fabrikam', settings, version: '1', ...planted };
  let saves = 0;
  return {
    saves: () => saves,
    list: () => Promise.resolve([stored]),
    read: () => Promise.resolve(stored),
    save: () => {
      saves += 1;
      return Promise.resolve({ _tag: 'Saved', takesEffect: 'next-sync' });
    },
    reach: () =>
      Promise.resolve({
        graph: graphSettingsOf(simulator, 5_000),
        learnAmp: learnAmpSettingsOf(simulator, preferences.externalId, 5_000),
        withCache: (use) => use(cache),
      }),
  };
};

type Links = { readonly '@odata.nextLink'?: string; readonly '@odata.deltaLink'?: string };

/** The tokens of every link that Graph gives from now on. */
const linksGiven = ({ simulator }: Stage): ReadonlySet<string> => {
  const given = new Set<string>();
  const note = (response: SimulatedResponse): SimulatedResponse => {
    const { '@odata.nextLink': next, '@odata.deltaLink': delta } = (response.body ?? {}) as Links;
    for (const link of [next, delta]) {
      const token = /token=([^&]+)/i.exec(decodeURIComponent(link ?? ''))?.[1];
      if (token !== undefined) given.add(token);
    }
    return response;
  };
  simulator.faults.add({ system: 'graph', path: /delta/, action: { rewrite: note } });
  return given;
};

/** Tells which methods of the engine were asked for. */
const watched = (engine: DirectorySync, used: Set<string>): DirectorySync =>
  new Proxy(engine, {
    get: (target, name, receiver) => {
      if (typeof name === 'string') used.add(name);
      return Reflect.get(target, name, receiver) as unknown;
    },
  });

const openCompany = async () => {
  const stage = await openStage({ graph: calm });
  const links = linksGiven(stage);
  const crew = stage.crew(12);
  await stage.sync();
  for (const id of crew.slice(0, 7)) stage.leave(id);
  await stage.sync();
  stage.newWrites();
  const preferences = defaultPreferences;
  const settings = settingsOf(stage, preferences);
  const used = new Set<string>();
  const { tenantId, scopeGroupId } = stage.simulator;
  const [tenant, group] = [idOf(tenantId), idOf(scopeGroupId)];
  const company = { connectionId: 'fabrikam', name: 'Fabrikam', tenantId: tenant, groupId: group, preferences };
  const engine = watched(stage.engine(), used);
  const { fetch } = consoleOf(stage, { settings, connections: () => [{ ...company, engine }] });
  const bodies: Readonly<Record<string, object>> = {
    '/companies/:company/people/:person/with': { preferences },
    '/companies/:company/settings': { tenantId, groupId: scopeGroupId, preferences, version: '1' },
    '/companies/:company/consent': { tenantId },
    '/consent': { answer: 'http://localhost:8484/consent?error=access_denied' },
    '/companies/:company/jobs': { kind: 'verify' },
  };
  const ask = async ({ method, path }: Route): Promise<Response> => {
    const body = JSON.stringify({ reason: 'because', ...bodies[path] });
    const query = path.endsWith('/at') ? '?revision=3' : path.endsWith('/events') ? '?limit=500' : '';
    const asked = `${ORIGIN}/api${filledIn(path, crew[9], 'verify')}${query}`;
    return fetch(new Request(asked, { method, headers: fromOwnPage, ...(method === 'GET' ? {} : { body }) }));
  };
  return { stage, settings, links, used, fetch, ask };
};

/** A stream that goes on live is read for its first words. */
const textOf = async (response: Response, { path }: Route): Promise<string> => {
  if (!path.endsWith('/live')) return response.text();
  const reader = response.body?.getReader();
  const first = await reader?.read();
  await reader?.cancel();
  return new TextDecoder().decode(first?.value as Uint8Array);
};

/** Jobs end some time after they were begun. */
const jobsEnd = async (ask: (route: Route) => Promise<Response>): Promise<string> => {
  for (;;) {
    const text = await (await ask({ method: 'GET', path: '/companies/:company/jobs' })).text();
    if (!text.includes('"endedAt":null')) return text;
    await new Promise((resolve) => setImmediate(resolve));
  }
};

const routes = consoleRoutes();
/** Jobs last: they are answered with what the others left behind. */
const inTurn = [
  ...routes.filter(({ path }) => !path.endsWith('/jobs')),
  ...routes.filter(({ path }) => path.endsWith('/jobs')),
];

describe('every route of the console', () => {
  it('is in the table that these tests go by', () => {
    expect(routes.length).toBeGreaterThan(24);
    expect(routes.filter(isChange).length).toBeGreaterThan(11);
  });

  it('answers an admin, and in no answer stands a token, a secret or a delta link', async () => {
    const { stage, settings, links, ask } = await openCompany();
    const secrets = [...Object.values(stage.simulator.config().env), ...Object.values(planted)];
    const held: string[] = [];
    const look = (route: Route, text: string): void => {
      for (const secret of [...secrets, ...links, 'deltatoken', 'skiptoken', 'Bearer '])
        if (text.toLowerCase().includes(secret.toLowerCase())) held.push(`${route.method} ${route.path}: ${secret}`);
    };
    const refused: string[] = [];
    for (const route of inTurn) {
      const response = await ask(route);
      if (response.status >= 300 && route.path !== '/consent') refused.push(`${route.path}: ${response.status}`);
      look(route, await textOf(response, route));
    }
    look({ method: 'GET', path: 'jobs that ended' }, await jobsEnd(ask));
    expect(links.size).toBeGreaterThan(2);
    expect(settings.saves()).toBe(1);
    expect([refused, held]).toEqual([[], []]);
  });
});

/** What a route asks of nobody but the host, or of a function of the package that needs no engine. */
const withoutEngine: Readonly<Record<string, string>> = {
  'GET /session': 'who asks, by the sign-in of the host',
  'GET /companies/:company/jobs': 'what was begun here',
  'POST /companies/:company/jobs/:kind/stop': 'aborts the signal of a call',
  'PUT /companies/:company/settings': 'the store of the host',
  'POST /companies/:company/consent': 'adminConsentUrl',
  'POST /consent': 'completeAdminConsent',
};

describe('whatever the console does', () => {
  it('is a call of the package: each route asks the engine that the host gave it', async () => {
    const { used, ask } = await openCompany();
    const silent: string[] = [];
    for (const route of inTurn) {
      used.clear();
      await textOf(await ask(route), route);
      if (used.size === 0) silent.push(`${route.method} ${route.path}`);
    }
    expect(silent.filter((route) => withoutEngine[route] === undefined)).toEqual([]);
  });

  it('is made of what a host can import, and of nothing behind it', () => {
    const sources = fileURLToPath(new URL('../../../packages/console/src', import.meta.url));
    const imported = readdirSync(sources, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [...readFileSync(`${sources}/${file}`, 'utf8').matchAll(/from '(@learnamp[^']*)'/g)])
      .map(([, specifier = '']) => specifier);
    const manifest = new URL('../../../packages/engine/package.json', import.meta.url);
    const { exports } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly exports: object };
    const faces = Object.keys(exports).map((face) => `@learnamp/directory-sync${face.slice(1)}`);
    expect(imported.length).toBeGreaterThan(10);
    expect(imported.filter((specifier) => !faces.includes(specifier))).toEqual([]);
  });
});
