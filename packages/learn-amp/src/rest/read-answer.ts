import type { LearnAmpFailure } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Answer } from '../http/attempt.js';

export const isSuccess = ({ status }: Answer): boolean => status >= 200 && status < 300;

/**
 * "Not found" as the API says it. A web page with that status is another server, or another path of this one, and says
 * nothing about a person. 410 is in the reference's list of codes.
 */
export const isNotFound = ({ status, body }: Answer): boolean =>
  (status === 404 || status === 410) && !(body._tag === 'NotJson' && body.html);

/** Reads the answer to a look-up of one thing: the thing, or `undefined` where the API says it is not there. */
export const readOne = <A>(
  route: string,
  decode: (input: unknown) => E.Either<string, A>,
  answer: Answer,
): E.Either<LearnAmpFailure, A | undefined> => {
  const protocol = (detail: string, status?: number) =>
    E.left<LearnAmpFailure>({ _tag: 'LearnAmpProtocol', detail, status });
  if (isNotFound(answer)) return E.right(undefined);
  if (!isSuccess(answer))
    return protocol(`${route} was answered with ${String(answer.status)}: check learnAmp.baseUrl.`, answer.status);
  if (answer.body._tag !== 'Json') return protocol(`${route} was answered without JSON: check learnAmp.baseUrl.`);
  const decoded = decode(answer.body.value);
  return E.isLeft(decoded) ? protocol(`The answer to ${route} ${decoded.left}.`) : decoded;
};
