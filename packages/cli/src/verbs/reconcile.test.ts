import type { ReconcileReport } from '@learnamp/directory-sync';
import { expect, test } from 'vitest';
import { makeLive, makeReport, makeStatus, objectId } from '../testing/fake-connection.js';
import { json, run } from '../testing/run-words.js';

const reconciled: ReconcileReport = {
  report: makeReport({ exitCode: 4 }),
  looked: { accounts: 1200, compared: 1187 },
  differences: [
    { userId: objectId(1), fields: ['jobTitle', 'custom:Desk \u001b[2J'], outcome: 'put-right' },
    { userId: objectId(2), fields: ['jobTitle'], outcome: 'put-right' },
    { userId: objectId(3), fields: ['email'], outcome: 'parked' },
  ],
};

const answering = (report: ReconcileReport) => {
  const asked: unknown[] = [];
  return {
    asked,
    setting: {
      connection: {
        reconcile: (options: unknown) => {
          asked.push(options);
          return Promise.resolve(report);
        },
      },
    },
  };
};

test('says what was looked at, what differed, and what became of it', async () => {
  const { setting, asked } = answering(reconciled);
  const result = await run('reconcile --by Olga', setting);
  expect(result.code).toBe(4);
  expect(asked).toMatchObject([{ actor: 'Olga' }]);
  expect(result.opened).toEqual([{ readOnly: false, logger: undefined }]);
  expect(result.stdout).toContain('Looked at 1,200 accounts at Learn Amp, and compared 1,187 people.');
  expect(result.stdout).toContain('3 people differ: jobTitle 2, custom:Desk \\u{1b}[2J 1, email 1.');
  expect(result.stdout).toContain('Of them 2 put right, 1 waits for a person.');
  expect(result.stdout).toMatch(new RegExp(`${objectId(3)} +email +waits for a person`));
});

test('says so where nothing differs', async () => {
  const result = await run('reconcile', answering({ ...reconciled, report: makeReport(), differences: [] }).setting);
  expect(result.code).toBe(0);
  expect(result.stdout).toContain('Nothing was changed by hand in what this connection owns.');
});

test('--json prints the whole of it', async () => {
  expect(json((await run('reconcile --json', answering(reconciled).setting)).stdout)).toEqual(reconciled);
});

test('a paused connection is not looked at', async () => {
  const { asked, setting } = answering(reconciled);
  const connection = { ...setting.connection, status: () => Promise.resolve(makeStatus({ paused: true })) };
  const result = await run('reconcile', { connection });
  expect(result).toMatchObject({ code: 1, stdout: '' });
  expect(result.stderr).toContain('is paused');
  expect(asked).toEqual([]);
});

test('where an engine runs it is asked, and what it counted is not known', async () => {
  const { setting } = answering({ ...reconciled, looked: null });
  const status = () => Promise.resolve(makeStatus({ live: makeLive({ running: true }) }));
  const result = await run('reconcile', { connection: { ...setting.connection, status } });
  expect(result.stderr).toContain('An engine runs this connection');
  expect(result.stdout).toContain('The engine that runs this connection looked at every account.');
});
