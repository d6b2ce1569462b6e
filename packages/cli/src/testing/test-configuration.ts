import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Preferences } from '@learnamp/directory-sync';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll } from 'vitest';
import type { LoadPreferencesDecoder } from '../configuration/decode-configuration.js';

export const GUID = '11111111-2222-4333-8444-555555555555';

/** Secrets of tests: no output may hold them. */
export const GRAPH_CANARY = 'graph~canary.7f3K-secret';
export const LEARN_AMP_CANARY = 'learn-amp~canary.9x2Q';

export const environment = { GRAPH_CLIENT_SECRET: GRAPH_CANARY, LEARN_AMP_CLIENT_SECRET: LEARN_AMP_CANARY };

/** A configuration in which nothing is wrong, with every required key and no other. */
export const soundConfiguration = {
  connectionId: 'contoso',
  tenantId: GUID,
  groupId: '66666666-7777-4888-8999-aaaaaaaaaaaa',
  graph: { auth: { kind: 'client-secret', clientId: GUID, clientSecret: { env: 'GRAPH_CLIENT_SECRET' } } },
  learnAmp: {
    baseUrl: 'https://api.learnamp.com',
    auth: { kind: 'client-credentials', clientId: 'abc', clientSecret: { env: 'LEARN_AMP_CLIENT_SECRET' } },
  },
};

const folders: string[] = [];

/** A folder of its own, removed after the test file. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'directory-sync-cli-'));
  folders.push(folder);
  return folder;
};

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Writes `directory-sync.json` into a new folder and returns the folder. */
export const writeConfiguration = (configuration: unknown): string => {
  const folder = temporaryFolder();
  const text = typeof configuration === 'string' ? configuration : JSON.stringify(configuration);
  writeFileSync(join(folder, 'directory-sync.json'), text);
  return folder;
};

/** Preferences are the engine's to decode; here an object passes, and `{ "bad": … }` is one mistake. */
export const fakePreferences: LoadPreferencesDecoder = () =>
  Promise.resolve((input, path) =>
    typeof input === 'object' && input !== null && 'bad' in input
      ? E.left([{ path: `${path}.bad`, message: 'unknown key; did you mean `blanks`?' }])
      : E.right(input as Preferences),
  );
