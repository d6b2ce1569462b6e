import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { randomFrom, type Simulator } from '@learnamp/directory-sync-simulator';
import { expect, it, onTestFinished } from 'vitest';
import { sqliteFolder } from '../support/connect.js';
import { connectionTo, hire, openCompany, openRunning, stopped } from '../support/running-engine.js';
import { makeVirtualTime } from '../support/virtual-time.js';

const MINUTE = 60_000;
const MINUTES = Number(process.env['MINUTES'] ?? 60);
const MEGABYTE = 1_048_576;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc', {}) as () => void;

/** Bytes that are in use once nothing is garbage. */
const heapInUse = (): number => {
  for (let round = 0; round < 3; round += 1) collectGarbage();
  return process.memoryUsage().heapUsed;
};
const openFiles = async (): Promise<number> => (await readdir('/proc/self/fd')).length;
const resources = (): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};
/** Kinds of which there are more than before, by more than what a run takes for itself. */
const moreThan = (
  now: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
  slack: number,
): ReadonlyArray<string> =>
  Object.entries(now).flatMap(([kind, count]) => (count > (before[kind] ?? 0) + slack ? [`${kind}: ${count}`] : []));
/** Every signal that was ever listened to, as long as it lives. */
const signals = new Set<WeakRef<AbortSignal>>();

/** Listeners on signals that are still there. */
const signalListeners = (): number => {
  let listeners = 0;
  for (const known of signals) {
    const signal = known.deref();
    if (signal === undefined) signals.delete(known);
    else listeners += getEventListeners(signal, 'abort').length;
  }
  return listeners;
};

/** Remembers the signals that somebody listens to, until the test ends. */
const watchSignals = (): void => {
  const seen = new WeakSet<AbortSignal>();
  const watch = (signal: AbortSignal): void => {
    if (!seen.has(signal)) signals.add(new WeakRef(signal));
    seen.add(signal);
  };
  // By hand: a spy would remember every signal itself.
  type Listen = (this: EventTarget, ...listener: Parameters<EventTarget['addEventListener']>) => void;
  const { prototype } = EventTarget;
  const listen: Listen = Reflect.get(prototype, 'addEventListener');
  const anyOf = AbortSignal.any.bind(AbortSignal);
  prototype.addEventListener = function (this: EventTarget, ...listener) {
    if (this instanceof AbortSignal) watch(this);
    listen.apply(this, listener);
  };
  AbortSignal.any = (parts) => {
    const joined = anyOf(parts);
    watch(joined);
    return joined;
  };
  onTestFinished(() => {
    prototype.addEventListener = listen;
    AbortSignal.any = anyOf;
  });
};

const processListeners = (): number => process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);

/** One thing that happens in a company; the number of people stays about the same. */
const edit = (company: Simulator, people: string[], pick: () => number): void => {
  const { directory } = company;
  const at = (): string => people[Math.floor(pick() * people.length)] ?? '';
  const kind = Math.floor(pick() * 7);
  if (kind === 0) people.push(hire(company, `New Person${Math.floor(pick() * 1e9)}`));
  else if (kind === 1 && people.length > 40) directory.removeMember(directory.scopeGroupId, people.shift() ?? '');
  else if (kind === 2) directory.setManager(at(), people.at(-1) ?? '');
  else if (kind === 3) directory.updateUser(at(), { department: `Department ${Math.floor(pick() * 5)}` });
  else if (kind === 4) {
    const surname = `Name${Math.floor(pick() * 1e9)}`;
    directory.updateUser(at(), { surname, userPrincipalName: `${surname.toLowerCase()}@fabrikam.example` });
  } else directory.updateUser(at(), { jobTitle: `Title ${Math.floor(pick() * 1e6)}` });
};

it(`${MINUTES} minutes of change leave nothing behind but the data: no memory, no file, no handle, no listener, no timer`, async () => {
  watchSignals();
  const files = await sqliteFolder();
  onTestFinished(files.remove);
  const filesBefore = await openFiles();
  const resourcesBefore = resources();
  const stores = await files.open();
  const time = makeVirtualTime();
  const company = await openCompany(time);
  const people = Array.from({ length: 60 }, (_, at) => hire(company, `Person Number${at}`));
  const { engine, cycles, notify } = await openRunning([company], { time, stores, notified: true });
  const wishes = { deactivationHold: { enabled: false }, creationHold: { enabled: false } };
  await engine.add(connectionTo(company, { wishes, schedule: { pollSeconds: 120 } }));
  engine.start();
  await time.until(() => cycles.length > 0 && company.subscriptions.list().length === 2, 5 * MINUTE);

  const { next } = randomFrom(7, 'edits');
  const live = async (minutes: number): Promise<void> => {
    for (let minute = 0; minute < minutes; minute += 1)
      for (const part of [20_000, 25_000, 15_000]) {
        edit(company, people, next);
        expect((await notify(company)).status).toBe(202);
        await time.pass(part);
      }
  };
  const look = async () => {
    // What the simulator remembers of requests is no part of it.
    company.requests.reset();
    return {
      heap: heapInUse(),
      signalListeners: signalListeners(),
      signals: signals.size,
      files: await openFiles(),
      timers: time.timers(),
      listeners: processListeners(),
      resources: resources(),
      log: (await stat(join(files.folder, 'log.db'))).size,
      wal: Math.max(
        ...(await Promise.all(
          (await readdir(files.folder))
            .filter((name) => name.endsWith('-wal'))
            .map(async (name) => (await stat(join(files.folder, name))).size),
        )),
      ),
    };
  };

  await live(MINUTES / 4);
  const early = await look();
  await live((MINUTES * 3) / 4);
  const late = await look();
  expect(cycles.every(({ ok }) => ok)).toBe(true);
  expect(cycles.length).toBeGreaterThan(MINUTES);

  const recorded = late.log - early.log;
  expect(recorded).toBeGreaterThan(0);
  // The simulator and this test remember what happened, too: about as much as the log.
  expect(late.heap - early.heap).toBeLessThan(5 * MEGABYTE + recorded);
  expect(late.signals).toBeLessThanOrEqual(early.signals + 10);
  expect(late.signalListeners).toBeLessThanOrEqual(early.signalListeners + 10);
  expect(late.wal).toBeLessThan(16 * MEGABYTE);
  expect(late.files).toBeLessThanOrEqual(early.files);
  expect(late.timers).toBeLessThanOrEqual(early.timers);
  expect(late.listeners).toBeLessThanOrEqual(early.listeners);
  expect(moreThan(late.resources, early.resources, 0)).toEqual([]);

  await stopped(time, engine);
  expect(time.timers()).toBe(0);
  await company.close();
  expect(await openFiles()).toBeLessThanOrEqual(filesBefore + 3);
  expect(moreThan(resources(), resourcesBefore, 2)).toEqual([]);
  const expected = [...company.directory.reachableUsers()].length;
  const active = company.learnAmp
    .accounts()
    .filter(({ status, integrationExternalId }) => integrationExternalId !== null && status !== 'deactivated');
  expect(active).toHaveLength(expected);
}, 900_000);
