import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { decodePreferences, defaultPreferences } from '@learnamp/directory-sync/preferences';
import { expect, test } from 'vitest';
import { makeFakeConnection } from '../testing/fake-connection.js';
import { run, type Setting } from '../testing/run-words.js';
import { soundConfiguration } from '../testing/test-configuration.js';
import type { TestTerminal } from '../testing/test-terminal.js';

const addressOf = async (terminal: TestTerminal): Promise<string> => {
  for (;;) {
    const found = /http:\/\/127\.0\.0\.1:\d+/.exec(terminal.stderr())?.[0];
    if (found !== undefined) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
};

/** Asks it for something once it answers, and stops it then. */
const whileOpen = async <A>(ask: (address: string) => Promise<A>, setting: Setting = {}) => {
  let asked: Promise<A> | undefined;
  const result = await run('console --port 0', {
    preferences: () => Promise.resolve(decodePreferences),
    ...setting,
    onTerminal: (terminal) => {
      asked = addressOf(terminal)
        .then(ask)
        .finally(() => terminal.stop());
    },
  });
  if (asked === undefined) throw new Error('There was no terminal.');
  return { ...result, told: await asked };
};

const read = async (address: string): Promise<unknown> => (await fetch(address)).json();

const save = async (address: string, body: unknown) => {
  const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };
  const response = await fetch(address, { method: 'PUT', headers, body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
};

test('console answers on this machine until it is stopped, under the name of whoever started it', async () => {
  const { told, ...result } = await whileOpen((address) => read(`${address}/api/session`));
  expect(told).toMatchObject({ name: 'tester (command line)', role: 'admin', savesSettings: true });
  expect(result.code).toBe(0);
  expect(result.stderr).toContain('for whoever is on this machine, and for nobody else');
  expect(result.connection.closed()).toBe(1);
});

test('a configuration without tenant and group is set up in the console, and opened then', async () => {
  const { tenantId, groupId, ...rest } = soundConfiguration;
  const opened: unknown[] = [];
  const connection = makeFakeConnection();
  const { told, folder } = await whileOpen(
    async (address) => {
      const company = `${address}/api/companies/contoso`;
      const before = await read(company);
      const settings = (await read(`${company}/settings`)) as object;
      const saved = await save(`${company}/settings`, {
        ...settings,
        tenantId,
        groupId,
        preferences: defaultPreferences,
      });
      return { before, settings, saved, after: await read(company) };
    },
    {
      configuration: rest,
      open: (configuration) => {
        opened.push([configuration.tenantId, configuration.groupId]);
        return Promise.resolve(connection);
      },
    },
  );
  expect(told.before).toMatchObject({ isSetUp: false, status: null, tenantId: null });
  expect(told.settings).toMatchObject({ application: { clientId: tenantId }, isSetUp: false });
  expect(told.saved).toEqual({ status: 200, body: { takesEffect: 'next-sync' } });
  expect(told.after).toMatchObject({ isSetUp: true, tenantId, groupId });
  expect(opened).toEqual([[tenantId, groupId]]);
  expect(connection.closed()).toBe(1);
  const file = readFileSync(join(folder, 'directory-sync.json'), 'utf8');
  expect(JSON.parse(file)).toMatchObject({ ...rest, tenantId, groupId });
});

test('what is saved is opened anew, and what was open is closed', async () => {
  const connections = [makeFakeConnection(), makeFakeConnection()];
  let opened = 0;
  const { told } = await whileOpen(
    async (address) => {
      const settings = (await read(`${address}/api/companies/contoso/settings`)) as object;
      const preferences = { ...defaultPreferences, syncPhotos: false };
      return save(`${address}/api/companies/contoso/settings`, { ...settings, preferences });
    },
    { open: () => Promise.resolve(connections[opened++] ?? makeFakeConnection()) },
  );
  expect(told.status).toBe(200);
  expect(connections.map((each) => each.closed())).toEqual([1, 1]);
});

test('a port in use is one sentence, and frees what was opened', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as AddressInfo;
  const result = await run(`console --port ${port}`);
  taken.close();
  expect(result).toMatchObject({
    code: 1,
    stderr: `Another process listens on 127.0.0.1:${port} already: choose another --port.\n`,
  });
  expect(result.connection.closed()).toBe(1);
});
