import { makeMemoryCache } from '@learnamp/directory-sync-event-sourcing';
import { expect, it } from 'vitest';
import { decideAlerts, makeAlerts, type Conditions } from './alerts.js';
import type { Alert } from './sync-engine.js';

const HOUR = 3_600_000;
const start = Date.parse('2026-03-01T00:00:00Z');
const held = { held: { people: 3 } };

const open = () => {
  const told: Alert[] = [];
  const cache = makeMemoryCache();
  let at = start;
  const make = () =>
    makeAlerts({ connectionId: 'one', cache, alert: (alert) => told.push(alert), now: () => new Date(at) });
  return {
    told,
    make,
    pass: (hours: number) => {
      at += hours * HOUR;
    },
  };
};

it('a condition is told when it begins, with its counts, and daily while it stands', async () => {
  const { told, make, pass } = open();
  const alerts = make();
  for (let hour = 0; hour <= 48; hour += 1) {
    await alerts.consider(held);
    pass(1);
  }
  expect(told).toEqual([1, 2, 3].map(() => ({ kind: 'held', connectionId: 'one', counts: { people: 3 } })));
});

it('one that ended and came back is told anew; others are told on their own', async () => {
  const { told, make } = open();
  const alerts = make();
  const steps: ReadonlyArray<Conditions> = [held, {}, held, { ...held, stale: { minutes: 15 } }];
  for (const conditions of steps) await alerts.consider(conditions);
  expect(told.map(({ kind }) => kind)).toEqual(['held', 'held', 'stale']);
});

it('what was told before a restart is not told again after it', async () => {
  const { told, make, pass } = open();
  await make().consider(held);
  pass(2);
  await make().consider(held);
  expect(told).toHaveLength(1);
});

it('a clock that is set back tells early rather than never', () => {
  expect(decideAlerts({ held: start + 100 * HOUR }, held, start).tell).toEqual(['held']);
});

it('what nobody can say yet neither begins nor ends', () => {
  const undecided = new Set(['held'] as const);
  expect(decideAlerts({ held: start }, {}, start + HOUR, undecided)).toEqual({ tell: [], told: { held: start } });
  expect(decideAlerts({}, held, start, undecided)).toEqual({ tell: [], told: {} });
});
