import type { EventEnvelope, Projection } from '@learnamp/directory-sync-event-sourcing';
import { makeInMemoryProjection } from '@learnamp/directory-sync-event-sourcing';
import type { DirectoryEvent } from '../events/directory-events.js';

/** The states that these events lead to, by key. */
export const statesAfter = <State>(
  projection: Projection<State, DirectoryEvent>,
  events: ReadonlyArray<EventEnvelope<DirectoryEvent>>,
): Readonly<Record<string, State>> => {
  const states = makeInMemoryProjection(projection);
  states.apply(events);
  return Object.fromEntries(states.entries());
};

/** The events as a reader meets them who goes back now and then and reads a stretch again. */
export const withStretchesAgain = <A>(
  events: ReadonlyArray<A>,
  stretches: ReadonlyArray<readonly [end: number, length: number]>,
): ReadonlyArray<A> =>
  events.flatMap((event, at) => [
    event,
    ...stretches.flatMap(([end, length]) =>
      end % events.length === at ? events.slice(Math.max(0, at + 1 - length), at + 1) : [],
    ),
  ]);
