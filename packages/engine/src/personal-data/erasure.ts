import type { NotErasable, ObjectId } from '@learnamp/directory-sync-domain';
import { DirectorySyncError } from '../directory-sync.js';

/**
 * What became of an erasure. `already-erased`: nothing was recorded, and what an earlier erasure left undone is done now.
 * `nothing-known`: the person never was in the group, so there is nothing to erase.
 */
export type Erasure = { readonly userId: ObjectId; readonly outcome: 'erased' | 'already-erased' | 'nothing-known' };

const reasons: Readonly<Record<NotErasable, string>> = {
  'in-scope': 'is still in the group: take them out of it, let a sync deactivate the account, and erase then',
  'under-way':
    'has a command under way whose outcome is not known: run a sync, which looks at Learn Amp, and erase then',
  held: 'has an account whose deactivation waits for approval: approve it, and erase once it is deactivated',
  kept: 'has an account that somebody decided to keep active: let it be deactivated, and erase then',
  active:
    'has an account that was not deactivated yet, and nobody would deactivate it without the data: run a sync, see what is in the way, and erase then',
};

export const notErasable = (userId: ObjectId, because: NotErasable): DirectorySyncError =>
  new DirectorySyncError('not-erasable', `${userId} ${reasons[because]}. Nothing was erased.`);

export const unfinishedErasure = (cause: unknown): DirectorySyncError =>
  new DirectorySyncError(
    'log-unavailable',
    'The erasure is recorded and could not be finished: the key store or the local database could not be written. The next sync or start finishes it.',
    { cause },
  );
