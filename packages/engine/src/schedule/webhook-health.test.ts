import { expect, it } from 'vitest';
import type { SubscriptionStatus } from '../subscriptions/subscription-status.js';
import { afterFound, afterNotified, webhookHealth, type Silence } from './webhook-health.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const start = Date.parse('2026-03-01T00:00:00Z');
const never: Silence = { lastNotificationAt: undefined, foundAt: undefined };

const subscription = (changes: Partial<SubscriptionStatus> = {}): SubscriptionStatus => ({
  resource: 'users',
  mode: 'notified',
  subscriptionId: 'a',
  expiresAt: '2026-03-28T00:00:00.000Z',
  renewAt: '2026-03-14T00:00:00.000Z',
  problem: undefined,
  ...changes,
});
const both = [subscription(), subscription({ resource: 'groups', expiresAt: '2026-03-27T00:00:00.000Z' })];

it('is off without an address, and well with two live subscriptions: the first end counts', () => {
  expect(webhookHealth(false, [], never, start)).toMatchObject({ state: 'off', problem: null });
  expect(webhookHealth(true, both, never, start)).toEqual({
    state: 'ok',
    lastNotificationAt: null,
    expiresAt: '2026-03-27T00:00:00.000Z',
    problem: null,
  });
});

it('names the subscription that is missing, and why', () => {
  const problem = { reason: 'quota', since: '', retryAt: undefined };
  const health = webhookHealth(true, [subscription({ mode: 'poll-only', problem }), subscription()], never, start);
  expect(health.state).toBe('poll-only');
  expect(health.problem).toBe('There is no subscription to users (quota): changes come with the polls.');
  expect(webhookHealth(true, [], never, start)).toMatchObject({ state: 'poll-only' });
});

it('FC-39: polls that find changes for an hour without a notification raise the doubt, and a notification ends it', () => {
  const silent = afterFound(afterNotified(start), start + 2 * HOUR);
  const at = (silence: Silence, now: number) => webhookHealth(true, both, silence, now).problem;
  expect(at(silent, start + 2 * HOUR + 59 * MINUTE)).toBeNull();
  expect(at(silent, start + 3 * HOUR)).toMatch(/^No notification came since 2026-03-01T00:00:00.000Z, while polls/);
  expect(at(afterFound(never, start), start + HOUR)).toMatch(/^No notification ever came/);
  expect(at(afterNotified(start + 3 * HOUR), start + 9 * HOUR)).toBeNull();
});

it('FC-39: the first find counts, and one shortly after a notification does not', () => {
  const first = afterFound(never, start);
  expect(afterFound(first, start + HOUR)).toEqual(first);
  expect(afterFound(afterNotified(start), start + 5 * MINUTE).foundAt).toBeUndefined();
  expect(afterFound(afterNotified(start), start + 16 * MINUTE).foundAt).toBe(start + 16 * MINUTE);
});
