import { DirectorySyncError } from '@learnamp/directory-sync';
import { Hono } from 'hono';
import { makeApplicationFiles } from './application-files.js';
import type { ConsoleEnv, Parts } from './console-context.js';
import type { Console, ConsoleOptions } from './console-options.js';
import type { Problem } from './contract.js';
import { makeJobs } from './jobs.js';
import { problemOf, Refused } from './problem.js';
import { addCompanies } from './routes/companies.js';
import { addDecisions } from './routes/decisions.js';
import { addJobs } from './routes/jobs.js';
import { addLog } from './routes/log.js';
import { addPeople } from './routes/people.js';
import { addConsent } from './routes/consent.js';
import { addSettings } from './routes/settings.js';
import { checkChange } from './security/check-change.js';
import { securityHeaders } from './security/headers.js';
import { visitorOf } from './security/visitor-of.js';

const READING = new Set(['GET', 'HEAD']);

const refusalOf = (error: unknown, logger: ConsoleOptions['logger']): readonly [Refused['status'], Problem] => {
  if (error instanceof Refused) return [error.status, problemOf(error)];
  if (error instanceof DirectorySyncError) return [409, problemOf(error)];
  logger?.warn({ error: error instanceof Error ? error.name : 'unknown' }, 'console: a request failed');
  return [500, { code: 'internal', message: 'The console could not do that: see the log of the process.' }];
};

const makeApi = (parts: Parts): Hono<ConsoleEnv> => {
  const { options } = parts;
  const api = new Hono<ConsoleEnv>();
  api.use(async (request, next) => {
    const visitor = await visitorOf(options, request.req.raw);
    if (!READING.has(request.req.method)) checkChange(options, request.req.raw, visitor);
    request.set('visitor', visitor);
    await next();
    request.header('cache-control', 'no-store');
  });
  for (const add of [addCompanies, addPeople, addDecisions, addLog, addJobs, addSettings, addConsent]) add(api, parts);
  api.all('*', () => {
    throw new Refused(404, 'unknown-page', 'There is nothing at this address.');
  });
  api.onError((error, request) => {
    const [status, problem] = refusalOf(error, options.logger);
    return request.json<Problem>(problem, status, { 'cache-control': 'no-store' });
  });
  return api;
};

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
