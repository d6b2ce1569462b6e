import type { NetworkTrouble } from '../network.js';
import { times, type FaultKind, type Scene } from '../scene.js';

type Part = Omit<NetworkTrouble, 'nth'>;

const trouble = (name: string, part: Part): FaultKind => ({
  name,
  meets: 'writes',
  arm: ({ network }, random) => network.arm({ ...part, nth: random.integer(1, 6) }),
});

const cutOff = (scene: Scene, system: 'graph' | 'learnAmp') =>
  scene.network.arm({ system, nth: 1, goesOn: true, applied: false, code: 'ENOTFOUND' });

export const networkFaults: ReadonlyArray<FaultKind> = [
  trouble('graph-timeout', { system: 'graph', applied: false, code: 'UND_ERR_HEADERS_TIMEOUT' }),
  trouble('graph-answer-lost', { system: 'graph', applied: true, code: 'UND_ERR_HEADERS_TIMEOUT' }),
  trouble('learn-amp-timeout-before-the-effect', {
    ...{ system: 'learnAmp', writes: true, applied: false, code: 'UND_ERR_CONNECT_TIMEOUT' },
  }),
  trouble('learn-amp-timeout-after-the-effect', {
    ...{ system: 'learnAmp', writes: true, applied: true, code: 'UND_ERR_HEADERS_TIMEOUT' },
  }),
  {
    // Everything stops one by one, and comes back in another order.
    name: 'everything-stops',
    arm: async (scene, random) => {
      const { simulator, troubles, say, wait } = scene;
      const minutes = (): number => random.integer(1, 3) * 60_000;
      let healedNetwork = false;
      const stops = random.shuffle<() => { readonly hits: () => number }>([
        () => cutOff(scene, 'graph'),
        () => cutOff(scene, 'learnAmp'),
        () => simulator.faults.add({ system: 'token', action: { status: 503 } }),
        () => troubles.arm('SQLITE_IOERR', { places: ['append'], times: 1_000_000, after: false }),
      ]);
      let struck = 0;
      const armed: Array<{ readonly hits: () => number }> = [];
      for (const stop of stops) {
        armed.push(stop());
        await wait(minutes());
      }
      struck += armed.reduce((sum, { hits }) => sum + hits(), 0);
      say(`everything has stopped (${String(struck)} calls failed)`);
      const starts = random.shuffle<() => void>([
        () => {
          if (!healedNetwork) scene.network.heal();
          healedNetwork = true;
        },
        () => simulator.faults.clear(),
        () => troubles.heal(),
      ]);
      for (const start of starts) {
        start();
        await wait(minutes());
      }
      return times(struck);
    },
  },
];
