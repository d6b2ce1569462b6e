import { refusalBy } from '../sign-in/sign-in-refusals.js';

/** What the browser of an administrator came back with. Anybody can write such an address: nothing in it is proof of anything. */
export type ConsentAnswer =
  | {
      readonly _tag: 'Declined';
      /** AADSTS…, or the OAuth error. */
      readonly code: string;
      /** In our words; the answer's own are never repeated. */
      readonly says: string;
      readonly state: string | undefined;
    }
  | { readonly _tag: 'Consented'; readonly state: string; readonly namedTenant: string | undefined }
  /** Neither; `because` ends a sentence. */
  | { readonly _tag: 'Malformed'; readonly because: string };

const LONGEST = 16 * 1024;
const ONCE = ['error', 'state', 'tenant', 'admin_consent'];

const queryOf = (answer: string | URL | URLSearchParams): URLSearchParams | undefined => {
  if (answer instanceof URLSearchParams) return answer;
  if (answer instanceof URL) return answer.searchParams;
  if (answer.length > LONGEST) return undefined;
  const query = answer.includes('?') ? answer.slice(answer.indexOf('?') + 1) : answer;
  return new URLSearchParams(query.split('#')[0]);
};

/** Entra's number where the text names one; else the error itself, where it is a plain word. */
const codeOf = (query: URLSearchParams): string => {
  const [number] = /AADSTS\d{1,10}/.exec(query.get('error_description') ?? '') ?? [];
  const error = query.get('error') ?? '';
  return number ?? (/^[\w.-]{1,60}$/.test(error) ? error : 'error');
};

/**
 * Reads the address, or its query, that the browser was led back to. The error is looked at before anything else: a refusal may
 * carry `admin_consent=True` beside it.
 */
export const readConsentAnswer = (answer: string | URL | URLSearchParams): ConsentAnswer => {
  const query = queryOf(answer);
  if (query === undefined) return { _tag: 'Malformed', because: 'is too long' };
  const state = query.get('state') ?? undefined;
  if (query.has('error')) {
    const code = codeOf(query);
    return { _tag: 'Declined', code, says: refusalBy(code)?.says ?? 'the administrator did not consent', state };
  }
  const twice = ONCE.find((name) => query.getAll(name).length > 1);
  if (twice !== undefined) return { _tag: 'Malformed', because: `has ${twice} more than once` };
  if (query.get('admin_consent')?.toLowerCase() !== 'true')
    return { _tag: 'Malformed', because: 'does not say admin_consent=True' };
  if (state === undefined || state === '') return { _tag: 'Malformed', because: 'has no state' };
  return { _tag: 'Consented', state, namedTenant: query.get('tenant')?.toLowerCase() ?? undefined };
};
