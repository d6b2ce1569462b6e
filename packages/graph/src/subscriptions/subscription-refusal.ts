import * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure } from '../directory-source.js';
import { errorCode, errorCodes, requestIdOf } from '../graph-error.js';
import type { GraphAnswer } from '../transport/exchange.js';

/**
 * Graph will not make this subscription. Nothing here passes by itself in seconds; polling goes on meanwhile.
 * - `duplicate`: the app has one for this resource and these changes already.
 * - `quota`: the app, or all apps of the tenant, have as many as they may.
 * - `validation`: Graph called the notification URL and got no proper answer in time.
 * - `permission`: the app may not subscribe to this resource (groups need `Group.Read.All`).
 */
export type SubscriptionRefused = {
  readonly _tag: 'SubscriptionRefused';
  readonly reason: 'duplicate' | 'quota' | 'validation' | 'permission';
  /** Graph's code, such as `ExtensionError`. */
  readonly code: string;
  readonly requestId?: string | undefined;
};

const messageOf = (json: unknown): string => {
  const error: unknown = typeof json === 'object' && json !== null && 'error' in json ? json.error : undefined;
  const message: unknown =
    typeof error === 'object' && error !== null && 'message' in error ? error.message : undefined;
  return typeof message === 'string' ? message.slice(0, 1_000) : '';
};

/**
 * Why the message is read here although errors are told apart by status and code everywhere else: a full quota and a
 * missing permission both come as 403 `ExtensionError`, and a failed handshake comes with the code of any bad request.
 * A wording we do not know is read as a missing permission, or as a protocol failure; both are tried again.
 */
const reasonOf = ({ status, json }: GraphAnswer): SubscriptionRefused['reason'] | undefined => {
  switch (status) {
    case 409:
      return 'duplicate';
    case 403:
      return /maximum number|quota|limit/i.test(messageOf(json)) ? 'quota' : 'permission';
    case 400:
      return errorCodes(json).includes('ValidationError') || /validation request/i.test(messageOf(json))
        ? 'validation'
        : undefined;
    default:
      return undefined;
  }
};

export const refusalOf = (asked: E.Either<GraphFailure, GraphAnswer>): SubscriptionRefused | undefined => {
  if (E.isLeft(asked)) {
    // A 401 that a new token does not cure, with the code of the subscription service, is about the permission.
    return asked.left._tag === 'GraphCredentials' && asked.left.code === 'ExtensionError'
      ? { _tag: 'SubscriptionRefused', reason: 'permission', code: asked.left.code }
      : undefined;
  }
  const reason = reasonOf(asked.right);
  return reason === undefined
    ? undefined
    : { _tag: 'SubscriptionRefused', reason, code: errorCode(asked.right), requestId: requestIdOf(asked.right) };
};
