import type { ObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure, ReadOptions } from '../directory-source.js';
import { failureOf, requestIdOf } from '../graph-error.js';
import type { GraphBase } from '../graph-base.js';
import { guardPhotoRedirect } from '../link-guard.js';
import type { GraphAnswer } from '../transport/exchange.js';
import type { GraphLease } from '../transport/graph-transport.js';
import { judgePicture } from './judge-picture.js';
import type { PhotoBytes } from './photo-source.js';

const MOST_BYTES = 1024 * 1024;
const MOST_REDIRECTS = 3;
const WHAT = 'users/{id}/photo/$value';

type Answered = E.Either<GraphFailure, GraphAnswer>;

/** Where an answer sends to: a photo of the same person inside the configured Graph, or nowhere. */
const redirectOf = (
  base: GraphBase,
  userId: ObjectId,
  { status, headers }: GraphAnswer,
): E.Either<GraphFailure, string | undefined> => {
  const location = headers.get('location');
  if (status < 300 || status > 399 || location === null) return E.right(undefined);
  return guardPhotoRedirect(base, userId, location);
};

const isPage = (headers: Headers): boolean =>
  /^(text\/(html|plain)|application\/(problem\+)?json)\b/i.test(headers.get('content-type') ?? '');

const judge = (answer: GraphAnswer): E.Either<GraphFailure, PhotoBytes> => {
  const { status, bytes } = answer;
  if (status === 404) return E.right({ _tag: 'NoPhoto' });
  if (status < 200 || status > 299 || bytes === undefined) return E.left(failureOf(answer, WHAT));
  if (bytes === 'too-long') return E.right({ _tag: 'TooLarge' });
  const judged = judgePicture(bytes);
  if (judged._tag === 'Picture') return E.right({ _tag: 'Photo', bytes, mediaType: judged.mediaType });
  if (judged._tag === 'TooLarge') return E.right({ _tag: 'TooLarge' });
  // A proxy's page says nothing about the photo; a picture of another kind does.
  return bytes.length === 0 || isPage(answer.headers)
    ? E.left(failureOf(answer, WHAT))
    : E.right({ _tag: 'NotAnImage' });
};

/** One size after the other: those above the uploaded original do not exist. */
export const openFetchPhoto = ({ base, ask }: GraphLease) => {
  const get = async (userId: ObjectId, path: string, options: ReadOptions | undefined): Promise<Answered> => {
    let url = base.url + path;
    for (let hops = 0; ; hops += 1) {
      const answer = await ask({ method: 'GET', url, expects: 'bytes', atMostBytes: MOST_BYTES }, options);
      if (E.isLeft(answer)) return answer;
      const redirect = redirectOf(base, userId, answer.right);
      if (E.isLeft(redirect)) return redirect;
      if (redirect.right === undefined) return answer;
      if (hops === MOST_REDIRECTS) {
        const detail = `${WHAT} was redirected too often`;
        return E.left({ _tag: 'GraphProtocol', detail, requestId: requestIdOf(answer.right) });
      }
      url = redirect.right;
    }
  };

  return async (userId: ObjectId, options?: ReadOptions): Promise<E.Either<GraphFailure, PhotoBytes>> => {
    for (const path of [`/users/${userId}/photos/504x504/$value`, `/users/${userId}/photo/$value`]) {
      const found = E.flatMap(judge)(await get(userId, path, options));
      if (E.isLeft(found) || found.right._tag !== 'NoPhoto') return found;
    }
    return E.right({ _tag: 'NoPhoto' });
  };
};
