import type { Reach } from './connection-settings.js';
import type { ConsoleRequest, Parts } from './console-context.js';
import { Refused } from './problem.js';

/** How a company reaches both systems; refuses where the host does not say. */
export const reachOf = async ({ options: { settings } }: Parts, connectionId: string): Promise<Reach> => {
  if (settings === undefined)
    throw new Refused(
      409,
      'not-set-up',
      'This console does not know how the app signs in: ask the doctor of the command line.',
    );
  return settings.reach(connectionId);
};

/** The app registration, whose id is no secret. `undefined`: not known here, or a fixed token, which belongs to none. */
export const clientOf = async ({ options: { settings } }: Parts, connectionId: string): Promise<string | undefined> => {
  const reach = await settings?.reach(connectionId);
  return reach === undefined || reach.graph.auth.kind === 'token' ? undefined : reach.graph.auth.clientId;
};

/**
 * Where Microsoft leads an administrator back to: one page of the console for every company, since it has to be registered on
 * the app letter by letter. Entra registers plain http for the name `localhost` alone.
 */
export const redirectUriOf = ({ options, basePath }: Parts, request: ConsoleRequest): string => {
  const { origin, port } = new URL(request.req.url);
  const seen = options.publicOrigin ?? origin;
  const { hostname, protocol } = new URL(seen);
  const isHere = protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
  return `${isHere ? `http://localhost${port === '' ? '' : `:${port}`}` : seen}${basePath}/consent`;
};
