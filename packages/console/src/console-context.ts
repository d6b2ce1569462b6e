import type { Context } from 'hono';
import type { ConsoleConnection, ConsoleOptions, Visitor } from './console-options.js';
import type { Jobs } from './jobs.js';
import { Refused } from './problem.js';

export type ConsoleEnv = { readonly Variables: { readonly visitor: Visitor } };
export type ConsoleRequest = Context<ConsoleEnv>;

/** What every route works with. */
export type Parts = { readonly options: ConsoleOptions; readonly jobs: Jobs };

export const companyOf = ({ options }: Parts, request: ConsoleRequest): ConsoleConnection => {
  const wanted = request.req.param('company');
  const found = options.connections().find(({ connectionId }) => connectionId === wanted);
  if (found === undefined) throw new Refused(404, 'unknown-company', 'There is no such company here.');
  return found;
};
