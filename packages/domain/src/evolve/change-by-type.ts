import type { EventEnvelope } from '@learnamp/directory-sync-event-sourcing';
import type { DirectoryEvent, DirectoryEventOf, DirectoryEventType } from '../events/directory-events.js';

/** A state that may be written to while one event is folded into it. */
export type Draft<State> = { -readonly [K in keyof State]: State[K] };

/** What each type of event does to the draft of one state. A type that is not listed changes nothing. */
export type Changes<State, Type extends DirectoryEventType> = {
  readonly [T in Type]: (draft: Draft<State>, event: EventEnvelope<DirectoryEventOf<T>>) => void;
};

/** The change for one event, `undefined` where its type is not listed. */
export const changeFor = <State, Type extends DirectoryEventType>(
  changes: Changes<State, Type>,
  event: EventEnvelope<DirectoryEvent>,
): ((draft: Draft<State>) => void) | undefined => {
  if (!Object.hasOwn(changes, event.type)) return undefined;
  const change = changes[event.type as Type] as (draft: Draft<State>, event: EventEnvelope<DirectoryEvent>) => void;
  return (draft) => {
    change(draft, event);
  };
};

/** The same change for several types of event. */
export const changesAlike = <State, Type extends DirectoryEventType>(
  types: ReadonlyArray<Type>,
  change: (draft: Draft<State>) => void,
): Changes<State, Type> => Object.fromEntries(types.map((type) => [type, change])) as unknown as Changes<State, Type>;
