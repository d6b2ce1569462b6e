import { spawnSync } from 'node:child_process';
import { eventLogCaseTitles } from '@learnamp/directory-sync-event-sourcing/conformance';
import { expect, test } from 'vitest';
import { availableDrivers } from '../../packages/event-log-sqlite/src/testing/drivers.js';
import { root } from './tree.js';

const files = [
  'packages/event-sourcing/src/memory-event-log.test.ts',
  'packages/event-log-sqlite/src/open-sqlite-event-log.test.ts',
  'test/eventstoredb/conformance.esdb.test.ts',
];

/** What the test runner would run of these files. */
const collected = (): ReadonlyArray<string> => {
  const words = ['node_modules/vitest/vitest.mjs', 'list', '--json', '--project', 'packages', ...files];
  const ended = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' });
  return (JSON.parse(ended.stdout) as ReadonlyArray<{ readonly name: string }>).map(({ name }) => name);
};

/** By the name of the log: the titles of its cases. */
const runs = (): ReadonlyMap<string, ReadonlyArray<string>> => {
  const byLog = new Map<string, string[]>();
  for (const name of collected()) {
    const [, log = '', title = ''] = /^event log conformance: (.*?) > (.*)$/.exec(name) ?? [];
    if (title !== '') byLog.set(log, [...(byLog.get(log) ?? []), title]);
  }
  return byLog;
};

/** Every log there is; what this machine lacks is left out by the runner's list, and by its own name in the report. */
const wanted = async (): Promise<ReadonlyArray<string>> => {
  const drivers = await availableDrivers();
  expect(drivers).not.toEqual([]);
  return [
    'memory',
    ...drivers.map((driver) => `SQLite through ${driver}`),
    'EventStoreDB, wire fake',
    ...(process.env['EVENTSTORE_URL'] === undefined ? [] : ['EventStoreDB, a real server']),
  ];
};

test('every log that this machine can run has every case of the conformance suite', { timeout: 240_000 }, async () => {
  const found = runs();
  expect([...found.keys()].sort()).toEqual([...(await wanted())].sort());
  expect(new Set(eventLogCaseTitles).size).toBe(eventLogCaseTitles.length);
  for (const [log, titles] of found) expect(titles, log).toEqual(eventLogCaseTitles);
  expect(eventLogCaseTitles.length).toBeGreaterThanOrEqual(57);
});
