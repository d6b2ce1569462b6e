import { ConfidentialClientApplication } from '@azure/msal-node';
import type { INetworkModule } from '@azure/msal-node';
import * as E from 'fp-ts/lib/Either.js';
import { cloudDefaults, scopeOf } from '../cloud-defaults.js';
import type { GraphFailure } from '../directory-source.js';
import type { GraphSettings, GraphWorld } from '../graph-settings.js';
import { isLoopback } from '../loopback.js';
import { makePatience } from '../transport/patience.js';
import type { Patience } from '../transport/patience.js';
import { timeoutWithin } from '../transport/retry-policy.js';
import { sendOnce } from '../transport/send-once.js';
import { makeThrottleGate } from '../transport/throttle-gate.js';
import { failed, settled, unreachableFor, untilSettled } from '../transport/until-settled.js';
import type { Attempt } from '../transport/until-settled.js';
import { readTokenAnswer } from './token-answer.js';
import type { TokenSource } from './token-source.js';

type ClientSecret = Extract<GraphSettings['auth'], { readonly kind: 'client-secret' }>;

/** MSAL's POST has no timeout of its own: a silent endpoint would hold the sync for ever. */
const TIMEOUT_MS = 30_000;

/** The configured authority, checked: https, or plain http on a loopback address. */
const parseAuthority = (authority: string): { readonly address: string; readonly loopback: boolean } => {
  const url = URL.canParse(authority) ? new URL(authority) : undefined;
  if (
    url === undefined ||
    !/^https?:$/.test(url.protocol) ||
    url.username !== '' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new Error('graph.auth.authority must be an address such as https://login.microsoftonline.com.');
  }
  const loopback = isLoopback(url);
  if (url.protocol === 'http:' && !loopback) {
    throw new Error('graph.auth.authority must be https; plain http is for loopback addresses only.');
  }
  return { address: url.href.replace(/\/+$/, ''), loopback };
};

/**
 * Tokens by client secret through MSAL, which caches and renews them.
 *
 * MSAL insists on https and on asking where an authority's endpoints are. It is told the endpoints beforehand, so a sign-in
 * is one POST; for a loopback authority it believes to talk to the cloud, and the POST goes to the loopback address.
 * What MSAL adds or repairs of the URL does not matter: our network module knows one address only.
 *
 * Invariant: at most one sign-in is on its way (MSAL itself starts one for each caller).
 */
export const openClientSecretTokens = (
  settings: Pick<GraphSettings, 'tenantId' | 'cloud' | 'patienceMs' | 'waitsAsTold'>,
  auth: ClientSecret,
  world: GraphWorld,
  closing: AbortSignal,
): TokenSource => {
  const { address, loopback } = parseAuthority(auth.authority);
  const tenant = encodeURIComponent(settings.tenantId);
  const tokenUrl = `${address}/${tenant}/oauth2/v2.0/token`;
  const named = loopback ? cloudDefaults[settings.cloud].authority : address;
  const gate = makeThrottleGate(world.now);
  let problem: Attempt<never> | undefined;
  // Behind a call, since the network module writes what the type checker saw cleared a moment ago.
  const problemFound = (): Attempt<never> | undefined => problem;
  let timeoutMs = TIMEOUT_MS;

  const networkClient: INetworkModule = {
    sendGetRequestAsync: () => Promise.reject(new Error('the sign-in needs no discovery')),
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- MSAL's signature
    sendPostRequestAsync: async <T>(_url: string, options?: { headers?: Record<string, string>; body?: string }) => {
      const init = { method: 'POST', headers: options?.headers ?? {}, body: options?.body ?? '' };
      const sent = await sendOnce(world.fetch, tokenUrl, init, { timeoutMs, signal: closing });
      const answer =
        sent._tag === 'Lost'
          ? ({ _tag: 'Problem', problem: unreachableFor(`the sign-in did not answer: ${sent.detail}`) } as const)
          : readTokenAnswer(sent.received, world.now().getTime());
      // MSAL would remember a 429 or a 5xx and refuse locally afterwards, and trips over bodies that are no JSON.
      if (answer._tag === 'Problem') {
        problem = answer.problem;
        throw new Error('the sign-in failed');
      }
      return { headers: {}, body: answer.body as T, status: 200 };
    },
  };
  const application = new ConfidentialClientApplication({
    auth: {
      clientId: auth.clientId,
      clientSecret: auth.clientSecret,
      authority: `${named}/${tenant}`,
      knownAuthorities: [new URL(named).host],
      authorityMetadata: JSON.stringify({
        issuer: `${named}/${tenant}/v2.0`,
        authorization_endpoint: `${named}/${tenant}/oauth2/v2.0/authorize`,
        token_endpoint: `${named}/${tenant}/oauth2/v2.0/token`,
        jwks_uri: `${named}/${tenant}/discovery/v2.0/keys`,
      }),
    },
    system: { networkClient, disableInternalRetries: true },
  });

  let latest: { readonly token: string; readonly expiresAt: number } | undefined;
  const acquire = async (skipCache: boolean): Promise<Attempt<string>> => {
    problem = undefined;
    try {
      const result = await application.acquireTokenByClientCredential({ scopes: [scopeOf(settings.cloud)], skipCache });
      if (result === null) return failed({ _tag: 'GraphProtocol', detail: 'the sign-in gave no token' });
      latest = { token: result.accessToken, expiresAt: result.expiresOn?.getTime() ?? 0 };
      return settled(E.right(result.accessToken));
    } catch (cause) {
      // A renewal ahead of time may fail while the token at hand is still good (MSAL waits for it all the same).
      if (!skipCache && latest !== undefined && latest.expiresAt > world.now().getTime()) {
        return settled(E.right(latest.token));
      }
      const code = cause instanceof Error && 'errorCode' in cause ? String(cause.errorCode) : 'sign-in';
      return problemFound() ?? failed({ _tag: 'GraphCredentials', code, detail: 'the sign-in could not be made' });
    }
  };

  let flight: Promise<E.Either<GraphFailure, string>> | undefined;
  const fly = (skipCache: boolean): Promise<E.Either<GraphFailure, string>> => {
    const patience = makePatience(world, settings.patienceMs, closing, settings.waitsAsTold);
    flight ??= untilSettled(
      () => {
        timeoutMs = timeoutWithin(patience.left(), TIMEOUT_MS);
        return acquire(skipCache);
      },
      { patience, gate, world },
    ).finally(() => {
      flight = undefined;
    });
    return flight;
  };

  /** A caller that gives up does not end the sign-in the others wait for. */
  const orAborted = (
    shared: Promise<E.Either<GraphFailure, string>>,
    { signal }: Patience,
  ): Promise<E.Either<GraphFailure, string>> =>
    new Promise((resolve, reject) => {
      const abort = (): void => resolve(E.left({ _tag: 'GraphAborted' }));
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
      shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    });

  return {
    current: (patience) => orAborted(fly(false), patience),
    renew: (refused, patience) =>
      latest !== undefined && latest.token !== refused
        ? Promise.resolve(E.right(latest.token))
        : orAborted(fly(true), patience),
  };
};
