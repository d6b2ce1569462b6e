import * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure } from '../directory-source.js';
import { failed } from '../transport/until-settled.js';
import type { Attempt } from '../transport/until-settled.js';
import { UnusableCredential } from './credential-failure.js';
import type { Candidate, Credential } from './credentials.js';
import type { IssuedToken, SignInApplication } from './sign-in-application.js';
import { refusalBy } from './sign-in-refusals.js';

type Opened = { readonly identity: string; readonly application: SignInApplication };

/** Why this credential is no good, where the next one, or the same one read again, may be better. */
const refusalOf = (attempt: Attempt<IssuedToken>): GraphFailure | undefined => {
  if (attempt._tag === 'Again' || E.isRight(attempt.result)) return undefined;
  const failure = attempt.result.left;
  if (failure._tag !== 'GraphCredentials') return undefined;
  return failure.auth === 'credential' || refusalBy(failure.code)?.of === 'credential' ? failure : undefined;
};

const withOthers = (failure: GraphFailure, count: number): GraphFailure =>
  failure._tag === 'GraphCredentials' && count > 1
    ? { ...failure, detail: `${failure.detail}, and the other one was refused as well` }
    : failure;

/** Opens what a candidate gives now, once for each credential. */
const makeSlot = (candidate: Candidate, open: (credential: Credential) => SignInApplication) => {
  let opened: Opened | undefined;
  const read = async (): Promise<Opened> => {
    const { credential, identity } = await candidate.read();
    if (opened?.identity !== identity) opened = { identity, application: open(credential) };
    return opened;
  };
  return {
    acquire: async (skipCache: boolean): Promise<Attempt<IssuedToken>> => {
      try {
        const before = opened ?? (await read());
        const attempt = await before.application.acquire(skipCache);
        if (refusalOf(attempt) === undefined || !candidate.provided) return attempt;
        const again = await read().catch(() => before);
        return again === before ? attempt : await again.application.acquire(skipCache);
      } catch (cause) {
        if (cause instanceof UnusableCredential) return failed(cause.failure);
        throw cause;
      }
    },
  };
};

/**
 * Signs in with the first candidate that is accepted, beginning with the one that was accepted last.
 *
 * Invariant: another credential is tried only where Entra refused the one before as wrong, expired or revoked: a refusal
 * of the application, the tenant or the network concerns every credential alike, and nothing is gained by asking twice.
 */
export const makeTrying = (
  candidates: ReadonlyArray<Candidate>,
  open: (credential: Credential) => SignInApplication,
): ((skipCache: boolean) => Promise<Attempt<IssuedToken>>) => {
  const slots = candidates.map((candidate) => makeSlot(candidate, open));
  let accepted = 0;
  return async (skipCache) => {
    const order = [accepted, ...slots.keys()].filter((at, n, all) => all.indexOf(at) === n);
    const refused = new Map<number, GraphFailure>();
    for (const at of order) {
      const attempt = await slots[at]?.acquire(skipCache);
      if (attempt === undefined) continue;
      const refusal = refusalOf(attempt);
      if (refusal === undefined) {
        if (attempt._tag === 'Settled' && E.isRight(attempt.result)) accepted = at;
        return attempt;
      }
      refused.set(at, refusal);
    }
    // Told of the configured one, in whatever order they were tried.
    const told = refused.get(Math.min(...refused.keys()));
    return failed(
      told === undefined
        ? { _tag: 'GraphProtocol', detail: 'there is no credential to sign in with' }
        : withOthers(told, refused.size),
    );
  };
};
