// What the pages of the console ask of an engine, each call timed by the time of the processor: the first time after the start,
// once more, and behind a change. In a process of its own over the built packages, and prints it as JSON.
//
//   node console.js '{ "logPath": "...", "keysPath": "...", "localPath": "...", "identity": {}, "userId": "..." }'
import { createDirectorySync, defaultPreferences } from '@learnamp/directory-sync';
import { openSqliteStores } from '@learnamp/directory-sync/sqlite';

const { logPath, keysPath, localPath, identity, userId } = JSON.parse(process.argv[2]);

const stores = await openSqliteStores({ logPath, keysPath, localPath });
const engine = createDirectorySync({
  ...identity,
  preferences: defaultPreferences,
  ...stores,
  directory: { leftOut: () => ({ users: [], groups: [] }) },
  learnAmp: {},
  settings: { graphBaseUrl: 'none', graphCredential: 'none', learnAmpBaseUrl: 'none' },
});
const by = { actor: 'a benchmark', reason: 'a benchmark' };

const page = async (events) => {
  const shown = [];
  for await (const event of events) if (shown.push(event) === 100) break;
  return shown;
};

const calls = {
  status: () => engine.status(),
  'people, first page': () => engine.searchPeople({ by }),
  'people, by name': () => engine.searchPeople({ text: 'garcia', by }),
  'people, parked': () => engine.searchPeople({ statuses: ['parked'], by }),
  'one person': () => engine.person(userId, { by }),
  'why, of one person': () => engine.why(userId, { by }),
  held: () => engine.held({ limit: 500, by }),
  parked: () => engine.parked({ limit: 500, by }),
  activity: () => engine.activity(),
  'events, newest 100': () => page(engine.events({ order: 'newest-first' })),
};

const timed = async (call) => {
  const before = process.cpuUsage();
  await call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

const all = async (prepare) => {
  const figures = {};
  for (const [name, call] of Object.entries(calls)) {
    await prepare();
    figures[name] = await timed(call);
  }
  return figures;
};

const nothing = () => Promise.resolve();
// An engine that runs has its state open: a decision over nobody opens it, and records nothing.
await engine.retry({ userIds: [], by: by.actor, reason: by.reason });
const late = await timed(() => engine.searchPeople({ patienceMs: 60, by }));
const first = await all(nothing);
const again = await all(nothing);
const changed = await all(async () => {
  await engine.pause(by);
  await engine.resume(by);
});
for (const store of Object.values(stores)) await store.close();
process.stdout.write(JSON.stringify({ late, first, again, changed }));
