import type { ConfidentialClientApplication, INetworkModule } from '@azure/msal-node';
import * as E from 'fp-ts/lib/Either.js';
import { scopeOf } from '../cloud-defaults.js';
import type { Cloud } from '../cloud-defaults.js';
import type { GraphWorld } from '../graph-settings.js';
import { sendOnce } from '../transport/send-once.js';
import { failed, settled, unreachableFor } from '../transport/until-settled.js';
import type { Attempt } from '../transport/until-settled.js';
import type { Authority } from './authority.js';
import type { Credential } from './credentials.js';
import { loadMsal } from './load-msal.js';
import { readTokenAnswer } from './token-answer.js';

export type IssuedToken = { readonly token: string; readonly expiresAt: number };

export type SignInParts = {
  readonly authority: Authority;
  readonly clientId: string;
  readonly cloud: Cloud;
  readonly world: GraphWorld;
  readonly closing: AbortSignal;
  readonly timeoutMs: () => number;
  /** Why MSAL got no assertion to send, where that is so. */
  readonly unusable: () => Attempt<never> | undefined;
};

/** One sign-in at most is under way in it: the problem of the last POST is its own. */
export type SignInApplication = { readonly acquire: (skipCache: boolean) => Promise<Attempt<IssuedToken>> };

/** MSAL's application for one credential. What MSAL adds or repairs of the URL does not matter: our network module knows one address only. */
export const openSignInApplication = (parts: SignInParts, credential: Credential): SignInApplication => {
  const { authority, world } = parts;
  let problem: Attempt<never> | undefined;
  // Behind a call, since the network module writes what the type checker saw cleared a moment ago.
  const problemFound = (): Attempt<never> | undefined => problem ?? parts.unusable();

  const networkClient: INetworkModule = {
    sendGetRequestAsync: () => Promise.reject(new Error('the sign-in needs no discovery')),
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- MSAL's signature
    sendPostRequestAsync: async <T>(_url: string, options?: { headers?: Record<string, string>; body?: string }) => {
      const init = { method: 'POST', headers: options?.headers ?? {}, body: options?.body ?? '' };
      const limits = { timeoutMs: parts.timeoutMs(), signal: parts.closing };
      const sent = await sendOnce(world.fetch, authority.tokenUrl, init, limits);
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
  let opened: ConfidentialClientApplication | undefined;
  const application = (): ConfidentialClientApplication => {
    const { ConfidentialClientApplication: Application } = loadMsal();
    opened ??= new Application({
      auth: { clientId: parts.clientId, ...credential, ...authority.named },
      system: { networkClient, disableInternalRetries: true },
    });
    return opened;
  };

  return {
    acquire: async (skipCache) => {
      problem = undefined;
      try {
        const scopes = [scopeOf(parts.cloud)];
        const result = await application().acquireTokenByClientCredential({ scopes, skipCache });
        if (result === null) return failed({ _tag: 'GraphProtocol', detail: 'the sign-in gave no token' });
        return settled(E.right({ token: result.accessToken, expiresAt: result.expiresOn?.getTime() ?? 0 }));
      } catch (cause) {
        const found = problemFound();
        if (found !== undefined) return found;
        const code = cause instanceof Error && 'errorCode' in cause ? String(cause.errorCode) : 'sign-in';
        return failed({
          _tag: 'GraphCredentials',
          code,
          detail: 'the sign-in could not be made',
          advice: 'Check graph.auth: the kind of credential, clientId and the credential itself',
        });
      }
    },
  };
};
