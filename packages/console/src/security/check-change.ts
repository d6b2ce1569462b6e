import type { ConsoleOptions, Visitor } from '../console-options.js';
import { Refused } from '../problem.js';

/** The host that the browser asked for, and not the scheme: a proxy in front may have ended TLS. */
const isSameHost = (origin: string, request: Request): boolean => {
  const host = request.headers.get('host');
  if (host === null) return origin === new URL(request.url).origin;
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
};

/**
 * Whether a browser sent the request for a page of the console itself. Cookies of the host's sign-in come along with requests
 * that other sites cause; what those cannot do is to name another origin than their own, or to send JSON without being asked
 * for permission first.
 */
const isOwnPage = ({ publicOrigin }: ConsoleOptions, request: Request): boolean => {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin') return false;
  const origin = request.headers.get('origin');
  if (origin === null) return site !== null;
  return publicOrigin === undefined ? isSameHost(origin, request) : origin === publicOrigin;
};

const isJson = (request: Request): boolean => /^application\/json\b/i.test(request.headers.get('content-type') ?? '');

/** Lets through what an admin asks for from a page of the console; rejects the rest before anything of it is read. */
export const checkChange = (options: ConsoleOptions, request: Request, { role }: Visitor): void => {
  if (!isOwnPage(options, request) || !isJson(request))
    throw new Refused(
      403,
      'another-site',
      'The request does not come from a page of this console: nothing was changed.',
    );
  if (role !== 'admin')
    throw new Refused(403, 'not-allowed', 'You may look at everything here and change nothing: ask an admin.');
};
