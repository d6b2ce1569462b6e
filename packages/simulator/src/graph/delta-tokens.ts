import type { SimulatorClock } from '../clock.js';
import { randomFrom } from '../random.js';
import type { DeltaQuery } from './delta-query.js';
import type { DeltaRound, RoundStart } from './delta-round.js';

export type DeltaToken =
  | { readonly kind: 'page'; readonly round: DeltaRound; readonly index: number }
  | { readonly kind: 'delta'; readonly query: DeltaQuery; readonly start: RoundStart; readonly issuedAt: number };

/**
 * How a dead token is refused. The documents name 400 with `syncStateNotFound`, and 410 with a `Location`; the casing varies.
 */
export type Expiry = 'syncStateNotFound' | 'SyncStateNotFound' | 'gone' | 'gone-empty' | 'resyncRequired';

export type FoundToken =
  | { readonly state: 'valid'; readonly token: DeltaToken }
  | { readonly state: 'expired'; readonly token: DeltaToken; readonly expiry: Expiry }
  | { readonly state: 'unknown' };

export interface DeltaTokens {
  readonly issue: (name: string, token: DeltaToken) => string;
  readonly find: (text: string) => FoundToken;
  /** Every delta token handed out so far is dead. */
  readonly expireDeltaTokens: (expiry?: Expiry) => void;
  /** Every page token handed out so far is dead. */
  readonly expirePageTokens: () => void;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Tokens are names and carry nothing. The oldest are forgotten, as if they had expired. */
const keptTokens = 50_000;

export const makeDeltaTokens = (seed: number, clock: SimulatorClock, days: number): DeltaTokens => {
  const tokens = new Map<string, DeltaToken>();
  const expired = new Map<string, Expiry>();
  const expireAll = (kind: DeltaToken['kind'], expiry: Expiry): void => {
    for (const [text, token] of tokens) if (token.kind === kind) expired.set(text, expiry);
  };
  return {
    issue: (name, token) => {
      const random = randomFrom(seed, `token/${name}`);
      const length = random.integer(48, 120);
      const text = Array.from({ length }, () => alphabet[random.integer(0, alphabet.length - 1)]).join('');
      tokens.delete(text);
      expired.delete(text);
      tokens.set(text, token);
      if (tokens.size > keptTokens) {
        const [oldest] = tokens.keys();
        if (oldest !== undefined) tokens.delete(oldest);
      }
      return text;
    },
    find: (text) => {
      const token = tokens.get(text);
      if (token === undefined) return { state: 'unknown' };
      const expiry = expired.get(text);
      if (expiry !== undefined) return { state: 'expired', token, expiry };
      const age = token.kind === 'delta' ? clock.now().getTime() - token.issuedAt : 0;
      return age > days * 86_400_000
        ? { state: 'expired', token, expiry: 'syncStateNotFound' }
        : { state: 'valid', token };
    },
    expireDeltaTokens: (expiry = 'syncStateNotFound') => expireAll('delta', expiry),
    expirePageTokens: () => expireAll('page', 'gone'),
  };
};
