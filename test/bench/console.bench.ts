import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bench, describe } from 'vitest';
import { madeConnection, madeId } from './support/made-history.js';
import { madeLog } from './support/made-log.js';
import { atMost, machine, once, print, runProgram } from './support/measured.js';

// What a page of the console costs the server, by the time of the processor: the first time after the start, once more, and
// behind a change. The log is made once and kept in the folder for temporary files, its rows beside it.
//
// By default 10,000 people: two minutes with making the log. What is promised is promised for `PEOPLE=100000`: a quarter of an
// hour, and 2 GB of disk.

const PEOPLE = Number(process.env['PEOPLE'] ?? 10_000);

type Figures = Readonly<Record<string, number>>;
type Answer = { readonly late: number; readonly first: Figures; readonly again: Figures; readonly changed: Figures };

const identity = {
  connectionId: madeConnection.connectionId,
  tenantId: madeId('tenant', 0),
  groupId: madeId('group', 0),
};

describe('the console', () => {
  bench(
    'what each page asks of the engine',
    async () => {
      print(`${machine()}; ${PEOPLE.toLocaleString('en')} people`);
      const log = await madeLog({ people: PEOPLE, events: Math.round(6.2 * PEOPLE), sealed: true });
      const { logPath, keysPath, stream } = log;
      const rows = `${logPath}.console`;
      const made = { logPath, keysPath, stream, identity };
      if (!existsSync(rows))
        for (const mode of ['rebuild', 'plan']) await runProgram('replay', { mode, ...made, localPath: rows });
      const folder = await mkdtemp(join(tmpdir(), 'console-bench-'));
      try {
        // Pausing is recorded: on a copy, so that the log stays what it is.
        const copy = {
          logPath: join(folder, 'log.db'),
          keysPath: join(folder, 'keys'),
          localPath: join(folder, 'rows'),
        };
        await copyFile(logPath, copy.logPath);
        await copyFile(keysPath, copy.keysPath);
        await copyFile(rows, copy.localPath);
        const answer = await runProgram<Answer>('console', { ...copy, identity, userId: madeId('person', 777) });
        print(`      ${'the first look at everybody, put off'.padEnd(38)}${answer.late.toFixed(0).padStart(7)} ms`);
        for (const [name, first] of Object.entries(answer.first))
          print(
            `      ${name.padEnd(38)}${first.toFixed(0).padStart(7)} ms first,` +
              ` ${(answer.again[name] ?? 0).toFixed(0)} again, ${(answer.changed[name] ?? 0).toFixed(0)} behind a change`,
          );
        const slowest = Math.max(...Object.values(answer.again), ...Object.values(answer.changed));
        atMost('the slowest page, milliseconds of the processor', slowest, { bar: 100, gate: 200 });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    once,
  );
});
