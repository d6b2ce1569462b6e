import { cloudDefaults, scopeOf } from '../cloud-defaults.js';
import type { Cloud } from '../cloud-defaults.js';
import { isLoopback } from '../loopback.js';
import { parseAuthority } from '../sign-in/authority.js';

/** Whose consent is asked for, for which app, and where the browser is led back to. */
export type ConsentApplication = {
  readonly tenantId: string;
  readonly clientId: string;
  /** As it is registered on the app, letter by letter. */
  readonly redirectUri: string;
  /** Default `global`. */
  readonly cloud?: Cloud | undefined;
  /** Default: the one of the cloud. */
  readonly authority?: string | undefined;
};

const checkRedirect = (redirectUri: string): string => {
  const url = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined;
  const allowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url));
  if (!allowed || url.username !== '' || url.hash !== '')
    throw new TypeError('redirectUri must be an https address without a #; plain http is for loopback addresses only.');
  return redirectUri;
};

/**
 * Where an administrator consents, for this tenant alone (https://learn.microsoft.com/entra/identity-platform/v2-admin-consent).
 * Application permissions go through `.default`: what the app registration lists. Throws where an address cannot be one.
 */
export const adminConsentAddress = (application: ConsentApplication, state: string): string => {
  const { tenantId, clientId, redirectUri, cloud = 'global' } = application;
  const { address } = parseAuthority(application.authority ?? cloudDefaults[cloud].authority);
  const query = new URLSearchParams({
    client_id: clientId,
    scope: scopeOf(cloud),
    redirect_uri: checkRedirect(redirectUri),
    state,
  });
  return `${address}/${encodeURIComponent(tenantId)}/v2.0/adminconsent?${String(query)}`;
};
