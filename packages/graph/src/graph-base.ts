import { isLoopback } from './loopback.js';

/** The configured `baseUrl`, taken apart once. Every request and every link is compared with it. */
export type GraphBase = {
  /** Scheme and authority as configured, lower case: `https://graph.microsoft.com`. */
  readonly origin: string;
  /** Without a trailing slash: `/v1.0`, or empty. */
  readonly path: string;
  /** Origin and path. */
  readonly url: string;
};

const BASE = /^(https?):\/\/([^/?#\\@\s]+)((?:\/[A-Za-z0-9._~-]+)*)\/?$/i;

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
  const origin = `${scheme}://${authority}`.toLowerCase();
  return { origin, path, url: origin + path };
};
