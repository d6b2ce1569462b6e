import type { CommandOf, Outcome } from '@learnamp/directory-sync-domain';
import type { DataKey } from '@learnamp/directory-sync-event-sourcing';
import type { GraphFailure } from '@learnamp/directory-sync-graph';
import * as E from 'fp-ts/lib/Either.js';
import { graphError } from '../failure.js';
import type { CycleContext } from '../observe/cycle-context.js';
import { PHOTO_PATIENCE_MS } from './observe-photos.js';
import { photoHashOf } from './photo-hash.js';
import type { Prepared } from './photo-port.js';

/** Nobody else's photo would come through either. */
const endsLane: ReadonlySet<GraphFailure['_tag']> = new Set(['GraphThrottled', 'GraphCredentials', 'GraphAborted']);

export type Fetched = Prepared | { readonly _tag: 'NotNow'; readonly unreachable: boolean };

const notNow: Fetched = { _tag: 'NotNow', unreachable: false };
const refused = (code: 'not_an_image' | 'too_large'): Fetched => ({
  _tag: 'Settled',
  outcome: { _tag: 'Rejected', code, fields: ['photo'] },
});

/**
 * The bytes for one command. The same bytes as Learn Amp holds, under whatever etag, need no call. One person's trouble is
 * theirs: they are asked for again by the next lane.
 */
export const fetchAvatar = async (
  cycle: CycleContext,
  { userId }: CommandOf<'SetAvatar'>,
  key: DataKey,
): Promise<Fetched> => {
  const options = { signal: cycle.signal, priority: 'low', patienceMs: PHOTO_PATIENCE_MS } as const;
  const fetched = await cycle.directory.photos.fetch(userId, options)();
  if (E.isLeft(fetched)) {
    const { left } = fetched;
    if (endsLane.has(left._tag)) throw graphError(left);
    if (left._tag === 'UnsafeLink')
      cycle.logger.warn({ host: left.host }, 'A photo was redirected elsewhere: not followed.');
    else cycle.logger.debug({ failure: left._tag }, 'a photo could not be fetched');
    return { _tag: 'NotNow', unreachable: left._tag === 'GraphUnreachable' };
  }
  const photo = fetched.right;
  switch (photo._tag) {
    case 'NoPhoto':
      return notNow;
    case 'NotAnImage':
      return refused('not_an_image');
    case 'TooLarge':
      return refused('too_large');
    case 'Photo': {
      const photoHash = photoHashOf(key, photo.bytes);
      const same: Outcome = { _tag: 'Succeeded', result: 'noop', photoHash };
      if (cycle.state.delivered(userId).photo?.contentHash === photoHash) return { _tag: 'Settled', outcome: same };
      const { bytes, mediaType } = photo;
      return { _tag: 'Send', photo: { bytes, mediaType }, photoHash };
    }
  }
};
