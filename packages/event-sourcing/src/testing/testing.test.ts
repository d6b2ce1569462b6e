import { AssertionError } from 'node:assert';
import { describe, expect, it } from 'vitest';
import type { Projection } from '../projection.js';
import { specifyDecider, specifyProjection } from './index.js';

type Named = { readonly type: 'Named'; readonly data: { readonly id: string; readonly name: string } };
type State = { readonly name: string };

const named = (id: string, name: string): Named => ({ type: 'Named', data: { id, name } });
const decide = (state: State, name: string): ReadonlyArray<Named> => (state.name === name ? [] : [named('1', name)]);
const evolve = (_: State, event: Named): State => ({ name: event.data.name });
const names: Projection<State, Named> = {
  name: 'names',
  version: 1,
  handles: ['Named'],
  keysOf: ({ data }) => [data.id],
  initial: () => ({ name: '' }),
  evolve,
};

describe('specifyDecider', () => {
  it('is content with the events that were expected', () => {
    specifyDecider(decide, { evolve })
      .given({ name: 'a' })
      .when('b')
      .then([named('1', 'b')]);
    specifyDecider(decide).given({ name: 'a' }).when('a').thenNothing();
  });
  it('fails on other events, and on a decision that repeats itself', () => {
    const { when } = specifyDecider(decide, { evolve }).given({ name: 'a' });
    expect(() => when('b').then([])).toThrow(AssertionError);
    expect(() => when('b').then([named('1', 'c')])).toThrow(AssertionError);
    expect(() => when('b').thenNothing()).toThrow(AssertionError);
    const stubborn = specifyDecider(() => [named('1', 'b')], { evolve }).given({ name: 'b' });
    expect(() => stubborn.when('b').then([named('1', 'b')])).toThrow('add nothing');
  });
});

describe('specifyProjection', () => {
  it('is content with the states that were expected', () => {
    const spec = specifyProjection(names).given([named('1', 'a'), named('2', 'b'), named('1', 'c')]);
    spec.then({ '1': { name: 'c' }, '2': { name: 'b' } });
    spec.thenState('2', { name: 'b' });
    spec.thenState('3', undefined);
  });
  it('fails on other states', () => {
    const spec = specifyProjection(names).given([named('1', 'a')]);
    expect(() => spec.then({})).toThrow(AssertionError);
    expect(() => spec.thenState('1', { name: 'b' })).toThrow(AssertionError);
  });
  it('fails on a fold that repeats harm', () => {
    const counting: Projection<State, Named> = { ...names, evolve: (state) => ({ name: `${state.name}x` }) };
    expect(() => specifyProjection(counting).given([named('1', 'a')])).toThrow('folded twice');
  });
});
