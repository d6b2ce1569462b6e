import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FaultAction } from '@learnamp/directory-sync-simulator';
import { expect, it, onTestFinished } from 'vitest';
import { hostileLinks, spell } from '../../../packages/graph/src/testing/hostile-links.js';
import { avatarOf, openPhotos, picture, small } from '../../support/photos.js';
import { none } from '../../support/report.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

/** A server that only counts: whoever calls it was led there, and would have shown it the token. */
const openHostile = async () => {
  const seen: string[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    seen.push(`${request.url ?? ''} ${request.headers.authorization ?? 'no token'}`);
    response.setHeader('content-type', 'application/json').end('{"value":[]}');
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  return { host: `127.0.0.1:${port}`, port, seen, connections: () => connections };
};

type Resource = 'users' | 'groups';
type Hostile = Awaited<ReturnType<typeof openHostile>>;

const placeOf = (stage: Stage, hostile: Hostile, resource: Resource) => ({
  origin: new URL(stage.simulator.graphUrl).origin,
  evil: hostile.host,
  path: `${resource}/delta`,
  // What another tenant's group would be read by, and what is no round of this resource.
  other: resource === 'users' ? 'groups/delta' : 'groups/5f1c0b2a-0000-4000-8000-00000000bbbb/members/delta',
});

const lead = (name: '@odata.nextLink' | '@odata.deltaLink', url: string): FaultAction => ({
  rewrite: (response) => {
    const { value } = response.body as { readonly value: unknown };
    return { ...response, body: { value, [name]: url } };
  },
});

/** Each round of the resource leads there; the sync must say so, send nothing anywhere and remember nothing. */
const expectRefused = async (stage: Stage, resource: Resource, action: FaultAction): Promise<void> => {
  const fault = stage.simulator.faults.add({ system: 'graph', path: new RegExp(`/${resource}/.*delta`), action });
  const report = await stage.sync();
  fault.remove();
  expect(fault.hits()).toBe(1);
  expect(report).toMatchObject({ ok: false, exitCode: 1, error: { code: 'unsafe-link' }, commands: none });
  expect(report.error?.message).not.toMatch(/skiptoken|delta|pass@/);
  expect(report.refusedLinks?.count).toBe(1);
  expect(report.error?.message).toContain(`(host ${report.refusedLinks!.host})`);
  expect(report.events).not.toHaveProperty('UserLeftGroup');
};

it.each(['users', 'groups'] as const)(
  'FC-29 hostile links out of %s/delta are never followed: nothing reaches the other server, the host is recorded and counted, and the next sync goes on',
  async (resource) => {
    const hostile = await openHostile();
    const stage = await openStage({ graph: calm, storage: 'memory' });
    const [ann = ''] = stage.crew(6);
    await stage.sync();
    stage.newWrites();
    const links = (await stage.events('DeltaCursorMoved')).length;
    expect(await stage.engine().status()).not.toHaveProperty('refusedLinks');
    let refused = 0;
    for (const [index, template] of hostileLinks.entries()) {
      // No link at all is another fault than a hostile one.
      const link = spell(template, placeOf(stage, hostile, resource));
      if (link === '') continue;
      await expectRefused(stage, resource, lead(index % 2 === 0 ? '@odata.nextLink' : '@odata.deltaLink', link));
      refused += 1;
      if (index % 3 > 0 || !/^[!-~]+$/.test(link) || link.length > 4_000) continue;
      await expectRefused(stage, resource, {
        status: 410,
        body: { error: { code: 'resyncRequired', message: 'Resync' } },
        headers: { location: link },
      });
      refused += 1;
    }
    // No such link was stored, to be followed later.
    expect(await stage.events('DeltaCursorMoved')).toHaveLength(links);
    expect(hostile.seen).toEqual([]);
    expect(hostile.connections()).toBe(0);
    expect(stage.newWrites()).toEqual([]);

    // Recorded by its host alone, and once while nothing else comes.
    const aborted = (await stage.events('SyncAborted')).map(({ data }) => data as { reason: string; host: string });
    expect(aborted.every(({ reason }) => reason === 'unsafe-link')).toBe(true);
    expect(aborted.every(({ host }) => /^([a-z0-9.:[\]-]+|\(no host\))$/.test(host))).toBe(true);
    expect(aborted.some(({ host }) => host === hostile.host)).toBe(true);
    expect(aborted.every(({ host }, index) => host !== aborted[index - 1]?.host)).toBe(true);
    const { refusedLinks } = await stage.engine().status();
    expect(refusedLinks).toMatchObject({ count: refused, host: aborted.at(-1)!.host });
    expect(Date.parse(refusedLinks!.lastAt)).not.toBeNaN();

    stage.directory.updateUser(ann, { jobTitle: 'Writer' });
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 6, linked: 6 } });
    expect(stage.account(ann).jobTitle).toBe('Writer');
    // What was counted stands, what stopped the sync is over.
    expect((await stage.engine().status()).refusedLinks).toEqual(refusedLinks);
    await expectRefused(stage, resource, lead('@odata.nextLink', `http://${hostile.host}/v1.0/${resource}/delta`));
    expect((await stage.events('SyncAborted')).length).toBe(aborted.length + 1);
  },
);

it('FC-29 a photo that is redirected elsewhere, or to that of somebody else, is not fetched; everything else goes on', async () => {
  const hostile = await openHostile();
  const stage = await openPhotos({ storage: 'memory' });
  const [ann, ben] = [stage.hire('Ann Lee'), stage.hire('Ben Ode')];
  for (const [userId, text] of [
    [ann, 'ann'],
    [ben, 'ben'],
  ] as const)
    stage.directory.setPhoto(userId, picture(text), small);
  const origin = new URL(stage.simulator.graphUrl).origin;
  const elsewhere = [
    `http://${hostile.host}/v1.0/users/${ann}/photo/$value`,
    `${origin}/v1.0/users/${ben}/photo/$value`,
  ];
  for (const [index, location] of elsewhere.entries()) {
    const fault = stage.simulator.faults.add({
      system: 'graph',
      path: new RegExp(`/users/${ann}/photos?/.*value$`),
      action: { status: 302, headers: { location }, body: undefined },
    });
    const report = await stage.sync();
    expect(fault.hits()).toBeGreaterThan(0);
    fault.remove();
    expect(report).toMatchObject({ ok: true, refusedLinks: { count: 1, host: new URL(location).host } });
    expect(avatarOf(stage, ann)).toBeUndefined();
    expect(avatarOf(stage, ben)).toBeDefined();
    expect((await stage.engine().status()).refusedLinks).toMatchObject({ count: index + 1 });
  }
  expect(hostile.connections()).toBe(0);
  await stage.sync({ full: true });
  expect(avatarOf(stage, ann)).toContain('ann');
});

it('FC-29 redirects are not followed either, by reads, batches or the sign-in', async () => {
  const hostile = await openHostile();
  const stage = await openStage({ graph: calm, storage: 'memory', patienceMs: 250 });
  stage.crew(3);
  const paths = [/\/groups\/[^/]+$/, /\/users\/delta/, /\/groups\/delta/, /\$batch/, /\/oauth2\//];
  for (const path of paths) {
    const fault = stage.simulator.faults.add({
      path,
      action: { status: 302, headers: { location: `http://${hostile.host}/v1.0/anything` }, body: undefined },
    });
    await stage.reopen();
    const report = await stage.sync();
    expect(fault.hits()).toBeGreaterThan(0);
    expect(report).toMatchObject({ ok: false, exitCode: 1 });
    fault.remove();
  }
  expect(hostile.connections()).toBe(0);
  await stage.reopen();
  expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 3 } });
});
