import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { teamKeyOf } from '../desire/team-key.js';
import type { TeamKey } from '../ids.js';
import { planTeams } from './plan-teams.js';

const wanted = (...spellings: ReadonlyArray<string>) => spellings.map((name) => ({ key: teamKeyOf(name)!, name }));
const names = (...spellings: ReadonlyArray<string>) =>
  planTeams(wanted(...spellings), () => false).map(({ name }) => name);

describe('the teams that departments need (FC-53)', () => {
  it('are one for all spellings, under the one that most people use', () => {
    expect(planTeams(wanted('Sales', 'SALES', 'sales', 'sales', 'Ops'), () => false)).toEqual([
      { kind: 'EnsureTeam', teamKey: 'ops', name: 'Ops' },
      { kind: 'EnsureTeam', teamKey: 'sales', name: 'sales' },
    ]);
  });

  it('take the first spelling by code points where as many people use another', () => {
    expect(names('sales', 'Sales')).toEqual(['Sales']);
    // Halves of pairs would put the letter behind the one with the greater code point.
    expect(names('a\u{1d11e}', 'a\u{1D11E}', 'Ａ\u{1d11e}')).toEqual(['a\u{1d11e}']);
  });

  it('come in the order of their keys, the shorter one first', () => {
    const inOrder = planTeams(wanted('Ops North', 'Sales', 'Ops'), () => false);
    expect(inOrder.map(({ teamKey }) => teamKey)).toEqual(['ops', 'ops north', 'sales']);
  });

  it('that exist are not made again', () => {
    expect(planTeams(wanted('Sales', 'Ops'), (key) => key === 'sales')).toMatchObject([{ teamKey: 'ops' }]);
  });

  it('do not depend on the order of people', () => {
    const spelling = fc.constantFrom('Sales', 'SALES', ' sales', 'Ops', 'ops', '\u{1d11e}', 'ﬃ', 'FFI');
    fc.assert(
      fc.property(
        fc
          .array(spelling, { maxLength: 12 })
          .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(names(...shuffled)).toEqual(names(...all));
          const keys = planTeams(wanted(...all), () => false).map(({ teamKey }): TeamKey => teamKey);
          expect(new Set(keys).size).toBe(keys.length);
        },
      ),
    );
  });
});
