// Reads a log once and folds it, in a process of its own, and prints what that took as JSON.
//
//   node replay.js '{ "mode": "floor", "logPath": "...", "keysPath": "...", "stream": "...", "times": 1, "warm": 0 }'
//
// `warm`: passes before the measured ones, so that a short log does not measure the compiler.
//
// - floor: every row through the plain binding, JSON.parse of both texts, and Map.set.
// - fold: the log's pages, decoded, upcast and folded, without a check of the chain.
// - replay: what the product does: the chain is verified, seals are opened, then the fold.
// - read: the same without the fold.
// - counts: rows and drafts of the fold.
// - rebuild: the whole command: every row is folded from the first event and written to a database on the disk.
// - plan: what the first cycle on those rows does before it sends anything: everybody is planned, and noted as done.
// - ready: a new process that finds those rows, until it can tell its status.
// - head: what that cannot do without: the file is opened, and its last row read.
import { createDirectorySync, defaultPreferences } from '@learnamp/directory-sync';
import { openSqliteStores } from '@learnamp/directory-sync/sqlite';
import { deliveredKeysOf, directoryEvents, initialConnection } from '@learnamp/directory-sync-domain';
import { defineEvents, makeMemoryRows, openEventStream } from '@learnamp/directory-sync-event-sourcing';
import { openSqliteEventLog, openSqliteKeyStore } from '@learnamp/directory-sync-event-log-sqlite';
import { makePlanner } from '../../../packages/engine/dist/deliver/plan-now.js';
import { foldTail, openState, rowsOf } from '../../../packages/engine/dist/open-stream.js';
import { readStream } from '../../../packages/engine/dist/record/read-stream.js';
import { foldEvents } from '../../../packages/engine/dist/state/fold-events.js';
import { tables } from '../../../packages/engine/dist/state/tables.js';
import { makeEngineState } from '../../../packages/engine/dist/state/engine-state.js';
import { stateDigest } from '../../../packages/engine/dist/state/state-digest.js';
import { readRecords } from '../../../packages/event-sourcing/dist/record-reader.js';
import { makeSealingKeys } from '../../../packages/event-sourcing/dist/sealing-keys.js';
import { openPlain } from './open-plain.js';

const {
  mode,
  logPath,
  keysPath,
  stream: name,
  localPath,
  identity,
  digest,
  times = 1,
  warm = 0,
} = JSON.parse(process.argv[2]);

const floor = async () => {
  const plain = await openPlain(logPath);
  const rows = plain
    .prepare(
      `SELECT id, type, schema_version, revision, recorded_at, data, metadata, hash FROM events
       WHERE stream_id = (SELECT stream_id FROM streams WHERE name = ?) ORDER BY revision`,
    )
    .iterate(name);
  const states = new Map();
  let events = 0;
  for (const row of rows) {
    const data = JSON.parse(row.data);
    const { subjects } = JSON.parse(row.metadata);
    const key = subjects[0] ?? '';
    states.set(key, { ...states.get(key), ...data });
    events += 1;
  }
  plain.close();
  return { events, keys: states.size };
};

const opened = async () => {
  const log = await openSqliteEventLog({ path: logPath });
  const keys = await openSqliteKeyStore({ path: keysPath });
  const registry = defineEvents(directoryEvents);
  const stream = openEventStream({
    log,
    keys,
    registry,
    name,
    owner: 'nobody',
    now: () => new Date(),
    newId: () => '',
  });
  const close = async () => {
    await log.close();
    await keys.close();
  };
  return { log, keys, registry, stream, close };
};

const told = (state) => ({
  events: state.eventCount(),
  ...(digest === true ? { digest: stateDigest(state), counts: state.counts() } : {}),
});

const fold = async () => {
  const { log, keys, registry, close } = await opened();
  const reader = { stream: name, registry, keys, sealingKeys: makeSealingKeys() };
  const state = makeEngineState();
  for await (const records of log.pages(name)) {
    const events = [];
    for (const read of await readRecords(reader, records, new Set())) {
      if (read._tag === 'Failed') throw new Error(read.failure._tag);
      if (read._tag === 'Event') events.push(read.event);
    }
    const { revision, metadata } = records.at(-1);
    state.apply(events, { revision, hash: metadata.hash });
  }
  await close();
  return told(state);
};

const replay = async () => {
  const { stream, close } = await opened();
  const state = makeEngineState();
  await foldTail(stream, state);
  await close();
  return told(state);
};

const read = async () => {
  const { stream, close } = await opened();
  let events = 0;
  for await (const page of readStream(stream, 0n)) events += page.events.length;
  await close();
  return { events };
};

const head = async () => {
  const plain = await openPlain(logPath);
  const row = plain.prepare('SELECT data, metadata FROM events ORDER BY stream_id DESC, revision DESC LIMIT 1').get();
  JSON.parse(row.data);
  plain.close();
  return { events: 1 };
};

/** The product over its stores, with nobody at the far ends. */
const engineOver = async () => {
  const stores = await openSqliteStores({ logPath, keysPath, localPath });
  const engine = createDirectorySync({
    ...identity,
    preferences: defaultPreferences,
    ...stores,
    directory: {},
    learnAmp: {},
    settings: { graphBaseUrl: 'none', graphCredential: 'none', learnAmpBaseUrl: 'none' },
  });
  const close = async () => {
    for (const store of Object.values(stores)) await store.close();
  };
  return { engine, close };
};

const rebuild = async () => {
  const { engine, close } = await engineOver();
  const { events, stateDigest: found } = await engine.rebuild();
  await close();
  return { events, digest: found };
};

const plan = async () => {
  const { stream, close } = await opened();
  const stores = await openSqliteStores({ logPath, keysPath, localPath });
  const state = await openState(stream, await rowsOf(stores.projections, stream));
  const clock = { graphTime: undefined };
  const planner = makePlanner({ state, preferences: defaultPreferences, full: false, clock, now: () => new Date() });
  await planner.finish();
  const answer = { events: state.eventCount(), plans: planner.plans().size };
  for (const store of Object.values(stores)) await store.close();
  await close();
  return answer;
};

const ready = async () => {
  const { engine, close } = await engineOver();
  const status = await engine.status();
  await close();
  return { status };
};

/** How many rows are written and how many states are drafted for each fold of an event into a person. */
const counts = async () => {
  const { stream, close } = await opened();
  const counted = { events: 0, folded: 0, drafts: 0, rows: 0 };
  const rows = makeMemoryRows();
  const commit = (changes, from, to) => {
    counted.rows += changes.length;
    return rows.commit(changes, from, to);
  };
  const state = makeEngineState({ ...rows, commit });
  const drafted = new Map();
  let totals = { connection: initialConnection, counts: state.counts(), samples: [], newestKey: undefined };
  for await (const { events, head } of readStream(stream, 0n)) {
    state.apply(events, head);
    const buffer = {
      get: (table, key) => drafted.get(table + key),
      put: (table, key, value) => {
        if (table === tables.people || table === tables.delivered) counted.drafts += 1;
        drafted.set(table + key, value);
      },
      remove: (table, key) => drafted.delete(table + key),
    };
    // Piece by piece, as a cycle folds them: a long stretch makes one copy for many changes of one person.
    for (let at = 0; at < events.length; at += 100) totals = foldEvents(buffer, totals, events.slice(at, at + 100));
    counted.events += events.length;
    for (const event of events) counted.folded += Math.max(1, deliveredKeysOf(event).length);
  }
  await close();
  return counted;
};

const modes = { floor, fold, read, replay, rebuild, plan, ready, head, counts };
for (let pass = 0; pass < warm; pass += 1) await modes[mode]();
const [began, before] = [performance.now(), process.cpuUsage()];
let answer = await modes[mode]();
for (let again = 1; again < times; again += 1) answer = await modes[mode]();
if (times > 1) answer.events *= times;
const milliseconds = performance.now() - began;
const { user, system } = process.cpuUsage(before);
// On Linux in KiB.
const peak = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ mode, ...answer, milliseconds, cpu: (user + system) / 1_000, peakMiB: peak }));
