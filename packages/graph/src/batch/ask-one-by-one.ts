/**
 * The items of a batch as requests of their own, for where `$batch` is not to be had: a gateway that lets only known paths
 * through, or a server that does not offer it.
 *
 * What answers 404 to `$batch` may answer 404 to everything, and of a person a 404 is evidence that the account is gone. So it
 * counts only with a code that Graph gives what is not there: a gateway has codes of its own.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure, ReadOptions } from '../directory-source.js';
import { errorCodes, requestIdOf } from '../graph-error.js';
import type { GraphBase } from '../graph-base.js';
import type { GraphAnswer } from '../transport/exchange.js';
import type { Ask } from '../transport/graph-client.js';
import type { BatchItem, ItemOutcome } from './batch-round.js';

const NOT_OFFERED: ReadonlyArray<number> = [404, 405, 501];

/** Of a person or a manager; the others of a photo. */
const NOT_THERE: ReadonlyArray<string> = [
  'Request_ResourceNotFound',
  'ImageNotFound',
  'ErrorItemNotFound',
  'ErrorEntityNotFound',
  'ErrorNonExistentMailbox',
  'ConsumerPhotoIsNotSupported',
];

/** Whether the answer to a batch says that there is no such endpoint. */
export const isNotOffered = ({ status }: GraphAnswer): boolean => NOT_OFFERED.includes(status);

/** The outcomes, in the order of the items. An item that failed for good fails them all: it was asked with all patience. */
export const askOneByOne = async (
  { base, ask }: { readonly base: GraphBase; readonly ask: Ask },
  items: ReadonlyArray<BatchItem>,
  options: ReadOptions | undefined,
): Promise<E.Either<GraphFailure, ReadonlyArray<ItemOutcome>>> => {
  const outcomes: Array<ItemOutcome> = [];
  for (const { method, url, headers, body } of items) {
    const asked = await ask({ method, url: base.url + url, headers, body, expects: 'json' }, options);
    if (E.isLeft(asked)) return asked;
    const { status, json } = asked.right;
    const requestId = requestIdOf(asked.right);
    if (status === 404 && !errorCodes(json).some((code) => NOT_THERE.includes(code))) {
      const detail =
        '$batch is not offered, and what was asked without it answered 404 without a code of Microsoft Graph';
      return E.left({ _tag: 'GraphProtocol', detail, requestId });
    }
    outcomes.push({ _tag: 'Answered', answer: { status, json, requestId } });
  }
  return E.right(outcomes);
};
