/** Reads what the token endpoint said (https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow). */
import type { GraphFailure } from '../directory-source.js';
import { againAfter } from '../transport/again-after.js';
import { isTransient } from '../transport/retry-policy.js';
import type { Received } from '../transport/send-once.js';
import { failed, unreachableFor } from '../transport/until-settled.js';
import type { Attempt } from '../transport/until-settled.js';
import { lookUp, refusalBy } from './sign-in-refusals.js';

export type TokenBody = Readonly<Record<string, unknown>>;
export type TokenAnswer =
  { readonly _tag: 'Body'; readonly body: TokenBody } | { readonly _tag: 'Problem'; readonly problem: Attempt<never> };

const parseObject = (text: string | undefined): TokenBody | undefined => {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as TokenBody) : undefined;
  } catch {
    return undefined;
  }
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Entra's number of the refusal, such as AADSTS7000215; else the OAuth error; else the status. */
const codeOf = (body: TokenBody | undefined, status: number): string => {
  const [number] = /AADSTS\d{1,10}/.exec(textOf(body?.['error_description'])) ?? [];
  if (number !== undefined) return number;
  const numbers = body?.['error_codes'];
  if (Array.isArray(numbers) && Number.isInteger(numbers[0])) return `AADSTS${String(numbers[0])}`;
  const error = textOf(body?.['error']);
  return /^[\w.-]{1,60}$/.test(error) ? error : `http-${String(status)}`;
};

/** Our own words, never the endpoint's: an echo of the request would carry the secret. */
const refusal = (code: string): GraphFailure => {
  const known = refusalBy(code);
  return {
    _tag: 'GraphCredentials',
    code,
    detail: known?.says ?? 'the sign-in was refused',
    advice: known?.todo ?? lookUp(code),
  };
};

/** An error in whatever clothes: a refusal, or a trouble of the service that its number tells apart from one. */
const judged = (body: TokenBody | undefined, status: number): Attempt<never> => {
  const code = codeOf(body, status);
  const known = refusalBy(code);
  return known?.passes === true ? unreachableFor(`${known.says} (${code})`) : failed(refusal(code));
};

/** A token, a refusal that stands, or something that may pass. */
export const readTokenAnswer = (received: Received, now: number): TokenAnswer => {
  const { status } = received;
  const problem = (found: Attempt<never>): TokenAnswer => ({ _tag: 'Problem', problem: found });
  const body = parseObject(received.text);
  if (isTransient(status) || body?.['error'] === 'temporarily_unavailable') {
    return problem({ ...againAfter(received, now), detail: `the sign-in answered ${String(status)}` });
  }
  if (status === 0 || (status >= 300 && status < 400)) {
    return problem(
      failed({ _tag: 'GraphProtocol', detail: 'the sign-in answered with a redirect, which is not followed' }),
    );
  }
  if (status >= 400) return problem(judged(body, status));
  if (body === undefined) return problem(unreachableFor('the sign-in answered with something that is not JSON'));
  if (Object.hasOwn(body, 'error')) return problem(judged(body, status));
  if (textOf(body['access_token']) === '') {
    return problem(failed({ _tag: 'GraphProtocol', detail: 'the sign-in answered without an access token' }));
  }
  return { _tag: 'Body', body };
};
