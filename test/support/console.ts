import { defaultPreferences, type Preferences } from '@learnamp/directory-sync';
import { makeConsole, type ConsoleOptions, type Job, type JobKind } from '@learnamp/directory-sync-console';
import { idOf } from './simulator-settings.js';
import type { Stage } from './stage.js';

export const ORIGIN = 'http://127.0.0.1:8484';

type Options = Partial<ConsoleOptions> & { readonly preferences?: Preferences };

/** The console over a stage's company, as a host mounts it. */
export const consoleOf = (stage: Stage, { preferences = defaultPreferences, ...options }: Options = {}) =>
  makeConsole({
    connections: () => [
      {
        connectionId: 'fabrikam',
        name: 'Fabrikam',
        tenantId: idOf(stage.simulator.tenantId),
        groupId: idOf(stage.simulator.scopeGroupId),
        preferences,
        engine: stage.engine(),
      },
    ],
    ...options,
  });

type Console = ReturnType<typeof consoleOf>;

/** What a page of the console sends along with a change. */
export const fromOwnPage = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', origin: ORIGIN };

/** Requests as a page of the console makes them. */
export const browse = ({ fetch }: Console, base = '') => {
  const read = async <A>(path: string): Promise<A> =>
    (await (await fetch(new Request(`${ORIGIN}${base}${path}`))).json()) as A;
  const change = async (path: string, body: unknown = {}, method = 'POST') => {
    const response = await fetch(
      new Request(`${ORIGIN}${base}${path}`, { method, headers: fromOwnPage, body: JSON.stringify(body) }),
    );
    return { status: response.status, body: await response.json() };
  };
  const company = '/api/companies/fabrikam';
  /** Begins a job and waits for its end. */
  const job = async (kind: JobKind, more: object = {}): Promise<Job> => {
    await change(`${company}/jobs`, { kind, ...more });
    for (;;) {
      const found = (await read<ReadonlyArray<Job>>(`${company}/jobs`)).find((each) => each.kind === kind);
      if (found?.endedAt !== null && found !== undefined) return found;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { read, change, company, job };
};
