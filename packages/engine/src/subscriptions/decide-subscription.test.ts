import type { GraphSubscription } from '@learnamp/directory-sync-graph';
import { describe, expect, it } from 'vitest';
import type { Move, Sight, Standing, SubscriptionView } from './decide-subscription.js';
import { decideSubscription, moves } from './decide-subscription.js';
import type { KeptSubscription } from './tenant-subscriptions.js';

const url = 'https://host.example/notifications';
const elsewhere = 'https://other.example/hook';
const day = (n: number): string => new Date(Date.parse('2026-11-01T00:00:00Z') + n * 86_400_000).toISOString();

/** Made on day 0, ends on day 28: half its life is over on day 14. */
const kept: KeptSubscription = {
  subscriptionId: 'ours',
  expiresAt: day(28),
  since: day(0),
  clientStateDigest: 'digest',
};
const at = (id: string, changes: Partial<GraphSubscription> = {}): GraphSubscription => ({
  subscriptionId: id,
  resource: 'Users',
  changeType: 'updated,deleted',
  notificationUrl: url,
  expiresAt: day(28),
  ...changes,
});

const view = (changes: Partial<SubscriptionView> & { readonly current?: KeptSubscription }): SubscriptionView => ({
  resource: 'users',
  kept: { current: changes.current, former: [], absence: undefined },
  listed: [],
  notificationUrl: url,
  now: new Date(day(1)),
  renewNow: false,
  overlapping: false,
  ...changes,
});
const ended = (digest: string | undefined) => ({
  current: undefined,
  former: [{ ...kept, clientStateDigest: digest, endedAt: day(1) }],
  absence: undefined,
});

describe('what comes next', () => {
  it.each<[string, SubscriptionView, Move]>([
    [
      'ours, listed with an end that is nearer than the recorded one, and in its second half: renew',
      view({ current: kept, now: new Date(day(4)), listed: [at('ours', { expiresAt: day(6) })] }),
      'renew',
    ],
    [
      'ours, listed with a later end than the recorded one: stay',
      view({ current: kept, now: new Date(day(4)), listed: [at('ours', { expiresAt: day(60) })] }),
      'stay',
    ],
    ['nothing is known and Graph was not asked: look', view({ listed: undefined }), 'look'],
    ['nothing is known and nothing is there: create', view({}), 'create'],
    ['only the other resource is there: create', view({ listed: [at('x', { resource: '/groups' })] }), 'create'],
    [
      'one for a single user is another resource: create',
      view({ listed: [at('x', { resource: 'users/1' })] }),
      'create',
    ],
    ['one at our address whose secret is unknown: clear it', view({ listed: [at('x')] }), 'clear'],
    [
      'the same in another spelling',
      view({ listed: [at('x', { resource: '/users', changeType: 'Deleted, updated' })] }),
      'clear',
    ],
    [
      'one for other changes does not stand in the way',
      view({ listed: [at('x', { changeType: 'updated' })] }),
      'create',
    ],
    [
      'two for other changes: one goes first, so that there are never three',
      view({ listed: [at('x', { changeType: 'updated' }), at('y', { changeType: 'deleted' })] }),
      'clear',
    ],
    ['one at an address that is not ours: yield', view({ listed: [at('x', { notificationUrl: elsewhere })] }), 'yield'],
    [
      'one we counted as ended is there after all: adopt',
      view({ kept: ended('digest'), listed: [at('ours')] }),
      'adopt',
    ],
    ['the same without its secret: clear', view({ kept: ended(undefined), listed: [at('ours')] }), 'clear'],
    [
      'the same at an address we have left: clear',
      view({ kept: ended('digest'), listed: [at('ours', { notificationUrl: elsewhere })] }),
      'clear',
    ],
    ['ours is young and there: stay', view({ current: kept, listed: [at('ours')] }), 'stay'],
    ['ours is young and Graph was not asked today: look', view({ current: kept, listed: undefined }), 'look'],
    ['FC-33: ours is young and not there: lost', view({ current: kept, listed: [] }), 'lose'],
    [
      'FC-33: ours is past its end: lost',
      view({ current: kept, now: new Date(day(28)), listed: [at('ours')] }),
      'lose',
    ],
    [
      'FC-34: half its life is over: renew',
      view({ current: kept, now: new Date(day(14)), listed: [at('ours')] }),
      'renew',
    ],
    ['a moment before: stay', view({ current: kept, now: new Date(day(13.999)), listed: [at('ours')] }), 'stay'],
    [
      'due although Graph could not be asked: renew',
      view({ current: kept, now: new Date(day(20)), listed: undefined }),
      'renew',
    ],
    [
      'FC-35: a new authorisation is asked for: renew',
      view({ current: kept, listed: [at('ours')], renewNow: true }),
      'renew',
    ],
    ['another beside ours, caught up with: tidy', view({ current: kept, listed: [at('ours'), at('old')] }), 'tidy'],
    [
      'FC-34: another beside ours, not caught up with yet: stay',
      view({ current: kept, listed: [at('ours'), at('old')], overlapping: true }),
      'stay',
    ],
    [
      'somebody else’s beside ours is left alone',
      view({ current: kept, listed: [at('ours'), at('x', { notificationUrl: elsewhere, changeType: 'updated' })] }),
      'stay',
    ],
    [
      'our address changed: lost, and then made at the new one',
      view({ current: kept, listed: [at('ours', { notificationUrl: elsewhere })] }),
      'lose',
    ],
    [
      'the secret of ours was never recorded: not kept',
      view({ current: { ...kept, clientStateDigest: undefined }, listed: [at('ours')] }),
      'lose',
    ],
  ])('%s', (_what, given, move) => {
    expect(decideSubscription(given).move).toBe(move);
  });

  it('names why one is lost, and which ones are meant', () => {
    const lost = (changes: Parameters<typeof view>[0]) =>
      decideSubscription(view({ current: kept, ...changes })).reason;
    expect(lost({ now: new Date(day(30)) })).toBe('expired');
    expect(lost({ listed: [] })).toBe('gone');
    expect(lost({ listed: [at('ours', { notificationUrl: elsewhere })] })).toBe('moved');
    expect(decideSubscription(view({ listed: [at('x', { notificationUrl: elsewhere })] })).reason).toBe('occupied');
    expect(decideSubscription(view({ current: kept, listed: [at('ours'), at('old')] })).found).toEqual([at('old')]);
    expect(decideSubscription(view({ listed: [at('x')] })).found).toEqual([at('x')]);
  });
});

describe('the table', () => {
  const standings = Object.keys(moves) as ReadonlyArray<Standing>;
  const sights = Object.keys(moves.none) as ReadonlyArray<Sight>;
  const everywhere = (standing: Standing) => sights.map((sight) => moves[standing][sight]);

  it('makes a new one only where there is none', () => {
    for (const standing of standings) {
      if (standing !== 'none') expect(everywhere(standing)).not.toContain('create');
    }
  });

  it('never deletes one that works: what is cleared is not ours any more, what is tidied stands beside ours', () => {
    for (const standing of standings) {
      if (standing !== 'none') expect(everywhere(standing)).not.toContain('clear');
      for (const sight of sights) if (moves[standing][sight] === 'tidy') expect(sight).toBe('crowded');
    }
  });

  it('touches nothing that is somebody else’s', () => {
    expect(standings.map((standing) => moves[standing].foreign)).toEqual(['yield', 'lose', 'lose', 'lose']);
  });

  it('FC-33: an end is believed by our own clock, whatever Graph lists or fails to', () => {
    expect(new Set(everywhere('expired'))).toEqual(new Set(['lose']));
  });
});
