import type { DirectorySync } from '@learnamp/directory-sync';
import { connect } from './connect.js';
import { connectionTo, hire, lastingStores, openCompany, openRunning, type RunningOptions } from './running-engine.js';
import { makeVirtualTime } from './virtual-time.js';

const SECOND = 1_000;

/** A company of these people whose running engine has synced it once, and rests. */
export const openInStep = async (names: ReadonlyArray<string>, options: RunningOptions = {}) => {
  const time = makeVirtualTime();
  const company = await openCompany(time);
  const crew = names.map((name) => hire(company, name));
  const running = await openRunning([company], { stores: lastingStores(), ...options, time });
  const connection = await running.engine.add(connectionTo(company));
  running.engine.start();
  await time.until(() => running.cycles.length >= 1, 60 * SECOND);
  await time.pass(15 * SECOND);
  /** Another process over the same files. */
  const another = (): DirectorySync => connect(company, { stores: running.stores, now: time.now });
  return { ...running, time, company, crew, connection, another };
};
