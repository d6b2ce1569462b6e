import { describe, expect, it } from 'vitest';
import { byImmer, onCopy, onOwnCopies } from './drafting.js';

type State = { readonly name: string; readonly times: number };

const start: State = { name: 'Ann', times: 0 };

describe.each([
  ['by immer', () => byImmer],
  ['on a copy', () => onCopy],
  ['on own copies', onOwnCopies],
] as const)('a state that is changed %s', (_, made) => {
  it('is another one, and the one before stays as it was', () => {
    const drafting = made();
    const next = drafting(start, (draft) => {
      draft.times += 1;
    });
    expect(next).toEqual({ name: 'Ann', times: 1 });
    expect(start).toEqual({ name: 'Ann', times: 0 });
  });

  it('ends the same after two changes', () => {
    const drafting = made();
    const once = drafting(start, (draft) => {
      draft.times += 1;
    });
    const twice = drafting(once, (draft) => {
      draft.name = 'Ben';
    });
    expect(twice).toEqual({ name: 'Ben', times: 1 });
  });
});

it('one stretch copies a state once and changes its own copy in place', () => {
  const drafting = onOwnCopies();
  const count = (state: State) =>
    drafting(state, (draft) => {
      draft.times += 1;
    });
  const first = count(start);
  expect(count(first)).toBe(first);
  expect(first.times).toBe(2);
  const other = onOwnCopies()(first, () => undefined);
  expect(other).not.toBe(first);
});

it('a change by immer that writes into the state itself is refused', () => {
  const next = byImmer(start, (draft) => {
    draft.times = 1;
  });
  expect(() => {
    (next as { times: number }).times = 2;
  }).toThrow(TypeError);
});
