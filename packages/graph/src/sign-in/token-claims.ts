/** What an access token says of itself. */
export type TokenClaims = {
  /** `undefined`: the token cannot be read. */
  readonly tenantId: string | undefined;
  /** Application permissions; empty where the token can be read and names none, `undefined` where it cannot be read. */
  readonly roles: ReadonlyArray<string> | undefined;
};

const unread: TokenClaims = { tenantId: undefined, roles: undefined };

const LONGEST = 64 * 1024;
const MOST_ROLES = 500;
const WORD = /^[\w.:-]{1,120}$/;

const payloadOf = (token: string): Readonly<Record<string, unknown>> | undefined => {
  const [, payload, signature, ...more] = token.length > LONGEST ? [] : token.split('.');
  if (payload === undefined || signature === undefined || more.length > 0) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
};

const isWord = (value: unknown): value is string => typeof value === 'string' && WORD.test(value);

/**
 * Reads what a token says, for people to be told by and never as the only proof: a token for Graph is Graph's to read, and its
 * form may change at any time (https://learn.microsoft.com/entra/identity-platform/access-tokens). Its signature need not be
 * checked: it came from the sign-in itself.
 */
export const claimsOf = (token: string): TokenClaims => {
  const payload = payloadOf(token);
  if (payload === undefined) return unread;
  const { tid, roles } = payload;
  const tenantId = isWord(tid) ? tid.toLowerCase() : undefined;
  // What names no tenant is no token of this kind: that it names no permission means nothing then.
  if (tenantId === undefined) return unread;
  return { tenantId, roles: Array.isArray(roles) ? roles.slice(0, MOST_ROLES).filter(isWord) : [] };
};
