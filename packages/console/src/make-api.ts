import { DirectorySyncError } from '@learnamp/directory-sync';
import { Hono } from 'hono';
import type { ConsoleEnv, Parts } from './console-context.js';
import type { ConsoleOptions } from './console-options.js';
import type { Problem } from './contract.js';
import { problemOf, Refused } from './problem.js';
import { addCompanies } from './routes/companies.js';
import { addDecisions } from './routes/decisions.js';
import { addJobs } from './routes/jobs.js';
import { addLog } from './routes/log.js';
import { addPeople } from './routes/people.js';
import { addConsent } from './routes/consent.js';
import { addSettings } from './routes/settings.js';
import { checkChange } from './security/check-change.js';
import { visitorOf } from './security/visitor-of.js';

const READING = new Set(['GET', 'HEAD']);

const refusalOf = (error: unknown, logger: ConsoleOptions['logger']): readonly [Refused['status'], Problem] => {
  if (error instanceof Refused) return [error.status, problemOf(error)];
  if (error instanceof DirectorySyncError) return [409, problemOf(error)];
  logger?.warn({ error: error instanceof Error ? error.name : 'unknown' }, 'console: a request failed');
  return [500, { code: 'internal', message: 'The console could not do that: see the log of the process.' }];
};

/** Every route behind `api/`: who asks is found out first, and a change is let through or not before a route sees it. */
export const makeApi = (parts: Parts): Hono<ConsoleEnv> => {
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
