import { isLoopback } from './loopback.js';

/** The configured `baseUrl`, taken apart once. Every request and every link is compared with it. */
export type GraphBase = {
  /** Scheme and authority as configured, lower case, without a default port: `https://graph.microsoft.com`. */
  readonly origin: string;
  /** Without a trailing slash: `/v1.0`, or empty. */
  readonly path: string;
  /** Origin and path. */
  readonly url: string;
};

const BASE = /^(https?):\/\/([^/?#\\@\s]+)((?:\/[A-Za-z0-9._~-]+)*)\/?$/i;

const PRINTABLE = /^[\x21-\x7e]+$/;

/**
 * Scheme and authority in lower case, without the port that goes without saying. `undefined` where the authority is not
 * printable ASCII: there are letters beyond it that become ASCII ones in lower case.
 */
export const originOf = (scheme: string, authority: string): string | undefined =>
  PRINTABLE.test(authority)
    ? `${scheme}://${authority}`.toLowerCase().replace(scheme.toLowerCase() === 'https' ? /:443$/ : /:80$/, '')
    : undefined;

/** Takes `baseUrl` apart; throws one sentence where it cannot be the address of a Graph. */
export const parseBaseUrl = (baseUrl: string): GraphBase => {
  const [, scheme = '', authority = '', path = ''] = BASE.exec(baseUrl) ?? [];
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  // A parser that read another path than is written there resolved a `.` or `..`.
  if (url?.pathname.replace(/\/$/, '') !== path || authority === '') {
    throw new Error('graph.baseUrl must be an address such as https://graph.microsoft.com/v1.0.');
  }
  if (!isLoopback(url) && (url.protocol !== 'https:' || authority.includes(':'))) {
    throw new Error(
      'graph.baseUrl must be https without a port; plain http and ports are for loopback addresses only.',
    );
  }
  const origin = originOf(scheme, authority);
  if (origin === undefined) throw new Error('graph.baseUrl must be written in ASCII.');
  return { origin, path, url: origin + path };
};
