import { type Invariant, wrongIf } from './invariant.js';

export const converges: Invariant = {
  id: 'I-09',
  says: 'once faults stop, Learn Amp is as the oracle says, and one more round adds nothing',
  watch: () => ({
    onLook: ({ atRest }) => {
      const { unlikeOracle = [], quietRound } = atRest ?? {};
      return [
        ...unlikeOracle.map((what) => ({ what, where: 'accounts of Learn Amp' })),
        ...wrongIf(
          (quietRound?.events ?? 0) > 0,
          `a quiet round recorded ${quietRound?.events ?? 0} events`,
          'quiet round',
        ),
        ...wrongIf(
          (quietRound?.writes ?? 0) > 0,
          `a quiet round wrote ${quietRound?.writes ?? 0} times`,
          'quiet round',
        ),
      ];
    },
  }),
};
