import type { EngineState } from '../state/engine-state.js';
import { stateDigest } from '../state/state-digest.js';
import type { ReplaySummary } from './replay-query.js';

/** Where a fold ended: the same for every way in which the same events were folded. */
export const summaryOf = (state: EngineState): ReplaySummary => {
  const head = state.head();
  return {
    _tag: 'Summary',
    events: state.eventCount(),
    head: head === undefined ? null : { revision: head.revision.toString(), hash: head.hash },
    people: state.counts().everInScope,
    stateDigest: stateDigest(state),
  };
};
