import type { DirectoryEvent } from '@learnamp/directory-sync-domain';
import type { EventStream } from '@learnamp/directory-sync-event-sourcing';
import type { ReplayStep } from '../directory-sync.js';
import { readStream } from '../record/read-stream.js';
import { makeEngineState, type EngineState } from '../state/engine-state.js';
import { stateDigest } from '../state/state-digest.js';

/**
 * Folds the stream from its first event and tells each one, then where that ended. The chain is verified on the way.
 * Nothing is sent and nothing is written: a replay has no access to delivery.
 */
export async function* replaySteps(
  stream: EventStream<DirectoryEvent>,
  check: (state: EngineState) => void,
): AsyncGenerator<ReplayStep> {
  const state = makeEngineState();
  for await (const { events, head } of readStream(stream, 0n)) {
    const first = state.eventCount() === 0;
    state.apply(events, head);
    if (first) check(state);
    for (const { revision, recordedAt, type, metadata } of events)
      yield { _tag: 'Event', revision: revision.toString(), recordedAt, type, subjects: metadata.subjects };
  }
  const head = state.head();
  yield {
    _tag: 'Summary',
    events: state.eventCount(),
    head: head === undefined ? null : { revision: head.revision.toString(), hash: head.hash },
    people: state.counts().everInScope,
    stateDigest: stateDigest(state),
  };
}
