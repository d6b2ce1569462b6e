import { DirectorySyncError, version } from '@learnamp/directory-sync';
import type { Hono } from 'hono';
import { companyOf, type ConsoleEnv, type Parts } from '../console-context.js';
import type { ConsoleConnection } from '../console-options.js';
import type { Activity, Company, CompanyDetails, Session } from '../contract.js';

const companyNow = async ({ connectionId, name, engine }: ConsoleConnection): Promise<Company> => {
  const base = { connectionId, name: name ?? connectionId };
  try {
    return { ...base, status: await engine.status(), problem: null };
  } catch (error) {
    // One company that cannot be read hides no other.
    if (!(error instanceof DirectorySyncError)) throw error;
    return { ...base, status: null, problem: error.message };
  }
};

const daysOf = (asked: string | undefined): number => (asked === undefined ? 30 : Number.parseInt(asked, 10) || 30);

/** Who asks, and how every company stands. */
export const addCompanies = (api: Hono<ConsoleEnv>, parts: Parts): void => {
  const { options } = parts;
  api.get('/session', (request) =>
    request.json<Session>({
      ...request.get('visitor'),
      version,
      savesPreferences: options.savePreferences !== undefined,
    }),
  );
  api.get('/companies', async (request) =>
    request.json<ReadonlyArray<Company>>(await Promise.all(options.connections().map(companyNow))),
  );
  api.get('/companies/:company', async (request) => {
    const company = companyOf(parts, request);
    const { tenantId, groupId } = company;
    return request.json<CompanyDetails>({ ...(await companyNow(company)), tenantId, groupId });
  });
  api.get('/companies/:company/activity', async (request) => {
    const days = await companyOf(parts, request).engine.activity({ days: daysOf(request.req.query('days')) });
    return request.json<Activity>({ days });
  });
};
