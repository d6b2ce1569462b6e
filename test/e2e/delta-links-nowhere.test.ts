import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FaultAction, type SimulatedResponse, startSimulator } from '@learnamp/directory-sync-simulator';
import { expect, onTestFinished, test } from 'vitest';
import { canariesIn } from '../support/canaries.js';
import { commandLineIn } from '../support/command-line-in-process.js';
import { sqliteFolder } from '../support/connect.js';
import { personNamed } from '../support/stage.js';

type Page = { readonly '@odata.nextLink'?: string; readonly '@odata.deltaLink'?: string };

/** The token of a link, which with an access token gives a tenant's changes. */
const tokenOf = (link: string): string => /token=([^&]+)/i.exec(decodeURIComponent(link))?.[1] ?? '';

/** Every verb that tells how it stands, or shows what was recorded. */
const verbs = [
  ...[
    'status',
    'status --json',
    'events --json',
    'events',
    'replay --json',
    'state --at 20 --json',
    'state --at 20',
    'diff --from 5 --to 20 --json',
    'replay --history --json',
  ],
  ...[
    'verify --json',
    'people --json',
    'parked --json',
    'held --json',
    'rebuild --list --json',
    'rebuild --verify --json',
  ],
  ...['accesses --json', 'preview --json', 'doctor --json', 'doctor', 'log head --json', 'reconcile --json'],
];

const redirect = (location: string): FaultAction => ({ status: 302, headers: { location }, body: undefined });

test(
  'delta links stand in no output, log, error, event, export or backup, and in the log and the cache under seal alone',
  { timeout: 180_000 },
  async () => {
    const simulator = await startSimulator({ seed: 8, company: { people: 30, outsiders: 4 } });
    onTestFinished(simulator.close);
    const { folder, remove } = await sqliteFolder();
    onTestFinished(remove);
    const { configuration, env } = simulator.config();
    const line = await commandLineIn(folder, { ...configuration, patienceSeconds: 1 }, env);
    const given: string[] = [];
    const links = (response: SimulatedResponse): SimulatedResponse => {
      const { '@odata.nextLink': next, '@odata.deltaLink': delta } = (response.body ?? {}) as Page;
      given.push(...[next, delta].flatMap((link) => (typeof link === 'string' ? [tokenOf(link)] : [])));
      return response;
    };
    simulator.faults.add({ system: 'graph', path: /delta/, action: { rewrite: links } });

    const sync = async (words = 'sync --verbose --json'): Promise<void> => {
      await line.run(words);
    };
    const changed = (n: number): void => {
      const userId = simulator.directory.addUser(personNamed(`Ann Lee${n}`));
      simulator.directory.addMember(simulator.scopeGroupId, userId);
    };
    await sync('sync --yes --verbose');
    const delta = { system: 'graph', path: /\/(users|groups)\/delta/ } as const;
    const canary = 'canary-of-a-link-5jQx';
    const led = (link: string): FaultAction => ({
      rewrite: (response) => ({ ...response, body: { value: [], '@odata.nextLink': link } }),
    });
    const own = `${simulator.graphUrl}/users/delta?$skiptoken=${canary}`;
    const troubles: ReadonlyArray<FaultAction> = [
      led(`https://user:${canary}@evil.example/v1.0/users/delta?$skiptoken=${canary}`),
      led(own),
      redirect(own),
      {
        status: 410,
        headers: { location: `https://evil.example/${canary}` },
        body: { error: { code: 'resyncRequired', message: own } },
      },
      { status: 400, body: { error: { code: 'Directory_ExpiredPageToken', message: own, innerError: { code: own } } } },
      { status: 400, body: { error: { code: 'SyncStateNotFound', message: own } } },
      { status: 403, body: { error: { code: 'Authorization_RequestDenied', message: own } } },
      { status: 503, headers: { 'request-id': own }, body: own },
    ];
    for (const [index, action] of troubles.entries()) {
      changed(index);
      const fault = simulator.faults.add({ ...delta, times: 6, action });
      await sync();
      fault.remove();
      await sync();
    }
    simulator.expireDeltaTokens();
    await sync();
    changed(99);
    await sync('sync --full --verbose');
    for (const verb of verbs) expect((await line.run(verb)).code, verb).not.toBe(2);
    expect((await line.run('log export --out exported.jsonl')).code).toBe(0);
    expect((await line.run('backup kept')).code).toBe(0);

    const tokens = [...new Set(given)].filter((token) => token.length > 20);
    expect(tokens.length).toBeGreaterThan(20);
    for (const token of [...tokens, canary]) expect(line.printed().includes(token), 'a link is shown').toBe(false);
    const standing = canariesIn(folder, [...tokens, canary]);
    expect(standing).toEqual([]);
    // It was there to be found.
    const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'));
    expect((await readFile(join(folder, names[0] ?? ''), 'utf8')).includes('DeltaCursorMoved')).toBe(true);
    expect(line.printed()).toContain('DeltaCursorMoved');
    expect((await readdir(folder)).some((name) => name.endsWith('.local'))).toBe(true);
  },
);
