import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { run } from '../testing/run-words.js';
import type { TestTerminal } from '../testing/test-terminal.js';

/** Waits for the address, asks it for something, and stops the console. */
const whileOpen = async (terminal: TestTerminal, ask: (address: string) => Promise<void>): Promise<void> => {
  let address: string | undefined;
  while (address === undefined) {
    await new Promise((resolve) => setImmediate(resolve));
    address = /http:\/\/127\.0\.0\.1:\d+/.exec(terminal.stderr())?.[0];
  }
  await ask(address).finally(terminal.stop);
};

test('console answers on this machine until it is stopped, under the name of whoever started it', async () => {
  let session: unknown;
  let asked: Promise<void> | undefined;
  const result = await run('console --port 0', {
    onTerminal: (terminal) => {
      asked = whileOpen(terminal, async (address) => {
        session = await (await fetch(`${address}/api/session`)).json();
      });
    },
  });
  await asked;
  expect(session).toMatchObject({ name: 'tester (command line)', role: 'admin', savesPreferences: false });
  expect(result.code).toBe(0);
  expect(result.stderr).toContain('for whoever is on this machine, and for nobody else');
  expect(result.connection.closed()).toBe(1);
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
