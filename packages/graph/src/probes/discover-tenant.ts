import type { Cloud } from '../cloud-defaults.js';
import { cloudDefaults } from '../cloud-defaults.js';
import type { GraphWorld } from '../graph-settings.js';
import { parseAuthority } from '../sign-in/authority.js';
import { isItem } from '../delta/attribute-values.js';
import { parseJson } from '../transport/parse-json.js';
import { sendOnce } from '../transport/send-once.js';

/** What the sign-in service says of a tenant to whoever asks, without any credential. */
export type TenantDiscovered = {
  readonly found: 'yes' | 'no' | 'not-said' | 'unreachable';
  /** The system's name of the fault, where nobody answered. */
  readonly detail: string;
  /** How far this machine's clock is ahead of the service's, to the second; `undefined` where it did not say. */
  readonly clockAheadMs: number | undefined;
};

const TIMEOUT_MS = 10_000;

const numberIn = (text: string | undefined): string | undefined => /AADSTS\d{1,10}/.exec(text ?? '')?.[0];

/** What a tenant of another form, or of another cloud, or none at all, is answered with. */
const NO_TENANT = new Set([
  'AADSTS90002',
  'AADSTS900023',
  'AADSTS90038',
  'AADSTS900382',
  'AADSTS900432',
  'AADSTS90051',
]);

const namesIssuer = (text: string | undefined): boolean => {
  const parsed = parseJson(text ?? '');
  return parsed._tag === 'Json' && isItem(parsed.value) && typeof parsed.value['issuer'] === 'string';
};

/**
 * Asks for the tenant's OpenID configuration (https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc): one
 * request, which tells whether there is such a tenant and what time it is. Sent without a credential.
 */
export const discoverTenant = async (
  place: { readonly tenantId: string; readonly cloud: Cloud; readonly authority?: string | undefined },
  world: Pick<GraphWorld, 'fetch' | 'now'>,
  signal: AbortSignal,
): Promise<TenantDiscovered> => {
  const { address } = parseAuthority(place.authority ?? cloudDefaults[place.cloud].authority);
  const url = `${address}/${encodeURIComponent(place.tenantId)}/v2.0/.well-known/openid-configuration`;
  const before = world.now().getTime();
  const sent = await sendOnce(
    world.fetch,
    url,
    { method: 'GET', headers: { accept: 'application/json' } },
    { timeoutMs: TIMEOUT_MS, signal },
  );
  if (sent._tag === 'Lost') return { found: 'unreachable', detail: sent.detail, clockAheadMs: undefined };
  const after = world.now().getTime();
  const { status, headers, text } = sent.received;
  const theirs = Date.parse(headers.get('date') ?? '');
  // The header says whole seconds: on average half a second has gone by since.
  const clockAheadMs = Number.isNaN(theirs) ? undefined : Math.round((before + after) / 2 - theirs - 500);
  if (status === 200 && namesIssuer(text)) return { found: 'yes', detail: '', clockAheadMs };
  const code = numberIn(text);
  const found = code !== undefined && NO_TENANT.has(code) ? 'no' : 'not-said';
  return { found, detail: code ?? `status ${String(status)}`, clockAheadMs };
};
