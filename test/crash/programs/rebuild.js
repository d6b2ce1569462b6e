// Rebuilds the rows of a log in a process of its own, tells how far it is line by line, and last what it came to.
//
//   node rebuild.js '{ "logPath": "...", "keysPath": "...", "localPath": "...", "stream": "...", "commitRows": 200 }'
import { defaultPreferences } from '@learnamp/directory-sync';
import { directoryEvents } from '@learnamp/directory-sync-domain';
import {
  openSqliteEventLog,
  openSqliteKeyStore,
  openSqliteProjections,
} from '@learnamp/directory-sync-event-log-sqlite';
import { defineEvents, openEventStream } from '@learnamp/directory-sync-event-sourcing';
import { rebuildRows } from '../../../packages/engine/dist/rebuild/rebuild-rows.js';
import { foldVersion } from '../../../packages/engine/dist/state/tables.js';

const { logPath, keysPath, localPath, stream: name, commitRows } = JSON.parse(process.argv[2]);
const log = await openSqliteEventLog({ path: logPath });
const keys = await openSqliteKeyStore({ path: keysPath });
const projections = await openSqliteProjections({ path: localPath });
const now = () => new Date();
const newId = () => 'none';
const stream = openEventStream({
  log,
  keys,
  registry: defineEvents(directoryEvents),
  name,
  owner: 'nobody',
  now,
  newId,
});
const report = await rebuildRows(
  {
    stream,
    projections,
    rows: await projections.rows({ name, version: foldVersion }),
    preferences: defaultPreferences,
    now,
    check: () => undefined,
    commitRows,
  },
  { onProgress: ({ step, done }) => step === 'fold' && process.stdout.write(`${done}\n`) },
);
process.stdout.write(`${JSON.stringify(report)}\n`);
for (const store of [projections, keys, log]) await store.close();
