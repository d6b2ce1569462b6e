import type { GovernorSnapshot } from '@learnamp/directory-sync-graph';
import type { Reading } from './telemetry.js';

/** How Graph throttles a tenant, over all its transports. Invariant: the count never falls, also where a transport is closed. */
export const makeThrottleReadings = (tenantId: string, now: () => Date) => {
  const open = new Map<string, () => GovernorSnapshot>();
  let past = 0;
  const attributes = { tenant: tenantId, system: 'graph' };
  return {
    attend: (key: string, snapshot: () => GovernorSnapshot): void => {
      open.set(key, snapshot);
    },
    leave: (key: string): void => {
      past += open.get(key)?.().throttled ?? 0;
      open.delete(key);
    },
    read: (): ReadonlyArray<Reading> => {
      const snapshots = [...open.values()].map((snapshot) => snapshot());
      const waits = snapshots.map(({ closedUntil }) =>
        closedUntil === undefined ? 0 : Math.max(0, Date.parse(closedUntil) - now().getTime()) / 1_000,
      );
      const throttled = snapshots.reduce((sum, each) => sum + each.throttled, past);
      return [
        { name: 'throttled', value: throttled, attributes },
        { name: 'wait', value: Math.max(0, ...waits), attributes },
      ];
    },
  };
};
