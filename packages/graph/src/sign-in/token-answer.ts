/** Reads what the token endpoint said (https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow). */
import type { GraphFailure } from '../directory-source.js';
import type { JsonLimits } from '@learnamp/directory-sync-event-sourcing';
import { againAfter } from '../transport/again-after.js';
import { parseJson } from '../transport/parse-json.js';
import type { ParsedJson } from '../transport/parse-json.js';
import { isTransient } from '../transport/retry-policy.js';
import type { Received } from '../transport/send-once.js';
import { failed, unreachableFor } from '../transport/until-settled.js';
import type { Attempt } from '../transport/until-settled.js';
import { lookUp, refusalBy } from './sign-in-refusals.js';

export type TokenBody = Readonly<Record<string, unknown>>;
export type TokenAnswer =
  { readonly _tag: 'Body'; readonly body: TokenBody } | { readonly _tag: 'Problem'; readonly problem: Attempt<never> };

/** A token endpoint answers with one flat object. */
const tokenLimits: JsonLimits = { depth: 8, items: 1_000, values: 10_000 };

const objectIn = (parsed: ParsedJson): TokenBody | undefined => {
  if (parsed._tag !== 'Json') return undefined;
  const { value } = parsed;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as TokenBody) : undefined;
};

/** What may stand in a header: anything else would fail there, with the token in the message. */
const TOKEN = /^[\x21-\x7e]{1,65536}$/;
/** Longer than the five minutes ahead of its end in which a token is renewed: else each request would sign in. */
const SHORT_S = 15 * 60;
const LONGEST_S = 7 * 24 * 3_600;

/** Seconds, a number or its text. A life that nobody can mean is taken for a short one: the next sign-in says more. */
const lifeOf = (value: unknown): number => {
  const seconds = typeof value === 'number' || typeof value === 'string' ? Number(value) : NaN;
  return seconds > 0 ? Math.min(seconds, LONGEST_S) : SHORT_S;
};

/** When to renew a token of a long life, where that is said. */
const renewalOf = (value: unknown): Pick<TokenBody, string> =>
  typeof value === 'number' && value > 0 && value <= LONGEST_S ? { refresh_in: value } : {};

/** Nothing else of it reaches the sign-in library. */
const usable = (body: TokenBody): TokenBody | undefined => {
  const token = textOf(body['access_token']);
  const type = body['token_type'];
  if (!TOKEN.test(token)) return undefined;
  if (type !== undefined && textOf(type).toLowerCase() !== 'bearer') return undefined;
  const life = { expires_in: lifeOf(body['expires_in']), ...renewalOf(body['refresh_in']) };
  return { token_type: 'Bearer', ...life, access_token: token };
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

const noObject = (received: Received, parsed: ParsedJson): Attempt<never> => {
  const refused = received.refused === true ? received.detail : parsed._tag === 'Refused' ? parsed.detail : undefined;
  return refused === undefined
    ? unreachableFor('the sign-in answered with something that is not JSON')
    : failed({ _tag: 'GraphProtocol', detail: `the answer of the sign-in ${refused}` });
};

/** A token, a refusal that stands, or something that may pass. */
export const readTokenAnswer = (received: Received, now: number): TokenAnswer => {
  const { status } = received;
  const problem = (found: Attempt<never>): TokenAnswer => ({ _tag: 'Problem', problem: found });
  const parsed = parseJson(received.text ?? '', tokenLimits);
  const body = objectIn(parsed);
  if (isTransient(status) || body?.['error'] === 'temporarily_unavailable') {
    return problem({ ...againAfter(received, now), detail: `the sign-in answered ${String(status)}` });
  }
  if (status === 0 || (status >= 300 && status < 400)) {
    return problem(
      failed({ _tag: 'GraphProtocol', detail: 'the sign-in answered with a redirect, which is not followed' }),
    );
  }
  if (status >= 400) return problem(judged(body, status));
  if (body === undefined) return problem(noObject(received, parsed));
  if (Object.hasOwn(body, 'error')) return problem(judged(body, status));
  const token = usable(body);
  return token === undefined
    ? problem(failed({ _tag: 'GraphProtocol', detail: 'the sign-in answered without an access token' }))
    : { _tag: 'Body', body: token };
};
