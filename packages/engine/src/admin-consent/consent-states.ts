import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';
import { cachedJson } from '../cached-json.js';

/** What a state belongs to: an answer with it is taken from the same caller about the same app, tenant and address alone. */
export type ConsentBinding = {
  readonly session: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly redirectUri: string;
};

type Kept = { readonly binding: string; readonly expiresAt: number };

const isKept = (value: unknown): value is Kept =>
  typeof value === 'object' &&
  value !== null &&
  'binding' in value &&
  typeof value.binding === 'string' &&
  'expiresAt' in value &&
  typeof value.expiresAt === 'number';

const keyOf = (state: string): string => `admin-consent:${createHash('sha256').update(state).digest('base64url')}`;

/** Keyed by the state, so that nothing of a session id can be found out from what is kept. */
const bindingOf = (state: string, { session, tenantId, clientId, redirectUri }: ConsentBinding): Buffer =>
  createHmac('sha256', state)
    .update(JSON.stringify([session, tenantId.toLowerCase(), clientId.toLowerCase(), redirectUri]))
    .digest();

const equals = (one: Buffer, other: Buffer): boolean => one.length === other.length && timingSafeEqual(one, other);

export type StateTaken = 'taken' | 'expired' | 'unknown';

/**
 * One-time states of consents that were begun.
 *
 * Invariant: a state is taken at most once, by whoever began it, before it expires. What is kept is its hash and a MAC over what
 * it belongs to: neither the state nor the session can be read from the cache. A state that was lost with the cache is unknown.
 */
export const makeConsentStates = (cache: LocalCache, now: () => Date) => ({
  begin: async (binding: ConsentBinding, validForMs: number): Promise<string> => {
    const state = randomBytes(32).toString('base64url');
    const kept: Kept = {
      binding: bindingOf(state, binding).toString('base64url'),
      expiresAt: now().getTime() + validForMs,
    };
    await cache.put(keyOf(state), JSON.stringify(kept));
    return state;
  },
  /** Whoever is not the one who began it learns only that it is unknown, and does not use it up. */
  take: async (state: string, binding: ConsentBinding): Promise<StateTaken> => {
    const key = keyOf(state);
    const found = cachedJson(await cache.get(key));
    if (!isKept(found) || !equals(Buffer.from(found.binding, 'base64url'), bindingOf(state, binding))) return 'unknown';
    // Of two answers at once, in whatever processes, one alone is given it.
    if (!isKept(cachedJson(await cache.take(key)))) return 'unknown';
    return now().getTime() < found.expiresAt ? 'taken' : 'expired';
  },
});
