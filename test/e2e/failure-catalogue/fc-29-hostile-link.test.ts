import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FaultAction } from '@learnamp/directory-sync-simulator';
import { expect, it, onTestFinished } from 'vitest';
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

/** `HOST` is the hostile server, `GRAPH` the configured one (host and port), `PORT` its port alone. */
const urls: ReadonlyArray<string> = [
  'http://HOST/v1.0/RESOURCE/delta?$skiptoken=x',
  'https://HOST/v1.0/RESOURCE/delta?$skiptoken=x',
  '//HOST/v1.0/RESOURCE/delta?$skiptoken=x',
  'http://GRAPH@HOST/v1.0/RESOURCE/delta?$skiptoken=x',
  'http://GRAPH:x@HOST/v1.0/RESOURCE/delta?$skiptoken=x',
  'http://127.0.0.1:x@HOST/v1.0/RESOURCE/delta?$skiptoken=x',
  'http://user:secret@GRAPH/v1.0/RESOURCE/delta?$skiptoken=x',
  'http://GRAPH\\@HOST/v1.0/RESOURCE/delta?$skiptoken=x',
  'http:\\\\HOST\\v1.0\\RESOURCE\\delta?$skiptoken=x',
  'http://HOST#@GRAPH/v1.0/RESOURCE/delta?$skiptoken=x',
  'http://HOST?@GRAPH/v1.0/RESOURCE/delta?$skiptoken=x',
  'http://127.0.0.1.evil.example:PORT/v1.0/RESOURCE/delta?$skiptoken=x',
  'http://localhost:PORT/v1.0/RESOURCE/delta?$skiptoken=x',
  'http://2130706433:HOSTPORT/v1.0/RESOURCE/delta?$skiptoken=x',
  'https://graph.microsoft.com/v1.0/RESOURCE/delta?$skiptoken=x',
  'https://gr\u0430ph.microsoft.com/v1.0/RESOURCE/delta?$skiptoken=x',
  'http://GRAPH/beta/RESOURCE/delta?$skiptoken=x',
  'http://GRAPH/v1.0/../beta/RESOURCE/delta?$skiptoken=x',
  'http://GRAPH/v1.0/RESOURCE/../applications/delta?$skiptoken=x',
  'http://GRAPH/v1.0/OTHER/delta?$skiptoken=x',
  'http://GRAPH/v1.0/me/messages/delta?$skiptoken=x',
  'http://GRAPH/v1.0/RESOURCE/delta\r\nHost: HOST',
  'javascript:fetch("http://HOST/v1.0/RESOURCE/delta")',
  'RESOURCE/delta?$skiptoken=x',
];

type Resource = 'users' | 'groups';
type Hostile = Awaited<ReturnType<typeof openHostile>>;

const spell = (url: string, stage: Stage, hostile: Hostile, resource: Resource): string => {
  const graph = new URL(stage.simulator.graphUrl);
  return url
    .replaceAll('HOSTPORT', String(hostile.port))
    .replaceAll('HOST', hostile.host)
    .replaceAll('GRAPH', graph.host)
    .replaceAll('PORT', graph.port)
    .replaceAll('RESOURCE', resource)
    .replaceAll('OTHER', resource === 'users' ? 'groups' : 'users');
};

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
  expect(report.error?.message).not.toMatch(/skiptoken|secret/);
  expect(report.events).not.toHaveProperty('UserLeftGroup');
};

it.each(['users', 'groups'] as const)(
  'FC-29 hostile links out of %s/delta are never followed: nothing reaches the other server, and the next sync goes on',
  async (resource) => {
    const hostile = await openHostile();
    const stage = await openStage({ graph: calm, storage: 'memory' });
    const [ann = ''] = stage.crew(6);
    await stage.sync();
    stage.newWrites();
    const links = (await stage.events('DeltaCursorMoved')).length;
    for (const [index, url] of urls.entries()) {
      const link = spell(url, stage, hostile, resource);
      await expectRefused(stage, resource, lead(index % 2 === 0 ? '@odata.nextLink' : '@odata.deltaLink', link));
      if (index % 3 > 0) continue;
      await expectRefused(stage, resource, {
        status: 410,
        body: { error: { code: 'resyncRequired', message: 'Resync' } },
        headers: { location: encodeURI(link) },
      });
    }
    // No such link was stored, to be followed later.
    expect(await stage.events('DeltaCursorMoved')).toHaveLength(links);
    expect(hostile.seen).toEqual([]);
    expect(hostile.connections()).toBe(0);
    expect(stage.newWrites()).toEqual([]);
    // Recorded once, with its reason alone.
    expect((await stage.events('SyncAborted')).map(({ data }) => data)).toEqual([{ reason: 'unsafe-link' }]);

    stage.directory.updateUser(ann, { jobTitle: 'Writer' });
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 6, linked: 6 } });
    expect(stage.account(ann).jobTitle).toBe('Writer');
  },
);

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
