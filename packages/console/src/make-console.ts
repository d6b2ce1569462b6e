import { Hono } from 'hono';
import { makeApplicationFiles } from './application-files.js';
import type { Parts } from './console-context.js';
import type { Console, ConsoleOptions } from './console-options.js';
import { makeJobs } from './jobs.js';
import { makeApi } from './make-api.js';
import { securityHeaders } from './security/headers.js';

/**
 * The console as a handler of requests, to be mounted under any path of a host.
 *
 * Everything it shows and does is a method of `DirectorySync`. Whoever `authorise` does not know is shown nothing; a viewer
 * changes nothing; a request that another site caused changes nothing.
 *
 * @example
 * const { fetch } = makeConsole({
 *   basePath: '/admin/directory-sync',
 *   connections: () => [{ connectionId: 'contoso', tenantId, groupId, preferences, engine }],
 *   authorise: async (request) => signedIn(request),
 * });
 */
export const makeConsole = (options: ConsoleOptions): Console => {
  const basePath = (options.basePath ?? '').replace(/\/+$/, '');
  const parts: Parts = { options, basePath, jobs: makeJobs(options.now ?? (() => new Date())) };
  const files = makeApplicationFiles(basePath);
  const console = new Hono();
  console.use(async (request, next) => {
    await next();
    for (const [name, value] of Object.entries(securityHeaders)) request.header(name, value);
  });
  console.route(`${basePath}/api`, makeApi(parts));
  console.get(`${basePath === '' ? '' : basePath}/*`, async (request) => {
    const path = decodeURIComponent(new URL(request.req.url).pathname.slice(basePath.length + 1));
    return (await files(path, request.req.raw)) ?? request.notFound();
  });
  return { fetch: async (request) => console.fetch(request) };
};
