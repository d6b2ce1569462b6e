import type { DataKey } from '@learnamp/directory-sync-event-sourcing';
import { hmacUnder } from '@learnamp/directory-sync-event-sourcing';
import { createHash } from 'node:crypto';

/** Tells pictures apart and says nothing of them: keyed, so that it goes with the person's key. */
export const photoHashOf = (key: DataKey, bytes: Uint8Array): string =>
  hmacUnder(key, 'photo-bytes', createHash('sha256').update(bytes).digest('hex'));
