import type { ObjectId } from '@learnamp/directory-sync-domain';
import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';
import * as t from 'io-ts';
import * as E from 'fp-ts/lib/Either.js';
import { cachedJson } from '../cached-json.js';

/**
 * People stand in a circle, in the order of their ids. A lane begins behind `from` and goes round once; `at` is the last one
 * it has visited. Empty texts stand before everybody.
 */
const PhotoPlace = t.strict({ at: t.string, from: t.string });
export type PhotoPlace = Readonly<t.TypeOf<typeof PhotoPlace>>;

const start: PhotoPlace = { at: '', from: '' };

const keyOf = (connectionId: string): string => `photos:${connectionId}`;

/** A place that was lost, or is none, is the beginning: then everybody is visited, as always. */
export const readPlace = async (cache: LocalCache, connectionId: string): Promise<PhotoPlace> =>
  E.getOrElse(() => start)(PhotoPlace.decode(cachedJson(await cache.get(keyOf(connectionId)))));

export const keepPlace = (cache: LocalCache, connectionId: string, place: PhotoPlace): Promise<void> =>
  cache.put(keyOf(connectionId), JSON.stringify(place));

/** Whom a lane at this place has still to visit. `ids` in their order. */
export const stillToVisit = (ids: ReadonlyArray<ObjectId>, { at, from }: PhotoPlace): ReadonlyArray<ObjectId> =>
  at < from
    ? ids.filter((id) => id > at && id <= from)
    : [...ids.filter((id) => id > at), ...ids.filter((id) => id <= from)];
