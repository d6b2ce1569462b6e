import { createPackageFromTarballData, checkPackage } from '@arethetypeswrong/core';
import { startSimulator, type Simulator } from '@learnamp/directory-sync-simulator';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embedded, installedIn, openEmptyProject, published, type Project } from './packed-packages.js';
import { read } from './tree.js';

// The packages as somebody else gets them: packed, put into an empty project, and used there. In the release lane npm installs them,
// with what they need from its cache or a registry, and the types are looked at as every kind of importer resolves them.
const asPublished = process.env['PACKED'] === 'all';
let project: Project;
let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ seed: 3, company: { people: 6 } });
  project = openEmptyProject(asPublished ? 'npm' : 'hand');
}, 300_000);
afterAll(async () => {
  project.remove();
  await simulator.close();
});

const tarballOf = (name: string) => {
  const found = project.tarballs.find((each) => each.name === name);
  if (found === undefined) throw new Error(`${name} was not packed.`);
  return { ...found, bytes: readFileSync(join(project.folder, found.filename)) };
};

describe.each(published.map(({ json, folder }) => [json.name, { json, folder }] as const))(
  '%s',
  (name, { json, folder }) => {
    test('carries its licence and a page about itself, and no test, fake or build record', () => {
      const paths = tarballOf(name).files.map(({ path }) => path);
      expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
      expect(json.license).toBe('MIT');
      expect(read(`packages/${folder}/LICENSE`)).toBe(read('LICENSE'));
      const shown = name.endsWith('event-sourcing') ? [] : paths.filter((path) => path.includes('/testing/'));
      expect([...shown, ...paths.filter((path) => /\.test\.|\.bench\.|tsbuildinfo|\.env|\.db$/.test(path))]).toEqual(
        [],
      );
    });

    test('has no script that runs when it is installed', () => {
      expect(Object.keys(json.scripts ?? {}).filter((script) => /install|prepare|prepublish/.test(script))).toEqual([]);
    });

    test('has the source behind each of its source maps', () => {
      const paths = new Set(tarballOf(name).files.map(({ path }) => path));
      const sources = [...paths].filter(
        (path) => path.startsWith('dist/') && path.endsWith('.js') && !path.startsWith('dist/app/'),
      );
      const missing = sources.filter((path) => !paths.has(path.replace(/^dist\//, 'src/').replace(/\.js$/, '.ts')));
      expect(missing, 'built from no source: remove dist, and build again').toEqual([]);
    });

    test('publint finds nothing', async () => {
      const { bytes } = tarballOf(name);
      const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
      const { messages } = await publint({ strict: true, pack: { tarball } });
      expect(messages).toEqual([]);
    });

    test.runIf(asPublished)('the types are right for whoever imports it', async () => {
      const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(tarballOf(name).bytes)));
      const { problems } = analysis as {
        readonly problems: ReadonlyArray<{ readonly kind: string; readonly resolutionKind?: string }>;
      };
      // ESM alone: `require` gets it where Node can load ESM that way, and resolution of before Node 12 knows no `exports`.
      const ours = problems.filter(
        ({ kind, resolutionKind }) => kind !== 'CJSResolvesToESM' && resolutionKind !== 'node10',
      );
      expect(ours).toEqual([]);
    });
  },
);

test.runIf(asPublished)('a host installs at most 70 packages, none of which runs a script or brings an addon', () => {
  const installed = installedIn(project);
  expect(installed.length).toBeGreaterThan(embedded.length);
  expect(installed.length).toBeLessThanOrEqual(70);
  for (const optional of ['better-sqlite3', '@eventstore/db-client', '@opentelemetry/api'])
    expect(installed).not.toContain(optional);
  const lock = readFileSync(join(project.folder, 'package-lock.json'), 'utf8');
  expect(lock).not.toContain('hasInstallScript');
});

test('importing the package leaves no name, no listener and no open handle in the process', async () => {
  // Standard streams, and files that Node itself is reading, are nobody's doing.
  const script = `
    const names = () => [...Object.getOwnPropertyNames(globalThis), ...Object.getOwnPropertySymbols(globalThis).map(String)];
    const listeners = () => process.eventNames().map((name) => [String(name), process.listenerCount(name)]);
    const look = () => ({ listeners: listeners(), handles: process.getActiveResourcesInfo().filter((kind) => !/^(PipeWrap|TTYWrap|CloseReq|FSReq)/.test(kind)), variables: Object.keys(process.env).length });
    // Of Node's own fetch, which puts its agent there when it is loaded.
    Reflect.get(globalThis, 'Headers');
    const [before, known] = [look(), new Set(names())];
    for (const path of ['', '/sqlite', '/eventstoredb', '/preferences', '/words', '/conformance']) {
      const exported = Object.keys(await import('@learnamp/directory-sync' + path));
      if (exported.length === 0) throw new Error(path + ' exports nothing');
    }
    const { openMicrosoftGraph } = await import('@learnamp/directory-sync');
    const directory = openMicrosoftGraph({ tenantId: 't', cloud: 'global', baseUrl: 'https://graph.microsoft.com/v1.0', customAttributes: [], patienceMs: 1,
      auth: { kind: 'client-secret', authority: 'https://login.microsoftonline.com', clientId: 'c', clientSecret: 's' } });
    await directory.close();
    await new Promise(setImmediate);
    // What tslib defines, below Microsoft's client, wherever it is loaded as CommonJS.
    const tslib = new Set(Object.keys((await import('tslib')).default));
    console.log(JSON.stringify([before, look(), names().filter((name) => !known.has(name) && !tslib.has(name))]));`;
  const ended = await project.node('--input-type=module', '-e', script);
  expect(ended).toMatchObject({ status: 0, stderr: '' });
  const [before, after, added] = JSON.parse(ended.stdout) as readonly [unknown, unknown, unknown];
  expect(after).toEqual(before);
  expect(added).toEqual([]);
});

test('what is not brought along is said to be missing, by who needs it alone', async () => {
  const script = `
    const { openEventStoreDbStores } = await import('@learnamp/directory-sync/eventstoredb');
    const options = { connectionString: 'esdb://127.0.0.1:1?tls=false', keysPath: 'k.db', localPath: 'l.db' };
    const said = await openEventStoreDbStores(options).catch((error) => error.name);
    const told = await import('@learnamp/directory-sync/otel').catch((error) => error.message.split("'")[1]);
    console.log(JSON.stringify([said, told]));`;
  const { stdout } = await project.node('--input-type=module', '-e', script);
  const sqlite = process.getBuiltinModule('node:sqlite') !== undefined;
  expect(JSON.parse(stdout)).toEqual([sqlite ? 'EventStoreDbClientMissing' : 'NoSqliteDriver', '@opentelemetry/api']);
});

const freePort = async (): Promise<number> => {
  const free = createServer();
  await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  return port;
};

test("the README's example runs in the empty project, and the process ends by itself", async () => {
  if (process.getBuiltinModule('node:sqlite') === undefined) project.bring('better-sqlite3');
  project.bring('@opentelemetry/api');
  project.compile(
    'test/packed-host/main.ts',
    ...['embedding', 'company', 'avatars', 'running'].map((name) => `test/examples/${name}.ts`),
  );
  const { tenantId, scopeGroupId, clientId, clientSecret, learnAmpClientId, learnAmpClientSecret } = simulator;
  const given = {
    company: {
      connectionId: 'packed',
      tenantId,
      groupId: scopeGroupId,
      graph: { clientId, clientSecret },
      learnAmp: { clientId: learnAmpClientId, clientSecret: learnAmpClientSecret },
    },
    at: {
      folder: project.folder,
      graph: simulator.graphUrl,
      authority: simulator.authorityUrl,
      learnAmp: simulator.learnAmpUrl,
    },
    port: await freePort(),
  };
  const ended = await project.node('--unhandled-rejections=strict', 'test/packed-host/main.js', JSON.stringify(given));
  expect(ended).toMatchObject({ status: 0, stderr: '' });
  expect(JSON.parse(ended.stdout)).toMatchObject({
    ok: true,
    people: { inScope: 6, linked: 6 },
    pressed: '6 of 6 people have an account.',
    told: [],
  });
  expect(existsSync(join(project.folder, 'packed.db'))).toBe(true);
});
