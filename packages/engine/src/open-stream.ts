import type { DirectoryEvent } from '@learnamp/directory-sync-domain';
import { directoryEvents } from '@learnamp/directory-sync-domain';
import type { EventStream } from '@learnamp/directory-sync-event-sourcing';
import { defineEvents, openEventStream } from '@learnamp/directory-sync-event-sourcing';
import type { DirectorySyncOptions, World } from './directory-sync.js';
import { readStream } from './record/read-stream.js';
import { makeEngineState, type EngineState } from './state/engine-state.js';

const registry = defineEvents(directoryEvents);

/** The stream of a connection: `directorySync-<connectionId>` (design D1). */
export const openStream = (options: DirectorySyncOptions, world: World): EventStream<DirectoryEvent> =>
  openEventStream<DirectoryEvent>({
    log: options.log,
    keys: options.keys,
    registry,
    name: `directorySync-${options.connectionId}`,
    owner: `connection:${options.connectionId}`,
    now: world.now,
    newId: world.newId,
  });

/** Everything up to the head, folded; `onEvents` is told how many events were read so far. */
export const foldStream = async (
  stream: EventStream<DirectoryEvent>,
  onEvents: (count: number) => void = () => undefined,
): Promise<EngineState> => {
  const state = makeEngineState();
  for await (const { events, head } of readStream(stream, 0n)) {
    state.apply(events, head);
    onEvents(state.eventCount());
  }
  return state;
};
