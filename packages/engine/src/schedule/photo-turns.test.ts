import { expect, it } from 'vitest';
import { requestOf } from '../connection/cycle-request.js';
import { makePhotoTurns } from './photo-turns.js';

const polled = { trigger: 'schedule', full: false, photos: false, actors: [] } as const;

it('a lane that gave its turn back goes on with the next cycle, whatever that is for, until it is done', () => {
  const turns = makePhotoTurns(
    () => 0,
    () => false,
  );
  expect(turns.next(polled)).toMatchObject({ photos: false, photoLane: { resumes: false } });
  turns.next(requestOf({})).photoLane?.onEnd('more');
  expect(turns.waits()).toBe(true);
  const resumed = turns.next(polled);
  expect(resumed).toMatchObject({ photos: true, photoLane: { resumes: true } });
  resumed.photoLane?.onEnd('done');
  expect(turns.next(polled)).toMatchObject({ photos: false, photoLane: { resumes: false } });
});

it('who asks for photos anew starts a new round of them, and a request without them starts none', () => {
  const turns = makePhotoTurns(
    () => 0,
    () => false,
  );
  turns.next(requestOf({})).photoLane?.onEnd('more');
  expect(turns.next(requestOf({}))).toMatchObject({ photos: true, photoLane: { resumes: false } });
  const without = makePhotoTurns(
    () => 0,
    () => false,
  );
  expect(without.next(requestOf({ photos: false })).photos).toBe(false);
});

it('it gives way by what has come up since its own cycle began', () => {
  const begins: number[] = [];
  let now = 5;
  const turns = makePhotoTurns(
    () => now,
    (begun) => {
      begins.push(begun);
      return now > 5;
    },
  );
  const lane = turns.next(requestOf({})).photoLane;
  expect(lane?.yields()).toBe(false);
  now = 6;
  expect(lane?.yields()).toBe(true);
  expect(begins).toEqual([5, 5]);
});
