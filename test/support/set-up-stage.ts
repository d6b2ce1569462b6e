import { openMemoryStores } from '@learnamp/directory-sync';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { onTestFinished } from 'vitest';
import { connect } from './connect.js';
import { hostOf } from './console-settings.js';

/** A company whose connection nobody has set up yet, and a host that keeps what is saved and opens an engine by it. */
export const openHostToSetUp = async () => {
  const simulator = await startSimulator({ seed: 9, company: { people: 12 } });
  onTestFinished(simulator.close);
  const stores = openMemoryStores();
  const host = hostOf(simulator, {
    open: ({ preferences }) => {
      const engine = connect(simulator, { stores, preferences });
      onTestFinished(engine.close);
      return engine;
    },
  });
  return { simulator, host };
};
