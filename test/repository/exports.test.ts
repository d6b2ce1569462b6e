import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packages, root } from './tree.js';

// As a user of the packages gets them: by name, from the build, with no condition of ours.
const entries = packages().flatMap(({ folder, json }) =>
  Object.entries(json.exports ?? {}).map(([path, targets]) => ({
    folder,
    targets,
    specifier: path === '.' ? json.name : `${json.name}/${path.slice(2)}`,
  })),
);

test.each(entries)('$specifier is there as source, types and build', ({ folder, targets }) => {
  expect(Object.keys(targets)).toEqual(['directory-sync-source', 'types', 'default']);
  for (const target of Object.values(targets))
    expect(existsSync(join(root, 'packages', folder, target)), target).toBe(true);
});

test('every entry of a library can be imported from its build', () => {
  // The demo's entry is the demo itself.
  const specifiers = entries.filter(({ folder }) => folder !== 'demo').map(({ specifier }) => specifier);
  const script = `
    for (const specifier of ${JSON.stringify(specifiers)}) {
      const names = Object.keys(await import(specifier));
      if (names.length === 0) throw new Error(specifier + ' exports nothing');
      if (names.includes('default')) throw new Error(specifier + ' has a default export');
    }`;
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8' });
  expect(ended.stderr).toBe('');
  expect(ended.status).toBe(0);
});

test('what is not exported cannot be imported', () => {
  const script = `await import('@learnamp/directory-sync-domain/dist/index.js')`;
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8' });
  expect(ended.stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
});

test('a process that reads a directory keeps a fetch of its own, whatever it asked for first', () => {
  const script = (first: string): string => `
    import { createServer } from 'node:http';
    ${first}
    const { openMicrosoftGraph } = await import('@learnamp/directory-sync');
    const id = '11111111-1111-4111-8111-111111111111';
    const auth = { kind: 'client-secret', clientId: id, clientSecret: 'x', authority: 'https://login.microsoftonline.com' };
    const baseUrl = 'https://graph.microsoft.com/v1.0';
    const source = openMicrosoftGraph({ tenantId: id, cloud: 'global', baseUrl, auth, customAttributes: [], patienceMs: 1 });
    const server = createServer((_, response) => response.end('answered')).listen(0, '127.0.0.1', async () => {
      const { port } = server.address();
      console.log(await (await fetch('http://127.0.0.1:' + port)).text());
      await source.close();
      server.closeAllConnections();
      server.close();
    });`;
  for (const first of ['', 'new Headers();']) {
    const words = ['--input-type=module', '-e', script(first)];
    const { stdout, stderr } = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: 'answered\n', stderr: '' });
  }
});
