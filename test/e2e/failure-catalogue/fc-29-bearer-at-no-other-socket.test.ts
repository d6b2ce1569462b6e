import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FaultAction, SimulatedResponse } from '@learnamp/directory-sync-simulator';
import { expect, it, onTestFinished } from 'vitest';
import { openPhotos, picture, small } from '../../support/photos.js';
import { spyOnSockets } from '../../support/spy-on-sockets.js';
import type { Stage } from '../../support/stage.js';

/** Answers everything, so that whoever is led here is seen for longer than one request. */
const openHostile = async () => {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"value":[],"access_token":"x"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
};

/** Every member of a body that could lead somewhere leads there, in items and in the answers of a batch as well. */
const poisoned = (value: unknown, link: string): unknown => {
  if (Array.isArray(value)) return value.map((each) => poisoned(each, link));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, poisoned(each, link)]));
  const leads = {
    '@odata.context': link,
    '@odata.id': link,
    'members@odata.nextLink': link,
    location: link,
    url: link,
  };
  return {
    ...inner,
    ...leads,
    ...('headers' in inner ? { headers: { Location: link, 'Content-Location': link } } : {}),
  };
};

const poison = (link: string): FaultAction => ({
  rewrite: (response: SimulatedResponse) => ({ ...response, body: poisoned(response.body, link) }),
});
const nextLink = (link: string): FaultAction => ({
  rewrite: (response: SimulatedResponse) => ({ ...response, body: { value: [], '@odata.nextLink': link } }),
});
const redirect =
  (status: number) =>
  (location: string): FaultAction => ({ status, headers: { location }, body: undefined });

const paths = [
  /\/groups\/[^/]+$/,
  /\/users\/delta/,
  /\/groups\/delta/,
  /\/\$batch/,
  /\/oauth2\//,
  /\/photos?\//,
  /transitiveMembers/,
];

const authorized = /authorization: *bearer +([^\s"]+)/gi;
const bearersIn = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(authorized)].map(([, token = '']) => token);

/** Somebody to be read, with a photo. */
const hired = (stage: Stage, name: string): void => {
  stage.directory.setPhoto(stage.hire(name), picture(name), small);
};

it('FC-29 the token of one system is seen at no socket but its own, whatever answers, redirects and photos lead to', async () => {
  const sockets = spyOnSockets();
  const hostile = await openHostile();
  const evil = `127.0.0.1:${hostile}`;
  const stage = await openPhotos({ storage: 'memory', patienceMs: 250 });
  const { faults, graphUrl, learnAmpUrl } = stage.simulator;
  const graph = new URL(graphUrl);
  const learnAmp = new URL(learnAmpUrl);
  for (const name of ['Ann Lee', 'Ben Ode', 'Cy Roe']) hired(stage, name);

  const harmless = faults.add({ system: 'graph', action: poison(`http://${graph.host}@${evil}/v1.0/users/delta`) });
  expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 3 } });
  expect(harmless.hits()).toBeGreaterThan(3);
  harmless.remove();

  const links = [`http://${evil}/v1.0/users/delta`, `http://${graph.host}@${evil}/v1.0/groups/delta`, `//${evil}/x`];
  const leading = [nextLink, redirect(302), redirect(307), redirect(410)].flatMap((lead, n) =>
    paths.map((path, m) => ({ path, action: lead(links[(n + m) % links.length] ?? evil) })),
  );
  const ofLearnAmp = links.map((link) => ({ system: 'learnAmp', action: redirect(307)(link) }) as const);
  for (const [index, fault] of [...leading, ...ofLearnAmp].entries()) {
    const led = faults.add({ ...fault, times: 3 });
    hired(stage, `Di Kay${index}`);
    await stage.reopen();
    await stage.sync({ full: true });
    led.remove();
  }

  const byPort = (port: string | number) => sockets.filter((socket) => socket.port === Number(port));
  expect(byPort(hostile)).toEqual([]);
  expect(new Set(sockets.map(({ host, port }) => `${host}:${port}`))).toEqual(new Set([graph.host, learnAmp.host]));
  const tokensAt = (port: string) => new Set(byPort(port).flatMap(({ sent }) => bearersIn(sent())));
  const [graphs, learnAmps] = [tokensAt(graph.port), tokensAt(learnAmp.port)];
  expect(graphs.size).toBeGreaterThan(0);
  expect(learnAmps.size).toBeGreaterThan(0);
  const sentTo = (port: string): string =>
    byPort(port)
      .map(({ sent }) => sent())
      .join('\n');
  for (const token of graphs) expect(sentTo(learnAmp.port)).not.toContain(token);
  for (const token of learnAmps) expect(sentTo(graph.port)).not.toContain(token);

  // The spy itself: had anybody gone there, it would have been seen.
  await new Promise<void>((resolve) => {
    request({ host: '127.0.0.1', port: hostile, headers: { authorization: 'Bearer led-astray' } }, (response) =>
      response.resume().on('end', resolve),
    ).end();
  });
  await fetch(`http://127.0.0.1:${hostile}/`, { headers: { authorization: 'Bearer fetched' } }).then((r) => r.text());
  expect([...tokensAt(String(hostile))]).toEqual(['led-astray', 'fetched']);
}, 60_000);
