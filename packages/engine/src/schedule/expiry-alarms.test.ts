import { expect, it } from 'vitest';
import { makeExpiryAlarms } from './expiry-alarms.js';
import type { Alert } from './sync-engine.js';

const DAY = 24 * 3_600_000;
const start = Date.parse('2026-11-24T10:00:00Z');

const open = (daysAhead: number | undefined) => {
  const kept = new Map<string, string>();
  const told: Alert[] = [];
  let at = start;
  let expiresAt = daysAhead === undefined ? undefined : new Date(start + daysAhead * DAY);
  const make = () =>
    makeExpiryAlarms({
      connectionId: 'one',
      cache: {
        get: (key) => Promise.resolve(kept.get(key)),
        put: (key, text) => {
          kept.set(key, text);
          return Promise.resolve();
        },
        take: () => Promise.resolve(undefined),
        scrub: () => Promise.resolve(),
        close: () => Promise.resolve(),
      },
      alert: (alert) => told.push(alert),
      now: () => new Date(at),
      expiry: () => Promise.resolve(expiresAt),
    });
  return {
    told: () => told.map(({ counts }) => counts['daysLeft']),
    alerts: told,
    make,
    pass: (days: number) => {
      at += days * DAY;
    },
    replace: (days: number) => {
      expiresAt = new Date(at + days * DAY);
    },
  };
};

it('a credential that ends is told of when 30, 7 and 1 days are left, once each', async () => {
  const { told, alerts, make, pass } = open(40.5);
  const alarms = make();
  for (let half = 0; half < 90; half += 1) {
    await alarms.consider();
    pass(0.5);
  }
  expect(told()).toEqual([30, 7, 1]);
  expect(alerts[0]).toEqual({ kind: 'credentials', connectionId: 'one', counts: { daysLeft: 30 } });
});

it('a restart does not tell again what was told', async () => {
  const { told, make, pass } = open(29);
  await make().consider();
  pass(1);
  await make().consider();
  expect(told()).toEqual([29]);
  pass(22);
  await make().consider();
  expect(told()).toEqual([29, 6]);
});

it('one that was found late is told of once, by the nearest of the three', async () => {
  const { told, make, pass } = open(0.5);
  await make().consider();
  pass(0.1);
  await make().consider();
  expect(told()).toEqual([0]);
});

it('a replaced credential begins anew, and one whose end nobody knows is not told of', async () => {
  const { told, make, pass, replace } = open(5);
  const alarms = make();
  await alarms.consider();
  replace(365);
  pass(1);
  await alarms.consider();
  expect(told()).toEqual([5]);
  pass(335);
  await alarms.consider();
  expect(told()).toEqual([5, 29]);
  const unknown = open(undefined);
  await unknown.make().consider();
  expect(unknown.told()).toEqual([]);
});
