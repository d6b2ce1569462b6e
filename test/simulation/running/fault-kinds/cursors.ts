import type { Expiry, Simulator } from '@learnamp/directory-sync-simulator';
import { nothing, times, type FaultKind } from '../scene.js';

/** Every way in which the documents and people in the field say that a delta token is refused. */
const expiries: Readonly<Record<string, Expiry>> = {
  'graph-400-sync-state-not-found': 'syncStateNotFound',
  'graph-400-SyncStateNotFound': 'SyncStateNotFound',
  'graph-400-resync-required': 'resyncRequired',
  'graph-410-with-location': 'gone',
  'graph-410-alone': 'gone-empty',
};

const isDelta = (path: string): boolean => /\/delta$|microsoft\.graph\.delta/i.test(path);

/** The next request that comes with a delta token is refused. */
const expired = (simulator: Simulator, expiry: Expiry): { readonly hits: () => number } => {
  simulator.expireDeltaTokens(expiry);
  const watch = simulator.faults.add({
    system: 'graph',
    match: ({ path, query }) => isDelta(path) && [...query.keys()].some((name) => /^\$deltatoken$/i.test(name)),
    times: 1,
    action: { delayMs: 0 },
  });
  return { hits: watch.hits };
};

export const cursorFaults: ReadonlyArray<FaultKind> = [
  ...Object.entries(expiries).map(([name, expiry]): FaultKind => ({
    name,
    arm: ({ simulator }) => expired(simulator, expiry),
  })),
  {
    // Page tokens die between two pages of one round.
    name: 'graph-skip-token-death',
    arm: ({ simulator }, random) => {
      let left = random.integer(1, 3);
      let hits = 0;
      simulator.faults.add({
        system: 'graph',
        match: ({ query }) => {
          if (![...query.keys()].some((name) => /^\$skiptoken$/i.test(name))) return false;
          left -= 1;
          if (left === 0) {
            simulator.expirePageTokens();
            hits += 1;
          }
          return false;
        },
        action: { status: 500 },
      });
      return { hits: () => hits };
    },
  },
  {
    name: 'subscriptions-lost',
    arm: ({ simulator }) => {
      const lost = simulator.subscriptions.list();
      for (const { id } of lost) simulator.subscriptions.drop(id);
      return lost.length === 0 ? nothing : times(lost.length);
    },
  },
];
