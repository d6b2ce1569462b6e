import type { Visitor } from '@learnamp/directory-sync-console';
import { describe, expect, it, vi } from 'vitest';
import { consoleRoutes, filledIn, isChange } from '../../support/console-routes.js';
import { browse, consoleOf, fromOwnPage, ORIGIN } from '../../support/console.js';
import { hostOf } from '../../support/console-settings.js';
import { idOf } from '../../support/simulator-settings.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

const changing = consoleRoutes()
  .filter(isChange)
  .map(({ method, path }) => ({ method, path: filledIn(path) }));

const openCompany = async () => {
  const stage = await openStage({ graph: calm });
  const crew = stage.crew(12);
  await stage.sync();
  for (const id of crew.slice(0, 7)) stage.leave(id);
  await stage.sync();
  stage.newWrites();
  return { stage, crew };
};

/** The settings of the stage's company, and how often somebody saved some. */
const settingsOf = (stage: Stage) => {
  const { tenantId, scopeGroupId } = stage.simulator;
  const { settings } = hostOf(stage.simulator, {
    open: () => stage.engine(),
    first: { tenantId: idOf(tenantId), groupId: idOf(scopeGroupId) },
  });
  if (settings === undefined) throw new Error('the host keeps no settings');
  const save = vi.fn(settings.save);
  return { settings: { ...settings, save }, save };
};

/** Nothing was recorded, nothing was sent, and no setting was saved. */
const watch = async (stage: Stage) => {
  const before = (await stage.events()).length;
  const { settings, save } = settingsOf(stage);
  const stored = await settings.read('fabrikam');
  const isAsItWas = async () => {
    expect((await stage.events()).length).toBe(before);
    expect(stage.newWrites()).toEqual([]);
    expect(save).not.toHaveBeenCalled();
    expect(await settings.read('fabrikam')).toEqual(stored);
  };
  return { settings, isAsItWas };
};

const as = (visitor: Visitor | undefined) => ({ authorise: () => Promise.resolve(visitor) });
const eve: Visitor = { name: 'Eve', role: 'admin' };

const asked = (path: string, method: string, headers: Record<string, string>) =>
  new Request(`${ORIGIN}/api${path}`, { method, headers, body: JSON.stringify({ reason: 'because', kind: 'sync' }) });

describe('whoever may not', () => {
  it('is shown nothing', async () => {
    const { stage } = await openCompany();
    const { fetch } = consoleOf(stage, as(undefined));
    for (const path of ['/session', '/companies', '/companies/fabrikam/people', '/companies/fabrikam/export']) {
      const response = await fetch(new Request(`${ORIGIN}/api${path}`));
      expect(response.status).toBe(401);
      expect(Object.keys((await response.json()) as object)).toEqual(['code', 'message']);
    }
  });

  it('changes nothing as a viewer, by whatever the console can do', async () => {
    const { stage } = await openCompany();
    const { settings, isAsItWas } = await watch(stage);
    const { fetch } = consoleOf(stage, { ...as({ name: 'Vic', role: 'viewer' }), settings });
    expect(changing.length).toBeGreaterThanOrEqual(10);
    for (const { method, path } of changing) {
      const response = await fetch(asked(path, method, fromOwnPage));
      expect([path, response.status]).toEqual([path, 403]);
      expect(await response.json()).toMatchObject({ code: 'not-allowed' });
    }
    await isAsItWas();
  });

  it.each([
    ['another site', { ...fromOwnPage, 'sec-fetch-site': 'cross-site' }],
    ['a sibling of this site', { ...fromOwnPage, 'sec-fetch-site': 'same-site' }],
    ['an old browser on another site', { 'content-type': 'application/json', origin: 'http://evil.example' }],
    ['a form', { ...fromOwnPage, 'content-type': 'text/plain' }],
    ['a page without an origin', { ...fromOwnPage, origin: 'null' }],
    ['nobody known', { 'content-type': 'application/json' }],
  ])('changes nothing through %s', async (_, headers) => {
    const { stage } = await openCompany();
    const { settings, isAsItWas } = await watch(stage);
    const { fetch } = consoleOf(stage, { ...as(eve), settings });
    for (const { method, path } of changing) {
      const response = await fetch(asked(path, method, headers));
      expect([path, response.status]).toEqual([path, 403]);
      expect(await response.json()).toMatchObject({ code: 'another-site' });
    }
    await isAsItWas();
  });

  it.each([
    ['of another name that resolves here', 'http://evil.example:8484', {}],
    ['asked for by another name', ORIGIN, { host: 'evil.example:8484' }],
    ['of the network', 'http://192.0.2.1:8484', {}],
  ])('without a sign-in is not answered on an address %s', async (_, origin, headers) => {
    const { stage } = await openCompany();
    const response = await consoleOf(stage).fetch(new Request(`${origin}/api/companies`, { headers }));
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'not-signed-in' });
  });
});

describe('an answer', () => {
  const paths = ({ crew }: { readonly crew: ReadonlyArray<string> }) => [
    '/api/session',
    '/api/companies',
    '/api/companies/fabrikam',
    '/api/companies/fabrikam/activity',
    '/api/companies/fabrikam/people',
    `/api/companies/fabrikam/people/${crew[0] ?? ''}`,
    '/api/companies/fabrikam/held',
    '/api/companies/fabrikam/parked',
    '/api/companies/fabrikam/events?limit=500',
    '/api/companies/fabrikam/jobs',
    '/api/companies/fabrikam/settings',
    '/api/companies/fabrikam/export',
  ];

  it('holds no token, secret or delta link', async () => {
    const { stage, crew } = await openCompany();
    const { fetch } = consoleOf(stage);
    const secrets = Object.values(stage.simulator.config().env);
    for (const path of paths({ crew })) {
      const response = await fetch(new Request(`${ORIGIN}${path}`));
      expect([path, response.status]).toEqual([path, 200]);
      const text = await response.text();
      for (const secret of [...secrets, 'deltatoken', 'Bearer '])
        expect(text.toLowerCase()).not.toContain(secret.toLowerCase());
    }
  });

  it('is kept by no cache, loads nothing from elsewhere, and is framed by nobody', async () => {
    const { stage, crew } = await openCompany();
    const { fetch } = consoleOf(stage);
    for (const path of ['/', '/companies/fabrikam/people', ...paths({ crew }), '/api/nowhere']) {
      const { headers } = await fetch(new Request(`${ORIGIN}${path}`));
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect([path, headers.get('cache-control')]).toEqual([path, 'no-store']);
    }
  });

  it('to what makes no sense is one sentence, and never what was sent', async () => {
    const { stage } = await openCompany();
    const { read, change, company } = browse(consoleOf(stage));
    const sentences: ReadonlyArray<readonly [unknown, string]> = [
      [await read('/api/companies/contoso'), 'There is no such company here.'],
      [await read('/api/nowhere'), 'There is nothing at this address.'],
      [await read(`${company}/people/anna`), 'A person is named by the object id that Entra shows.'],
      [await read(`${company}/events?from=-1`), 'from is a revision: a number from 0 on.'],
      [(await change(`${company}/held/approve`, {})).body, 'The field reason is missing or not of its kind.'],
      [
        (await change(`${company}/held/approve`, { reason: ' ' })).body,
        'reason says why: it is recorded with the decision.',
      ],
      [
        (await change(`${company}/held/reject`, { reason: 'x', userIds: ['me'] })).body,
        'userIds names people by their object ids.',
      ],
      [(await change(`${company}/jobs`, { kind: 'delete' })).body, 'The field kind is missing or not of its kind.'],
    ];
    for (const [body, message] of sentences) expect(body).toMatchObject({ message });
  });
});
