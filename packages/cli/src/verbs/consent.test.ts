import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { json, runWords } from '../testing/run-words.js';
import { GUID, soundConfiguration, writeConfiguration } from '../testing/test-configuration.js';

test('consent tells where an administrator of the tenant consents, and keeps nothing but what the answer needs', async () => {
  const folder = writeConfiguration(soundConfiguration);
  const { code, stdout, stderr, opened } = await runWords(['consent'], { folder });
  expect({ code, stderr, opened }).toEqual({ code: 0, stderr: '', opened: [] });
  const url = new URL(stdout.split('\n')[2] ?? '');
  expect(url.origin + url.pathname).toBe(`https://login.microsoftonline.com/${GUID}/v2.0/adminconsent`);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    client_id: GUID,
    scope: 'https://graph.microsoft.com/.default',
    redirect_uri: 'http://localhost/directory-sync-consent',
    state: expect.stringMatching(/^[\w-]{43}$/) as unknown,
  });
  expect([existsSync(join(folder, 'contoso.db')), existsSync(join(folder, 'contoso.db.local'))]).toEqual([false, true]);
});

test('--redirect is the registered address, told as JSON as well', async () => {
  const redirect = 'https://host.example/consented';
  const { stdout } = await runWords(['consent', '--redirect', redirect, '--json']);
  const told = json(stdout) as { url: string; redirectUri: string };
  expect(told.redirectUri).toBe(redirect);
  expect(new URL(told.url).searchParams.get('redirect_uri')).toBe(redirect);
});

test.each([
  [['consent', '--redirect', 'http://host.example/'], '--redirect must be an https address'],
  [['consent', '--redirect', 'https://host.example/?tab=1'], '--redirect must be an address without a query'],
  [['consent', 'complete'], 'Give the whole address'],
  [['consent', 'complete', 'nowhere'], 'Give the whole address'],
  [
    ['consent', 'complete', 'http://localhost/directory-sync-consent?admin_consent=True&state=made-up'],
    'belongs to no consent that was begun in this session',
  ],
])('%j is exit code 2', async (words, says) => {
  const { code, stdout, stderr } = await runWords(words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(says);
});

test('an administrator who declined is exit code 1', async () => {
  const address =
    'http://localhost/directory-sync-consent?error=consent_required&error_description=AADSTS65004&state=x';
  const { code, stderr } = await runWords(['consent', 'complete', address]);
  expect(code).toBe(1);
  expect(stderr).toBe('There is no consent (AADSTS65004): the consent was declined. Begin the consent again.\n');
});

test('nothing in memory, and no fixed token, is consented to', async () => {
  const inMemory = { ...soundConfiguration, eventLog: { kind: 'memory' } };
  expect(await runWords(['consent'], { configuration: inMemory })).toMatchObject({ code: 2 });
});
