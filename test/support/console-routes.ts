import { makeJobs } from '../../packages/console/src/jobs.js';
import { makeApi } from '../../packages/console/src/make-api.js';

export type Route = { readonly method: string; readonly path: string };

/** Every route that the console has, from the table it answers by: none can be forgotten by a test over them. */
export const consoleRoutes = (): ReadonlyArray<Route> => {
  const options = { connections: () => [] };
  const { routes } = makeApi({ options, basePath: '', jobs: makeJobs(() => new Date()) });
  return routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => ({ method, path }));
};

export const isChange = ({ method }: Route): boolean => method !== 'GET';

/** A path with what stands in it: of the company of a stage. */
export const filledIn = (path: string, person = '0b0f6a1c-0000-4000-8000-000000000001', kind = 'sync'): string =>
  path.replace(':company', 'fabrikam').replace(':person', person).replace(':kind', kind);
