import { cloudDefaults } from '../cloud-defaults.js';
import type { Cloud } from '../cloud-defaults.js';
import { isLoopback } from '../loopback.js';

/** The configured authority, checked: https, or plain http on a loopback address. */
export const parseAuthority = (authority: string): { readonly address: string; readonly loopback: boolean } => {
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

export type Authority = {
  /** The one address the sign-in is sent to. */
  readonly tokenUrl: string;
  /** What MSAL is told. */
  readonly named: {
    readonly authority: string;
    readonly knownAuthorities: Array<string>;
    readonly authorityMetadata: string;
  };
};

/**
 * Where one tenant signs in.
 *
 * MSAL insists on https and on asking where an authority's endpoints are. It is told the endpoints beforehand, so a sign-in
 * is one POST; for a loopback authority it believes to talk to the cloud, and the POST goes to the loopback address.
 */
export const authorityOf = (configured: string, cloud: Cloud, tenantId: string): Authority => {
  const { address, loopback } = parseAuthority(configured);
  const tenant = encodeURIComponent(tenantId);
  const named = loopback ? cloudDefaults[cloud].authority : address;
  return {
    tokenUrl: `${address}/${tenant}/oauth2/v2.0/token`,
    named: {
      authority: `${named}/${tenant}`,
      knownAuthorities: [new URL(named).host],
      authorityMetadata: JSON.stringify({
        issuer: `${named}/${tenant}/v2.0`,
        authorization_endpoint: `${named}/${tenant}/oauth2/v2.0/authorize`,
        token_endpoint: `${named}/${tenant}/oauth2/v2.0/token`,
        jwks_uri: `${named}/${tenant}/discovery/v2.0/keys`,
      }),
    },
  };
};
