import type { ConnectionState, Cursor, DirectoryEvent } from '@learnamp/directory-sync-domain';
import type { EventEnvelope } from '@learnamp/directory-sync-event-sourcing';

type Noted = {
  readonly note: (events: ReadonlyArray<EventEnvelope<DirectoryEvent>>, connection: ConnectionState) => void;
  readonly at: (revision: string) => string | undefined;
};

const revisionsOf = ({ delta, page }: Cursor): ReadonlyArray<string> =>
  [delta, page].flatMap((place) => (place === undefined ? [] : [place.revision]));

/** Links of the events that were folded here, in memory alone. Invariant: none but those that a cursor stands at. */
export const makeNotedLinks = (): Noted => {
  let links: ReadonlyMap<string, string> = new Map();
  return {
    note: (events, { cursors }) => {
      const moves = events.filter((event) => event.type === 'DeltaCursorMoved');
      if (moves.length === 0) return;
      const told = new Map([...links, ...moves.map(({ revision, data }) => [revision.toString(), data.link] as const)]);
      const standing = new Set(Object.values(cursors).flatMap(revisionsOf));
      links = new Map([...told].filter(([revision]) => standing.has(revision)));
    },
    at: (revision) => links.get(revision),
  };
};
