import type { EventView } from '@learnamp/directory-sync';
import type { World } from './world.js';

/** Hands out the events of a world with some of them changed, added or taken out; revisions follow one another again. */
export const withEvents = (
  world: World,
  change: (events: ReadonlyArray<EventView>) => ReadonlyArray<EventView>,
): World => ({
  ...world,
  events: change(world.events).map((event, index) => ({ ...event, revision: String(index) })),
});

/** The n-th event of a type, from 0. */
export const nth = ({ events }: World, type: string, index = 0): EventView => {
  const found = events.filter((event) => event.type === type)[index];
  if (found === undefined) throw new Error(`The world has no ${type} number ${index}.`);
  return found;
};

let made = 0;

/** A copy of an event with another id, and other data where given. */
export const like = (event: EventView, data: object = {}, metadata: object = {}): EventView => ({
  ...event,
  id: `made-${(made += 1)}`,
  data: { ...(event.data as object), ...data },
  metadata: { ...(event.metadata as object), ...metadata },
});

export const behind = (world: World, event: EventView, ...added: ReadonlyArray<EventView>): World =>
  withEvents(world, (events) => events.flatMap((one) => (one.id === event.id ? [one, ...added] : [one])));

export const replaced = (world: World, event: EventView, by: EventView): World =>
  withEvents(world, (events) => events.map((one) => (one.id === event.id ? by : one)));

export const without = (world: World, ...gone: ReadonlyArray<EventView>): World =>
  withEvents(world, (events) => events.filter((event) => !gone.some(({ id }) => id === event.id)));
