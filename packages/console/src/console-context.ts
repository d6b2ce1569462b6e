import type { Context } from 'hono';
import type { ConnectionSettingsStore, StoredConnection } from './connection-settings.js';
import type { ConsoleConnection, ConsoleOptions, Visitor } from './console-options.js';
import type { Jobs } from './jobs.js';
import { Refused } from './problem.js';

export type ConsoleEnv = { readonly Variables: { readonly visitor: Visitor } };
export type ConsoleRequest = Context<ConsoleEnv>;

/** What every route works with. */
export type Parts = {
  readonly options: ConsoleOptions;
  /** Without a slash at its end; `''`: the root. */
  readonly basePath: string;
  readonly jobs: Jobs;
};

const connected = ({ options }: Parts, connectionId: string | undefined): ConsoleConnection | undefined =>
  options.connections().find((each) => each.connectionId === connectionId);

const unknownCompany = (): never => {
  throw new Refused(404, 'unknown-company', 'There is no such company here.');
};

/** Of a company that is set up. */
export const companyOf = (parts: Parts, request: ConsoleRequest): ConsoleConnection =>
  connected(parts, request.req.param('company')) ?? unknownCompany();

/** Those that the host keeps settings of, and that have no engine yet. */
export const notSetUp = async (parts: Parts): Promise<ReadonlyArray<StoredConnection>> => {
  const stored = (await parts.options.settings?.list()) ?? [];
  return stored.filter(({ connectionId }) => connected(parts, connectionId) === undefined);
};

export type Known =
  | { readonly engineOf: ConsoleConnection; readonly stored: StoredConnection | undefined }
  | { readonly engineOf: undefined; readonly stored: StoredConnection };

/** Of a company, whether it is set up or not. */
export const knownOf = async (parts: Parts, request: ConsoleRequest): Promise<Known> => {
  const wanted = request.req.param('company') ?? '';
  const engineOf = connected(parts, wanted);
  const stored = await parts.options.settings?.read(wanted);
  if (engineOf !== undefined) return { engineOf, stored };
  return stored === undefined ? unknownCompany() : { engineOf, stored };
};

export const storeOf = ({ options: { settings } }: Parts): ConnectionSettingsStore => {
  if (settings === undefined)
    throw new Refused(
      409,
      'not-saved-here',
      'Settings are kept where the connection is configured: change them there.',
    );
  return settings;
};
