import type { ChildProcess } from 'node:child_process';
import type { Status, SyncReport } from '@learnamp/directory-sync';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openCommandLine, type CommandLine } from '../../support/command-line.js';
import { freePort } from '../../support/example-company.js';
import { openMonolith } from '../../support/monolith.js';
import { blocksIn } from '../../repository/markdown.js';

const PATIENCE = { timeout: 60_000, interval: 50 };
const page = 'docs/how-to/run-beside-a-monolith.md';

/** The keys that the page shows, at the ports of this test. */
const shownKeys = (monolithPort: number, sidecarPort: number) => {
  const text = blocksIn(page).find(({ info }) => info === 'config')?.text ?? '{}';
  const moved = text.replaceAll('127.0.0.1:3000', `127.0.0.1:${monolithPort}`).replaceAll(':8080', `:${sidecarPort}`);
  return JSON.parse(moved) as Readonly<Record<'learnAmp' | 'notifications', Readonly<Record<string, unknown>>>>;
};

test('a monolith of another language has the engine beside it', async () => {
  const simulator = await startSimulator({ seed: 8, company: { people: 4, photos: 0 } });
  onTestFinished(() => simulator.close());
  const { directory, subscriptions, learnAmp, company } = simulator;
  const [port, sidecarPort] = [await freePort(), await freePort()];
  const publicUrl = `http://127.0.0.1:${port}/directory-sync/notifications`;
  const { learnAmp: api, notifications } = shownKeys(port, sidecarPort);
  const place: { commandLine?: CommandLine } = {};
  const monolith = await openMonolith(port, sidecarPort, simulator, () => place.commandLine);
  const commandLine = await openCommandLine(simulator, {
    extra: { learnAmp: api, notifications: { ...notifications, publicUrl }, schedule: { pollSeconds: 86_400 } },
    env: { LEARN_AMP_INTERNAL_TOKEN: monolith.token },
  });
  place.commandLine = commandLine;
  let sidecar: ChildProcess | undefined;
  const ended = commandLine.run(['run'], (child) => (sidecar = child));
  onTestFinished(() => void sidecar?.kill('SIGKILL'));

  const [first = '', second = ''] = company.people;
  await vi.waitFor(() => expect(learnAmp.accountByExternalId(first)).toBeDefined(), PATIENCE);
  await vi.waitFor(() => expect(subscriptions.list()).toHaveLength(2), PATIENCE);

  // A change that Graph tells of reaches the sidecar through the monolith.
  directory.updateUser(first, { jobTitle: 'Captain' });
  expect(await subscriptions.notify('users', [first])).toEqual([202]);
  await vi.waitFor(() => expect(learnAmp.accountByExternalId(first)?.jobTitle).toBe('Captain'), PATIENCE);

  // "Sync users" of the monolith, for a change that nobody told of; and its page.
  directory.updateUser(second, { jobTitle: 'Mate' });
  const pressed = await fetch(`http://127.0.0.1:${port}/directory-sync/sync`, { method: 'POST' });
  expect((await pressed.json()) as SyncReport).toMatchObject({ ok: true, people: { inScope: 4, linked: 4 } });
  expect(learnAmp.accountByExternalId(second)?.jobTitle).toBe('Mate');
  const looked = await fetch(`http://127.0.0.1:${port}/directory-sync`);
  expect((await looked.json()) as Status).toMatchObject({ live: { running: true, webhook: { state: 'ok' } } });

  sidecar?.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0 });
}, 120_000);
