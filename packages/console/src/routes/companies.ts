import { DirectorySyncError, version } from '@learnamp/directory-sync';
import type { Hono } from 'hono';
import { companyOf, type ConsoleEnv, knownOf, notSetUp, type Parts } from '../console-context.js';
import type { ConsoleConnection } from '../console-options.js';
import type { StoredConnection } from '../connection-settings.js';
import type { Activity, Company, CompanyDetails, Session } from '../contract.js';

const companyNow = async ({ connectionId, name, engine }: ConsoleConnection): Promise<Company> => {
  const base = { connectionId, name: name ?? connectionId, isSetUp: true };
  try {
    return { ...base, status: await engine.status(), problem: null };
  } catch (error) {
    // One company that cannot be read hides no other.
    if (!(error instanceof DirectorySyncError)) throw error;
    return { ...base, status: null, problem: error.message };
  }
};

/** Of a connection that has no engine yet. */
const companyToBe = ({ connectionId, name }: StoredConnection): Company => ({
  connectionId,
  name: name ?? connectionId,
  isSetUp: false,
  status: null,
  problem: null,
});

const daysOf = (asked: string | undefined): number => (asked === undefined ? 30 : Number.parseInt(asked, 10) || 30);

const idsOf = ({ tenantId, groupId }: Pick<CompanyDetails, 'tenantId' | 'groupId'>) => ({ tenantId, groupId });

/** Who asks, and how every company stands. */
export const addCompanies = (api: Hono<ConsoleEnv>, parts: Parts): void => {
  const { options } = parts;
  api.get('/session', (request) =>
    request.json<Session>({
      name: request.get('visitor').name,
      role: request.get('visitor').role,
      version,
      savesSettings: options.settings !== undefined,
    }),
  );
  api.get('/companies', async (request) =>
    request.json<ReadonlyArray<Company>>([
      ...(await Promise.all(options.connections().map(companyNow))),
      ...(await notSetUp(parts)).map(companyToBe),
    ]),
  );
  api.get('/companies/:company', async (request) => {
    const { engineOf, stored } = await knownOf(parts, request);
    if (engineOf === undefined)
      return request.json<CompanyDetails>({ ...companyToBe(stored), ...idsOf(stored.settings) });
    return request.json<CompanyDetails>({ ...(await companyNow(engineOf)), ...idsOf(engineOf) });
  });
  api.get('/companies/:company/activity', async (request) => {
    const days = await companyOf(parts, request).engine.activity({ days: daysOf(request.req.query('days')) });
    return request.json<Activity>({ days });
  });
};
