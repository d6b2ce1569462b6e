import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const digestOf = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/** What is kept of a subscription's `clientState`: its SHA-256, in lower-case hexadecimal digits. */
export const clientStateDigest = (clientState: string): string => digestOf(clientState).toString('hex');

/** Stands where a subscription is not known, so that an unknown one costs the same. Nobody has its preimage. */
const nobodys: ReadonlyArray<string> = [randomBytes(32).toString('hex')];

/**
 * Whether a `clientState` belongs to one of the digests. All of them are compared, each in constant time, and an absent
 * value or list takes the same way: the time tells nobody how near he came.
 */
export const matchesAnyDigest = (
  clientState: string | undefined,
  digests: ReadonlyArray<string> | undefined,
): boolean => {
  const given = digestOf(clientState ?? '');
  let matched = false;
  for (const digest of digests ?? nobodys) {
    const known = Buffer.from(digest, 'hex');
    const equal = known.length === given.length && timingSafeEqual(known, given);
    matched ||= equal;
  }
  return matched && clientState !== undefined && digests !== undefined;
};
