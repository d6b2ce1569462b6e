/** Where Learn Amp is, who we are there, and how patient a call is. Secrets are values, read from the environment or a file by the caller. */
export type LearnAmpSettings = {
  /** As shown in Company Settings > API, without `/v1`: the client adds it. `https`, or plain `http` on loopback. */
  readonly baseUrl: string;
  /** The API credential of Company Settings; a fixed token for loopback addresses only. */
  readonly auth:
    | {
        readonly kind: 'client-credentials';
        readonly clientId: string;
        readonly clientSecret: string;
        /** Space-separated. `''` sends none, for credentials made before scopes existed. Usually `defaultScopes`. */
        readonly scope: string;
      }
    /** A fixed bearer; it cannot be renewed. */
    | { readonly kind: 'token'; readonly token: string };
  /** Where the directory's object id is kept at Learn Amp (preference `externalId`). */
  readonly externalId: ExternalIdSlot;
  /** How bodies are written. The documentation shows forms; default `form`. */
  readonly encoding?: 'form' | 'json' | undefined;
  /** How long one call may go without success before it fails, or `undefined` for as long as it takes. */
  readonly patienceMs: number | undefined;
  /**
   * A wait of up to a minute that Learn Amp asked for is waited for, and `patienceMs` is for what goes wrong without a word; a longer
   * one ends the call, and no call is sent before it is over. Default: a longer wait than the patience ends the call.
   */
  readonly waitsAsTold?: boolean | undefined;
};

export type ExternalIdSlot = 'integrationExternalId' | 'none' | { readonly customField: string };

/** The world, injected. */
export type LearnAmpWorld = {
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => Date;
  /** In [0, 1): the jitter of retries. */
  readonly random: () => number;
  /** Resolves after the time, or rejects when the signal aborts. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** What Learn Amp asked a client of an earlier process to wait: nothing is sent before. */
  readonly closedUntil?: Date | undefined;
  /** Told each time Learn Amp asks to wait longer, to be remembered beyond this process. */
  readonly onClosed?: ((until: Date) => void) | undefined;
};

/**
 * What a sync needs and nothing more: no scope that deletes, none that edits teams.
 * Names as in https://developers.learnamp.com (Authentication, OAuth Scopes).
 */
export const defaultScopes = [
  'users:read',
  'users:create',
  'users:update',
  'users:deactivate',
  'users:reactivate',
  'teams:read',
  'teams:create',
  'team_users:read',
  'team_users:create',
].join(' ');

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);

/** The base without a trailing slash. Throws one sentence that names the setting: a wrong base must not be tried with a secret. */
export const parseBaseUrl = (text: string): string => {
  if (!URL.canParse(text)) throw new Error('learnAmp.baseUrl is not a URL.');
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname)))
    throw new Error('learnAmp.baseUrl must be https (plain http is accepted for loopback addresses only).');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new Error('learnAmp.baseUrl must be an address only: no user, query or fragment.');
  const path = url.pathname.replace(/\/+$/, '');
  if (/\/v1$/i.test(path)) throw new Error('learnAmp.baseUrl must not end in /v1: the client adds it.');
  return url.origin + path;
};
