import type { Alert, EndedCycle, Status, SyncEngine } from '@learnamp/directory-sync';
import { makeNotificationHandler, openMemoryStores } from '@learnamp/directory-sync';
import type { Configuration } from '../configuration/configuration.js';
import type { EngineOptions, OpenEngine } from '../open-engine.js';
import { makeFakeConnection, makeStatus } from './fake-connection.js';

export type FakeEngine = {
  readonly open: OpenEngine;
  readonly opened: { configurations: ReadonlyArray<Configuration>; options: EngineOptions }[];
  /** What was called on it, in order. */
  readonly calls: string[];
  readonly tell: (cycle: EndedCycle) => void;
  readonly alert: (alert: Alert) => void;
  /** Rejects from now on. */
  readonly breakStatus: () => void;
};

/** An engine without connections behind it; `onStart` is called when it is started. */
export const makeFakeEngine = (
  onStart: (engine: FakeEngine) => void = () => undefined,
  statuses: ReadonlyArray<Status> = [makeStatus()],
): FakeEngine => {
  const { inbox } = openMemoryStores();
  const calls: string[] = [];
  const opened: FakeEngine['opened'] = [];
  let broken = false;
  // Answers handshakes; of no subscription it knows.
  const handler = makeNotificationHandler({ inbox, known: () => undefined, now: () => new Date(0) });
  const engine: SyncEngine = {
    add: () => Promise.resolve(makeFakeConnection()),
    remove: () => Promise.resolve(),
    connection: () => undefined,
    start: () => {
      calls.push('start');
      onStart(fake);
    },
    stop: (options) => {
      calls.push(`stop ${options?.deadlineMs ?? ''}`);
      return Promise.resolve();
    },
    status: () => (broken ? Promise.reject(new Error('the log cannot be read')) : Promise.resolve(statuses)),
    forgetToken: () => undefined,
    handler,
  };
  const fake: FakeEngine = {
    open: (configurations, options) => {
      opened.push({ configurations, options });
      return Promise.resolve({ ...engine, change: () => Promise.resolve(), notes: () => undefined });
    },
    opened,
    calls,
    tell: (cycle) => opened[0]?.options.onCycle(cycle),
    alert: (alert) => opened[0]?.options.alert(alert),
    breakStatus: () => (broken = true),
  };
  return fake;
};
