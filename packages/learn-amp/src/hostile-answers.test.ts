/** Every kind of answer that is decoded, with everything in it that should not be. */
import type { LearnAmpUserId } from '@learnamp/directory-sync-domain';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostileBodies, hostileJson, hostileValues, placesIn, withAt } from '../../graph/src/testing/hostile-values.js';
import { commandsFor, createUser, ensureTeam } from './testing/made-commands.js';
import { startFakeLearnAmp, type FakeLearnAmp, type Reply } from './testing/fake-learn-amp.js';
import { collect, openClient, run } from './testing/open-client.js';

const seed = Number(process.env['SEED'] ?? 20_261_201);
const runs = Number(process.env['RUNS'] ?? 40);
const plain = Reflect.ownKeys(Object.prototype);

let fake: FakeLearnAmp;
let replies: ((status: number, of: Reply) => Reply | undefined) | undefined;
/** Which requests are answered by what a test puts in the place of the answer. */
let at: RegExp;

beforeEach(async () => {
  fake = await startFakeLearnAmp();
  replies = undefined;
  fake.plan.after = ({ method, path }, reply) =>
    at.test(`${method} ${path}`) ? replies?.(reply.status, reply) : undefined;
});
afterEach(async () => {
  await fake.close();
  expect(Reflect.ownKeys(Object.prototype)).toEqual(plain);
  expect(({} as { readonly polluted?: unknown }).polluted).toBeUndefined();
});

type Port = ReturnType<typeof openClient>;
const ada = { email: 'ada@contoso.com', integrationExternalId: 'EPOS-1', jobTitle: 'Engineer' };
const byId = (id: number) => ({ by: 'id', learnAmpUserId: String(id) as LearnAmpUserId }) as const;

/** Who asks, and which answer is meant. */
const kinds: ReadonlyArray<{
  readonly name: string;
  readonly at: RegExp;
  readonly ask: (port: Port, id: number) => Promise<unknown>;
}> = [
  { name: 'a page of accounts', at: /GET \/v1\/users$/, ask: (port) => collect(port.accounts()) },
  { name: 'one account', at: /GET \/v1\/users\/\d+$/, ask: (port, id) => port.findAccount(byId(id))() },
  { name: 'a created account', at: /POST \/v1\/users$/, ask: (port) => run(port, [createUser()]) },
  {
    name: 'a changed account',
    at: /PUT \/v1\/users/,
    ask: (port, id) => run(port, [commandsFor(id).update({ jobTitle: 'Chief' })]),
  },
  { name: 'a deactivated account', at: /PUT|POST|GET/, ask: (port, id) => run(port, [commandsFor(id).deactivate()]) },
  { name: 'a page of teams', at: /GET \/v1\/teams/, ask: (port) => run(port, [ensureTeam('Sales')]) },
  { name: 'a created team', at: /POST \/v1\/teams/, ask: (port) => run(port, [ensureTeam('Sales')]) },
];

/** A refusal or failure repeats nothing of the answer; an id is one, whatever the answer calls so. */
const expectClear = (told: unknown, what: string): void => {
  const text = JSON.stringify(told, (key, value: unknown) => (/^(account|right)$/.test(key) ? undefined : value));
  expect(text, what).not.toMatch(/polluted|gnp\.exe|xxxx|\\ud800|ada@contoso/);
  for (const [, id = ''] of JSON.stringify(told).matchAll(
    /"(?:learnAmpUserId|teamId|managerLearnAmpUserId)":"([^"]*)"/g,
  ))
    expect(id, what).toMatch(/^[\w-]{1,100}$/);
  expect(text.length, what).toBeLessThan(500);
};

const open = () => {
  fake.users.clear();
  fake.teams.clear();
  fake.log.length = 0;
  const { id } = fake.addUser(ada);
  return { port: openClient(fake.baseUrl, { patienceMs: 2_000 }), id };
};

/** A request is asked again, and ends: nothing goes round for ever. */
const ask = async (kind: (typeof kinds)[number], what: string): Promise<unknown> => {
  const { port, id } = open();
  at = kind.at;
  const told = await kind.ask(port, id);
  expectClear(told, what);
  expect(fake.log.length, what).toBeLessThan(200);
  expect(fake.users.size, `${what}: accounts`).toBeLessThanOrEqual(2);
  // What is refused with 429 was not done; anything else is asked for twice at most.
  const created = fake.log.filter(({ method, path }) => method === 'POST' && path === '/v1/users').length;
  if (!what.startsWith('429')) expect(created, what).toBeLessThanOrEqual(kind.name === 'a created account' ? 2 : 0);
  return told;
};

describe.each(kinds)('$name', (kind) => {
  it('that is no answer at all is told, and nothing breaks', async () => {
    const large = kind.name === 'a page of accounts' ? Infinity : 1_000_000;
    for (const [name, bytes] of hostileBodies.filter(([, { length }]) => length < large))
      for (const status of [200, 422]) {
        replies = () => ({ status, text: Buffer.from(bytes).toString('latin1') });
        await ask(kind, `${name} with ${String(status)}`);
      }
  }, 60_000);

  it('is told or decoded whatever stands in whichever place', async () => {
    let sample: unknown;
    replies = (_status, { json }) => {
      sample ??= json;
      return undefined;
    };
    await ask(kind, 'as it is');
    for (const place of placesIn(sample).slice(0, 40))
      for (const value of [
        undefined,
        ...hostileValues.filter((each) => typeof each !== 'string' || each.length < 1_000),
      ].filter((_, index) => index % 4 === place.length % 4)) {
        replies = (status) => ({ status, json: withAt(sample, place, value) ?? {} });
        await ask(kind, `${place.join('.')}: ${JSON.stringify([value]).slice(0, 60)}`);
      }
  }, 60_000);

  it(`is told or decoded whatever JSON it is, with any header (seed ${String(seed)})`, async () => {
    const headers = fc.record({
      'retry-after': fc.constantFrom('0', '-1', '1e9', 'NaN', '9'.repeat(400), 'Thu, 99 Foo 2026', '0x10', '1;2', ' '),
      'total-pages': fc.constantFrom('0', '-1', '1e9', '999999999', 'x', '1.5', '__proto__'),
      total: fc.constantFrom('0', '-1', '1e9', 'x', '7'),
    });
    const statuses = fc.constantFrom(200, 200, 201, 204, 301, 400, 401, 403, 404, 409, 422, 429, 500, 503);
    await fc.assert(
      fc.asyncProperty(hostileJson, statuses, headers, async (json, status, given) => {
        replies = () =>
          status === 204 ? { status, headers: given } : { status, text: JSON.stringify(json), headers: given };
        await ask(kind, `${String(status)} ${JSON.stringify(given)} ${JSON.stringify(json)}`.slice(0, 300));
      }),
      { numRuns: runs, seed },
    );
  }, 60_000);
});
