import type { DirectoryEvent } from '@learnamp/directory-sync-domain';
import type { EventStream, Head, ProjectionRows } from '@learnamp/directory-sync-event-sourcing';
import { sameHead } from '@learnamp/directory-sync-event-sourcing';
import { foldTail } from '../open-stream.js';
import type { EngineState } from '../state/engine-state.js';

type Kept = { readonly state: EngineState; readonly base: Head | undefined };

/**
 * A view that is kept between two looks, with the edges of the groups it has loaded: it is brought up to the head while the
 * rows it lies over stand where they stood. Where somebody moved them, the next look is a new one.
 */
export const makeKeptView = ({
  stream,
  rows,
  view,
}: {
  readonly stream: EventStream<DirectoryEvent>;
  readonly rows: () => Promise<Pick<ProjectionRows, 'checkpoint'>>;
  readonly view: () => Promise<EngineState>;
}): { readonly look: () => Promise<EngineState>; readonly drop: () => void } => {
  let kept: Kept | undefined;
  // A handle of its own: asking it moves nobody else's.
  const baseNow = async (): Promise<Head | undefined> => (await rows()).checkpoint();

  const again = async ({ state, base }: Kept): Promise<EngineState | undefined> => {
    if (state.isLost() || !sameHead(await baseNow(), base)) return undefined;
    await foldTail(stream, state);
    return state.isLost() ? undefined : state;
  };

  return {
    look: async () => {
      const known = kept === undefined ? undefined : await again(kept);
      if (known !== undefined) return known;
      kept = undefined;
      const base = await baseNow();
      const state = await view();
      // Of a log that is empty it is asked each time whether somebody imports into it.
      if (base !== undefined && sameHead(await baseNow(), base)) kept = { state, base };
      return state;
    },
    drop: () => {
      kept = undefined;
    },
  };
};
