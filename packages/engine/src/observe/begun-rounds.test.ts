import { makeMemoryCache } from '@learnamp/directory-sync-event-sourcing';
import { expect, it } from 'vitest';
import { makeBegunRounds, readRestartedRounds, type BegunRound } from './begun-rounds.js';

const full: BegunRound = { source: 'groups', kind: 'full', fingerprint: 'a' };
const changes: BegunRound = { ...full, kind: 'incremental' };
const users: BegunRound = { source: 'users', kind: 'incremental', fingerprint: 'u' };

const opened = () => {
  const place = { cache: makeMemoryCache(), connectionId: 'acme' };
  let minutes = 0;
  const now = () => new Date(Date.parse('2026-03-02T08:00:00Z') + 60_000 * minutes++);
  return {
    place,
    /** Another cycle, or another process over the same file. */
    reopened: () => makeBegunRounds(place, now),
    told: () => readRestartedRounds(place),
  };
};

it('tells of a round from the third time on that it is begun, and since when, whatever process begins it', async () => {
  const { reopened, told } = opened();
  expect(await reopened().begin(full)).toBe(1);
  expect(await reopened().begin(full)).toBe(2);
  expect(await told()).toBeUndefined();
  expect(await reopened().begin(full)).toBe(3);
  expect(await told()).toEqual([{ source: 'groups', starts: 3, since: '2026-03-02T08:00:00.000Z' }]);
});

it('forgets one that reached its end, and no other: changes that were read say nothing of a read from the beginning', async () => {
  const { reopened, told } = opened();
  const rounds = reopened();
  for (let n = 0; n < 3; n += 1) for (const round of [full, changes, users]) await rounds.begin(round);
  await rounds.reached(changes);
  expect((await told())?.map(({ source }) => source)).toEqual(['groups', 'users']);
  await rounds.begin(changes);
  await rounds.reached(full);
  expect((await told())?.map(({ source }) => source)).toEqual(['users']);
  expect(await rounds.begin(changes)).toBe(1);
  await rounds.allReached();
  expect(await told()).toBeUndefined();
});

it('takes what it cannot read for nothing', async () => {
  const { place, reopened, told } = opened();
  for (const text of ['', '7', '{"all:a":{"starts":9}}', '{"all:a":{"source":"x","starts":9,"since":"y"}}', '[null]']) {
    await place.cache.put('begun-rounds:acme', text);
    expect(await told()).toBeUndefined();
    expect(await reopened().begin(full)).toBe(1);
  }
});
