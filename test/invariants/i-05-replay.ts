import { type Invariant, wrongIf } from './invariant.js';

export const replayEqualsLive: Invariant = {
  id: 'I-05',
  says: 'state by replay is the live state, and the rows are what the log says',
  watch: () => ({
    onLook: ({ atRest }) => {
      const { liveDigest, replayDigest, differences = 0 } = atRest ?? {};
      return [
        ...wrongIf(
          liveDigest !== replayDigest,
          'the replay of the log gives another state than the live one',
          'state digest',
        ),
        ...wrongIf(differences !== 0, `${differences} rows are not what the log says`, 'rebuild --verify'),
      ];
    },
  }),
};
