import type { ObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import type { ItemAnswer } from '../batch/batch-round.js';
import { runBatches } from '../batch/run-batches.js';
import type { BatchParts } from '../batch/run-batches.js';
import { isItem } from '../delta/attribute-values.js';
import type { GraphFailure, ReadOptions } from '../directory-source.js';
import { errorCode, errorCodes, hasErrorObject } from '../graph-error.js';
import type { PhotoRead } from './photo-source.js';

/** What a person without a photo, or without a mailbox to hold one, is answered with, under 400 as well as under 404. */
const noPhotoCodes: ReadonlySet<string> = new Set([
  'ImageNotFound',
  'ImageNotFoundException',
  'ErrorItemNotFound',
  'ErrorEntityNotFound',
  'ErrorNonExistentMailbox',
  'ConsumerPhotoIsNotSupported',
  // A mailbox that does not exist, as some tenants answer.
  'AuthenticationError',
]);

/** An etag is ASCII; what is stored and compared must be what comes back out of a store. */
const ETAG = /^[\x20-\x7e]{1,1000}$/;

const unreadable = (userId: ObjectId, detail: string): PhotoRead => ({ _tag: 'Unreadable', userId, detail });

/** A picture of one pixel, a GIF without an etag, stands for none. */
const readMetadata = (userId: ObjectId, json: unknown): PhotoRead => {
  if (!isItem(json) || hasErrorObject(json)) return unreadable(userId, 'the answer is no photo');
  const etag = json['@odata.mediaEtag'];
  const isPixel = json['width'] === 1 && json['height'] === 1;
  const isNamedPixel = typeof json['id'] === 'string' && json['id'].toLowerCase() === '1x1';
  const isEmptyGif = json['@odata.mediaContentType'] === 'image/gif' && (etag === '' || etag === '""');
  if (isPixel || isNamedPixel || isEmptyGif) return { _tag: 'NoPhoto', userId };
  return typeof etag === 'string' && ETAG.test(etag)
    ? { _tag: 'Photo', userId, etag }
    : unreadable(userId, 'a photo without an etag');
};

const readOne = (userId: ObjectId, answer: ItemAnswer | undefined): PhotoRead => {
  if (answer === undefined) return unreadable(userId, 'no answer within the patience');
  const { status, json } = answer;
  const codes = errorCodes(json);
  if (status === 200) return readMetadata(userId, json);
  // Not the photo but the person is missing there, as may be for a moment: no word about the photo.
  if (status === 404 && !codes.includes('Request_ResourceNotFound')) return { _tag: 'NoPhoto', userId };
  if (status === 400 && codes.some((code) => noPhotoCodes.has(code))) return { _tag: 'NoPhoto', userId };
  return unreadable(userId, `${String(status)} ${errorCode(answer)}`);
};

/**
 * Photo metadata by `$batch`. `users/{id}/photo` answers from the mailbox and, where there is none, from Entra, so one item
 * a person covers both.
 */
export const openReadPhotos =
  (parts: BatchParts) =>
  async (
    userIds: ReadonlyArray<ObjectId>,
    options?: ReadOptions,
  ): Promise<E.Either<GraphFailure, ReadonlyArray<PhotoRead>>> => {
    const asked = await runBatches(
      parts,
      userIds.map((userId) => [{ method: 'GET', url: `/users/${userId}/photo` }]),
      options,
    );
    return E.isLeft(asked) ? asked : E.right(userIds.map((userId, index) => readOne(userId, asked.right[index]?.[0])));
  };
