import type { SimulatorClock } from '../clock.js';
import { json, type SimulatedRequest, type SimulatedResponse } from '../http/exchange.js';
import { randomFrom } from '../random.js';
import type { CredentialRefusal } from './app-credentials.js';

export type AccessTokens = {
  /** `POST /{tenant}/oauth2/v2.0/token`. */
  readonly tokenEndpoint: (request: SimulatedRequest, tenant: string) => SimulatedResponse;
  /** `GET /{tenant}/v2.0/.well-known/openid-configuration`. */
  readonly openIdConfiguration: (tenant: string) => SimulatedResponse;
  readonly isValid: (authorization: string | undefined) => boolean;
  /** A bearer that works until it expires, for clients that are given one. */
  readonly issue: () => string;
  /** Every token handed out so far is refused. */
  readonly revokeAll: () => void;
};

export type AccessTokenOptions = {
  readonly seed: number;
  readonly clock: SimulatorClock;
  readonly seconds: number;
  readonly tenantId: string;
  readonly clientId: string;
  /** What is wrong with the secret or the assertion of a request. */
  readonly refusalOf: (form: URLSearchParams) => CredentialRefusal | undefined;
  /** Names of the permissions that are granted now: a token carries those of the moment it was issued. */
  readonly roles: () => ReadonlyArray<string>;
  /** A token that only Graph can read. */
  readonly opaque: boolean;
};

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Entra's client credentials grant, with the error codes its page documents. */
export const makeAccessTokens = (options: AccessTokenOptions): AccessTokens => {
  const { clock, tenantId, clientId } = options;
  const expiries = new Map<string, number>();
  let issued = 0;

  const refusal = (status: number, error: string, code: number, message: string): SimulatedResponse => {
    const random = randomFrom(options.seed, `token-error/${issued}/${code}`);
    const timestamp = `${clock.now().toISOString().slice(0, 19).replace('T', ' ')}Z`;
    const [traceId, correlationId] = [random.uuid(), random.uuid()];
    return json(status, {
      error,
      error_description: `AADSTS${code}: ${message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
      error_codes: [code],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
    });
  };

  const issue = (): string => {
    issued += 1;
    const seconds = Math.floor(clock.now().getTime() / 1000);
    const roles = options.roles();
    const claims = {
      aud: 'https://graph.microsoft.com',
      iss: `https://sts.windows.net/${tenantId}/`,
      iat: seconds,
      nbf: seconds,
      exp: seconds + options.seconds,
      appid: clientId,
      idtyp: 'app',
      // Absent, and not empty, where nothing is granted.
      ...(roles.length === 0 ? {} : { roles }),
      tid: tenantId,
    };
    const random = randomFrom(options.seed, `access-token/${issued}`);
    const signature = Buffer.from(random.uuid() + random.uuid()).toString('base64url');
    const token = options.opaque
      ? `opaque-${signature}`
      : `${encoded({ typ: 'JWT', alg: 'RS256', kid: 'made-up' })}.${encoded(claims)}.${signature}`;
    expiries.set(token, clock.now().getTime() + options.seconds * 1000);
    return token;
  };

  return {
    issue,
    revokeAll: () => expiries.clear(),
    openIdConfiguration: (tenant) =>
      tenant.toLowerCase() === tenantId
        ? json(200, { issuer: `https://login.microsoftonline.com/${tenantId}/v2.0`, tenant_region_scope: 'EU' })
        : refusal(400, 'invalid_tenant', 90002, `Tenant '${tenant}' not found.`),
    isValid: (authorization) => {
      const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
      const expiry = token === undefined ? undefined : expiries.get(token);
      return expiry !== undefined && clock.now().getTime() < expiry;
    },
    tokenEndpoint: (request, tenant) => {
      if (!(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
        return refusal(
          400,
          'invalid_request',
          900144,
          "The request body must contain the following parameter: 'grant_type'.",
        );
      }
      const form = new URLSearchParams(request.body.toString('utf8'));
      const missing = ['grant_type', 'client_id', 'scope'].find((name) => (form.get(name) ?? '') === '');
      if (missing !== undefined) {
        return refusal(
          400,
          'invalid_request',
          900144,
          `The request body must contain the following parameter: '${missing}'.`,
        );
      }
      if (tenant.toLowerCase() !== tenantId) {
        return refusal(400, 'invalid_request', 90002, `Tenant '${tenant}' not found.`);
      }
      if (form.get('grant_type') !== 'client_credentials') {
        return refusal(400, 'unsupported_grant_type', 70003, 'The app requested an unsupported grant type.');
      }
      if (form.get('client_id') !== clientId) {
        return refusal(
          400,
          'unauthorized_client',
          700016,
          `Application with identifier '${form.get('client_id')}' was not found in the directory.`,
        );
      }
      const refused = options.refusalOf(form);
      if (refused !== undefined) return refusal(...refused);
      if (!/^https:\/\/[a-z0-9.-]+\/\.default$/.test(form.get('scope') ?? '')) {
        return refusal(400, 'invalid_scope', 70011, "The provided value for the input parameter 'scope' is not valid.");
      }
      return json(200, {
        token_type: 'Bearer',
        expires_in: options.seconds,
        ext_expires_in: options.seconds,
        access_token: issue(),
      });
    },
  };
};
