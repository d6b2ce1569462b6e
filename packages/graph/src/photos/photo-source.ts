import type { ObjectId } from '@learnamp/directory-sync-domain';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { GraphFailure, ReadOptions } from '../directory-source.js';

/** Which photo a person has, without its bytes. */
export type PhotoRead =
  /** `etag` is another one at each upload, of the same picture too. */
  | { readonly _tag: 'Photo'; readonly userId: ObjectId; readonly etag: string }
  /** Has none at the moment: somebody new may be unknown to the photo service for a while. */
  | { readonly _tag: 'NoPhoto'; readonly userId: ObjectId }
  /** Says nothing about the photo: refused, failed to the end, or not as documented. */
  | { readonly _tag: 'Unreadable'; readonly userId: ObjectId; readonly detail: string };

export type MediaType = 'image/jpeg' | 'image/png';

export type PhotoBytes =
  | { readonly _tag: 'Photo'; readonly bytes: Uint8Array; readonly mediaType: MediaType }
  | { readonly _tag: 'NoPhoto' }
  /** Neither JPEG nor PNG by its first bytes, whatever the answer called it. */
  | { readonly _tag: 'NotAnImage' }
  | { readonly _tag: 'TooLarge' };

/** The photos of people (https://learn.microsoft.com/graph/api/profilephoto-get): no delta and no notification tells of them. */
export interface PhotoSource {
  /** Metadata by `$batch`, 20 a request, in any number; one answer per id, in the order asked. */
  readonly read: (
    userIds: ReadonlyArray<ObjectId>,
    options?: ReadOptions,
  ) => TE.TaskEither<GraphFailure, ReadonlyArray<PhotoRead>>;
  /** The picture at 504 by 504, or the original where that size does not exist; 1 MiB at most. */
  readonly fetch: (userId: ObjectId, options?: ReadOptions) => TE.TaskEither<GraphFailure, PhotoBytes>;
}
