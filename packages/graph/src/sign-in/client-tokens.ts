import * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure } from '../directory-source.js';
import type { GraphSettings, GraphWorld } from '../graph-settings.js';
import { makePatience } from '../transport/patience.js';
import type { Patience } from '../transport/patience.js';
import { timeoutWithin } from '../transport/retry-policy.js';
import { makeThrottleGate } from '../transport/throttle-gate.js';
import { failed, settled, untilSettled } from '../transport/until-settled.js';
import type { Attempt } from '../transport/until-settled.js';
import { authorityOf } from './authority.js';
import type { ClientSettings } from './credential-settings.js';
import { candidatesOf } from './credentials.js';
import { openSignInApplication } from './sign-in-application.js';
import type { IssuedToken } from './sign-in-application.js';
import type { TokenSource } from './token-source.js';
import { makeTrying } from './try-candidates.js';

/** MSAL's POST has no timeout of its own: a silent endpoint would hold the sync for ever. */
const TIMEOUT_MS = 30_000;

/**
 * A token carries the permissions of the moment it was issued, and lives for an hour. One that is so old is exchanged when
 * Graph denies a permission, since an administrator may have granted it meanwhile; a young one is not, so that a permission
 * that is missing for good costs one sign-in in five minutes at most.
 */
const GRANTS_MAY_BE_NEWER_MS = 5 * 60_000;

/** As early as MSAL renews. */
const RENEWED_BEFORE_MS = 5 * 60_000;

type Flight = Promise<E.Either<GraphFailure, string>>;

/** A caller that gives up does not end the sign-in the others wait for. */
const orAborted = (shared: Flight, { signal }: Patience): Flight =>
  new Promise((resolve, reject) => {
    const abort = (): void => resolve(E.left({ _tag: 'GraphAborted' }));
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });

/**
 * Tokens of one tenant for an application, through MSAL, which caches and renews them.
 *
 * Invariant: at most one sign-in is on its way (MSAL itself starts one for each caller).
 */
export const openClientTokens = (
  settings: Pick<GraphSettings, 'tenantId' | 'cloud' | 'patienceMs' | 'waitsAsTold'>,
  auth: ClientSettings,
  world: GraphWorld,
  closing: AbortSignal,
): TokenSource => {
  const gate = makeThrottleGate(world.now);
  let timeoutMs = TIMEOUT_MS;
  let unusable: Attempt<never> | undefined;
  const parts = {
    authority: authorityOf(auth.authority, settings.cloud, settings.tenantId),
    clientId: auth.clientId,
    cloud: settings.cloud,
    world,
    closing,
    timeoutMs: () => timeoutMs,
    unusable: () => unusable,
  };
  const candidates = candidatesOf(auth, ({ failure }) => {
    unusable = failed(failure);
  });
  const tryThem = makeTrying(candidates, (credential) => openSignInApplication(parts, credential));

  let latest: (IssuedToken & { readonly seenAt: number }) | undefined;
  // MSAL asks for the assertion even where its cache holds a token: a file would be read for each request to Graph.
  const kept = (): string | undefined =>
    auth.kind === 'federated' && latest !== undefined && latest.expiresAt - world.now().getTime() > RENEWED_BEFORE_MS
      ? latest.token
      : undefined;
  const acquire = async (skipCache: boolean): Promise<Attempt<string>> => {
    unusable = undefined;
    const token = skipCache ? undefined : kept();
    if (token !== undefined) return settled(E.right(token));
    const attempt = await tryThem(skipCache);
    if (attempt._tag === 'Settled' && E.isRight(attempt.result)) {
      const issued = attempt.result.right;
      const now = world.now().getTime();
      latest = { ...issued, seenAt: latest?.token === issued.token ? latest.seenAt : now };
      return settled(E.right(issued.token));
    }
    // A renewal ahead of time may fail while the token at hand is still good (MSAL waits for it all the same).
    if (!skipCache && latest !== undefined && latest.expiresAt > world.now().getTime()) {
      return settled(E.right(latest.token));
    }
    return attempt._tag === 'Again' ? attempt : settled(E.map(({ token }: IssuedToken) => token)(attempt.result));
  };

  let flight: Flight | undefined;
  const fly = (skipCache: boolean): Flight => {
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

  let forgotten = false;
  /** A sign-in that was on its way when the token was forgotten may bring one from before. */
  const current = (): Flight => {
    if (!forgotten) return fly(false);
    if (flight !== undefined) return flight.then(current);
    forgotten = false;
    return fly(true);
  };
  const renew: TokenSource['renew'] = (refused, patience) =>
    latest !== undefined && latest.token !== refused
      ? Promise.resolve(E.right(latest.token))
      : orAborted(fly(true), patience);
  return {
    current: (patience) => orAborted(current(), patience),
    renew,
    renewAfterDenial: (denied, patience) =>
      latest?.token === denied && world.now().getTime() - latest.seenAt < GRANTS_MAY_BE_NEWER_MS
        ? Promise.resolve(E.right(undefined))
        : renew(denied, patience),
    forget: () => {
      forgotten = true;
    },
  };
};
