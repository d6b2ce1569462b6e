import { expect, test } from 'vitest';
import { extended } from './extended.js';

test('what is added wins, and the object itself stays as it was', () => {
  const object = Object.freeze({ type: 'GroupNameChanged', data: 1 });
  const answer = extended(object, { data: 2, graphRequestId: 'r' });
  expect(answer).toEqual({ type: 'GroupNameChanged', data: 2, graphRequestId: 'r' });
  expect(object).toEqual({ type: 'GroupNameChanged', data: 1 });
});
