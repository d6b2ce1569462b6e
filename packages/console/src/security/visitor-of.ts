import type { ConsoleOptions, Visitor } from '../console-options.js';
import { Refused } from '../problem.js';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A page of another name that resolves to this machine must not be taken for somebody who sits at it. */
const isLoopback = (request: Request): boolean => {
  const { hostname } = new URL(request.url);
  const named = request.headers.get('host');
  return loopback.has(hostname) && (named === null || loopback.has(named.replace(/:\d+$/, '')));
};

/** Who asks; rejects where nobody may. */
export const visitorOf = async (
  { authorise, localName = 'local' }: ConsoleOptions,
  request: Request,
): Promise<Visitor> => {
  if (authorise === undefined) {
    if (isLoopback(request)) return { name: localName, role: 'admin' };
    throw new Refused(
      403,
      'not-signed-in',
      'This console has no sign-in, and so answers on the machine it runs on alone: ask for it as http://127.0.0.1, or give it an authorise hook.',
    );
  }
  const visitor = await authorise(request);
  if (visitor === undefined)
    throw new Refused(401, 'not-signed-in', 'You are not signed in, or may not see this console.');
  return visitor;
};
