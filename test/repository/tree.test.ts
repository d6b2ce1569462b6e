import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { files, packages, read, root } from './tree.js';

const texts = (): ReadonlyArray<readonly [string, string]> =>
  files()
    .filter((path) => !/\.(png|jpe?g|db|sqlite|woff2?)$/.test(path))
    .map((path) => [path, read(path)] as const);

test('no file names a place on the machine it was written on, or a registry', () => {
  // Put together from parts: this file is looked at too.
  const forbidden = [
    ['/ro', 'ot/'],
    ['/ho', 'me/[a-z]'],
    ['/wo', 'rk/(main|shared|\\.)'],
    ['https?://[a-z.-]*regis', 'try\\.[a-z]'],
    ['"resol', 'ved": *"http'],
  ].map((parts) => new RegExp(`(^|[^A-Za-z0-9_.-])${parts.join('')}`, 'm'));
  const found = texts().flatMap(([path, text]) =>
    forbidden.filter((pattern) => pattern.test(text)).map((pattern) => `${path}: ${String(pattern)}`),
  );
  expect(found).toEqual([]);
});

test('no key, token or password is in the tree', () => {
  const secrets = [
    /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
    /\bnpm_[A-Za-z0-9]{36}\b/,
    /\bgh[pousr]_[A-Za-z0-9]{36}\b/,
    /_authToken/,
  ];
  const self = join('test', 'repository', 'tree.test.ts');
  const found = texts().filter(([path, text]) => path !== self && secrets.some((pattern) => pattern.test(text)));
  expect(found.map(([path]) => path)).toEqual([]);
});

test('files end with a line break and hold no carriage returns', () => {
  const odd = texts().filter(
    ([path, text]) => !path.endsWith('.json') && text !== '' && (!text.endsWith('\n') || text.includes('\r')),
  );
  expect(odd.map(([path]) => path)).toEqual([]);
});

test('commands are executable and name their interpreter', () => {
  const commands = [
    '.ci/run',
    ...packages().flatMap(({ folder, json }) =>
      Object.values(json.bin ?? {}).map((path) => join('packages', folder, path)),
    ),
  ];
  expect(commands).toHaveLength(2);
  for (const command of commands) {
    expect(statSync(join(root, command)).mode & 0o111, command).toBe(0o111);
    expect(read(command)).toMatch(/^#!\/usr\/bin\/env (node|bash)\n/);
  }
});

test('.ci/run refuses an old Node with one sentence, before it installs anything', () => {
  const folder = mkdtempSync(join(tmpdir(), 'old-node-'));
  try {
    const fake = (name: string, script: string): void =>
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    fake('node', 'case "$1" in --version) echo v18.20.4;; *) exit 1;; esac');
    fake('npm', 'echo "npm was started"; exit 1');
    const { status, stdout, stderr } = spawnSync('bash', [join(root, '.ci/run')], {
      env: { PATH: `${folder}:${process.env['PATH'] ?? ''}` },
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr: 'Node 20.19 or later is needed; this is v18.20.4.\n',
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
