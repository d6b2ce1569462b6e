import { symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { describe, expect, onTestFinished, test } from 'vitest';
import { regionOf } from '../repository/markdown.js';
import { packageJson, read, root } from '../repository/tree.js';
import { openCommandLine } from '../support/command-line.js';
import { nobody, personNamed } from '../support/stage.js';

type Received = { readonly path: string; readonly body: string };

const openReceiver = async () => {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      received.push({ path: request.url ?? '', body: Buffer.concat(chunks).toString() });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
};

/** The example as an operator has it: a file beside the configuration, with the SDK installed there. */
const openPlace = async (endpoint: string) => {
  const simulator = await startSimulator({ seed: 7, company: nobody });
  onTestFinished(() => simulator.close());
  const { directory } = simulator;
  directory.addMember(directory.scopeGroupId, directory.addUser(personNamed('Ann Lee')));
  const commandLine = await openCommandLine(simulator, {
    env: {
      NODE_OPTIONS: '--import ./telemetry.mjs',
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_TIMEOUT: '1000',
    },
  });
  await writeFile(
    join(commandLine.folder, 'telemetry.mjs'),
    regionOf('test/examples/export-telemetry.ts', 'export-telemetry'),
  );
  await symlink(join(root, 'node_modules'), join(commandLine.folder, 'node_modules'));
  return commandLine;
};

const namesIn = (received: ReadonlyArray<Received>, path: string): ReadonlyArray<string> => {
  const bodies = received.filter((each) => each.path === path).map(({ body }) => body);
  return [...new Set(bodies.flatMap((body) => body.match(/(?<="name":")directory_sync\.[a-z._]+/g) ?? []))].sort();
};

describe('telemetry of the command, exported by an SDK that it was started with', { timeout: 120_000 }, () => {
  test('a run tells spans and metrics, the last of them as it ends', async () => {
    const { url, received } = await openReceiver();
    const { run } = await openPlace(url);
    const ended = await run(['run'], (child) =>
      child.stderr?.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('synced')) child.kill('SIGTERM');
      }),
    );
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain('Stopped.');
    expect(namesIn(received, '/v1/traces')).toEqual(
      ['command', 'cycle', 'page', 'plan', 'round'].map((name) => `directory_sync.${name}`),
    );
    const metrics = namesIn(received, '/v1/metrics');
    for (const name of ['cycles', 'commands', 'events', 'requests'])
      expect(metrics).toContain(`directory_sync.${name}`);
    const told = received.map(({ body }) => body).join('\n');
    expect(told).toContain('{"key":"service.name","value":{"stringValue":"directory-sync"}}');
    expect(told).not.toMatch(/\bann\b|\blee\b|deltatoken/i);
  });

  test('a single sync tells what it did', async () => {
    const { url, received } = await openReceiver();
    const { run } = await openPlace(url);
    expect(await run(['sync', '--yes'])).toMatchObject({ code: 0, stderr: '' });
    expect(namesIn(received, '/v1/traces')).toContain('directory_sync.cycle');
    expect(namesIn(received, '/v1/metrics')).toContain('directory_sync.commands');
  });

  test('a receiver that is not there changes nothing about the sync', async () => {
    const { run } = await openPlace('http://127.0.0.1:9');
    expect(await run(['sync', '--yes'])).toMatchObject({ code: 0, stderr: '' });
  });
});

test('what the page has operators install is what is tested here, and all that the file needs', () => {
  const { devDependencies = {} } = packageJson('.');
  const page = [...read('docs/how-to/export-telemetry.md').matchAll(/(@opentelemetry\/[a-z-]+)@([\d.]+)/g)];
  const installed = Object.fromEntries(page.map(([, name = '', version = '']) => [name, version]));
  const imported = regionOf('test/examples/export-telemetry.ts', 'export-telemetry').matchAll(/from '([^']+)'/g);
  const needed = [...imported].map(([, name = '']) => name);
  expect(installed).toEqual(Object.fromEntries(needed.map((name) => [name, devDependencies[name]])));
});
