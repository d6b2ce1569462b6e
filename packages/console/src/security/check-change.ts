import type { ConsoleOptions, Visitor } from '../console-options.js';
import { Refused } from '../problem.js';

/**
 * Whether a browser sent the request for a page of the console itself. Cookies of the host's sign-in come along with requests
 * that other sites cause; what those cannot do is to name another origin than their own, or to send JSON without being asked
 * for permission first.
 */
const isOwnPage = ({ publicOrigin }: ConsoleOptions, request: Request): boolean => {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin') return false;
  const origin = request.headers.get('origin');
  return origin === null ? site !== null : origin === (publicOrigin ?? new URL(request.url).origin);
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
