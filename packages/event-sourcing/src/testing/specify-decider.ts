import assert from 'node:assert/strict';

/** What a decision is about to be compared with. */
export type Decision<Ev> = {
  /** The events themselves, for checks of another kind. */
  readonly events: ReadonlyArray<Ev>;
  readonly then: (expected: ReadonlyArray<Ev>) => void;
  readonly thenNothing: () => void;
};

export type DeciderSpecification<State, Input, Ev> = {
  readonly given: (state: State) => { readonly when: (input: Input) => Decision<Ev> };
};

/**
 * Given/when/then for a pure decision. With `evolve` each `then` also decides the same input again on the state that the
 * events lead to, and expects nothing: facts that are known already are not recorded twice.
 *
 * @example
 * specifyDecider(detect, { evolve }).given(known).when(observation).then([{ type: 'UserRenamed', data }]);
 */
export const specifyDecider = <State, Input, Ev>(
  decide: (state: State, input: Input) => ReadonlyArray<Ev>,
  options: { readonly evolve?: (state: State, event: Ev) => State } = {},
): DeciderSpecification<State, Input, Ev> => ({
  given: (state) => ({
    when: (input) => {
      const events = decide(state, input);
      const { evolve } = options;
      const then = (expected: ReadonlyArray<Ev>): void => {
        assert.deepStrictEqual(events, expected, 'another decision was expected');
        if (evolve === undefined) return;
        const again = decide(events.reduce(evolve, state), input);
        assert.deepStrictEqual(again, [], 'deciding the same input again was expected to add nothing');
      };
      return { events, then, thenNothing: () => then([]) };
    },
  }),
});
