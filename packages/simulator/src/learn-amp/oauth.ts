import type { SimulatorClock } from '../clock.js';
import { json, type SimulatedRequest, type SimulatedResponse } from '../http/exchange.js';
import { randomFrom } from '../random.js';
import { bodyFields } from './body-fields.js';

export type LearnAmpTokens = {
  /** `POST /oauth/token`. */
  readonly tokenEndpoint: (request: SimulatedRequest) => SimulatedResponse;
  /** `undefined` for a token that is unknown or has expired. */
  readonly scopesOf: (authorization: string | undefined) => ReadonlyArray<string> | undefined;
  /** A bearer with every scope of the credentials. */
  readonly issue: () => string;
  readonly revokeAll: () => void;
};

export type LearnAmpTokenOptions = {
  readonly seed: number;
  readonly clock: SimulatorClock;
  readonly seconds: number;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: ReadonlyArray<string>;
};

const refusal = (status: number, error: string, description: string): SimulatedResponse =>
  json(status, { error, error_description: description });

/** Client credentials with scopes. Credentials made with scopes of their own must name them: without `scope`, `public` is asked for. */
export const makeLearnAmpTokens = (options: LearnAmpTokenOptions): LearnAmpTokens => {
  const granted = new Map<string, { readonly scopes: ReadonlyArray<string>; readonly expiry: number }>();
  let issued = 0;

  const issueFor = (scopes: ReadonlyArray<string>): string => {
    issued += 1;
    const random = randomFrom(options.seed, `learn-amp-token/${issued}`);
    const token = (random.uuid() + random.uuid()).replaceAll('-', '').slice(0, 43);
    granted.set(token, { scopes, expiry: options.clock.now().getTime() + options.seconds * 1000 });
    return token;
  };

  return {
    issue: () => issueFor(options.scopes),
    revokeAll: () => granted.clear(),
    scopesOf: (authorization) => {
      const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
      const found = token === undefined ? undefined : granted.get(token);
      return found !== undefined && options.clock.now().getTime() < found.expiry ? found.scopes : undefined;
    },
    tokenEndpoint: (request) => {
      const fields = bodyFields(request);
      const given = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
      if (given('grant_type') !== 'client_credentials') {
        return refusal(
          400,
          'unsupported_grant_type',
          'The authorization grant type is not supported by the authorization server.',
        );
      }
      if (given('client_id') !== options.clientId || given('client_secret') !== options.clientSecret) {
        return refusal(
          401,
          'invalid_client',
          'Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.',
        );
      }
      const scopes = (given('scope') === '' ? 'public' : given('scope')).split(/\s+/).filter((scope) => scope !== '');
      if (scopes.some((scope) => !options.scopes.includes(scope))) {
        return refusal(400, 'invalid_scope', 'The requested scope is invalid, unknown, or malformed.');
      }
      return json(200, {
        access_token: issueFor(scopes),
        token_type: 'Bearer',
        expires_in: options.seconds,
        scope: scopes.join(' '),
        created_at: Math.floor(options.clock.now().getTime() / 1000),
      });
    },
  };
};
