import * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure, ReadOptions } from '../directory-source.js';
import { openReadOrganization } from '../probes/read-organization.js';
import type { GraphTransport } from '../transport/graph-transport.js';

export type TenantVerified =
  | {
      readonly _tag: 'Verified';
      /** What the new token carries; `undefined` where it does not say. */
      readonly roles: ReadonlyArray<string> | undefined;
    }
  /** The token, or Graph, names another tenant than the configured one. */
  | { readonly _tag: 'OtherTenant' };

/**
 * Signs in to the configured tenant anew and asks the token, and Graph, which tenant that was. That the sign-in of this tenant
 * issued a token at all is the proof; a token or a Graph that names another tenant is proof of the contrary. The new token
 * stays: it carries what was granted a moment ago.
 */
export const verifyTenant = async (
  transport: GraphTransport,
  tenantId: string,
  options: ReadOptions = {},
): Promise<E.Either<GraphFailure, TenantVerified>> => {
  const signedIn = await transport.signIn({ ...options, anew: true });
  if (E.isLeft(signedIn)) return signedIn;
  const { tenantId: named, roles } = signedIn.right;
  const expected = tenantId.toLowerCase();
  if (named !== undefined && named !== expected) return E.right({ _tag: 'OtherTenant' });
  const lease = transport.lease();
  try {
    const organization = await openReadOrganization(lease)(options);
    if (E.isLeft(organization)) return organization;
    const known = organization.right;
    return E.right(known !== undefined && known !== expected ? { _tag: 'OtherTenant' } : { _tag: 'Verified', roles });
  } finally {
    lease.close();
  }
};
