import * as E from 'fp-ts/lib/Either.js';
import { afterEach, describe, expect, it } from 'vitest';
import { refusedProperty } from './graph-error.js';
import { closeAll, openScripted } from './testing/scripted-graph.js';
import type { Script } from './testing/scripted-server.js';

afterEach(closeAll);

const person = '5f1c0b2a-0000-4000-8000-000000000001' as never;

type Refusal = { readonly status: number; readonly json: unknown };
type Item = { readonly id: string; readonly url: string };

const selectIn = (url: string): ReadonlyArray<string> =>
  (/\$select=([^&]*)/.exec(decodeURIComponent(url))?.[1] ?? '').split(',');

/** Refuses every query that selects one of these; the body says what `say` makes of it. */
const refusing =
  (properties: ReadonlyArray<string>, say: (property: string) => Refusal): Script =>
  ({ url, headers, body }) => {
    const answer = (asked: string, good: unknown): Refusal => {
      const refused = properties.find((property) => selectIn(asked).includes(property));
      return refused === undefined ? { status: 200, json: good } : say(refused);
    };
    if (!url.endsWith('/$batch'))
      return answer(url, { value: [], '@odata.deltaLink': `http://${headers.host!}/v1.0/users/delta?$deltatoken=now` });
    const { requests } = JSON.parse(body) as { readonly requests: ReadonlyArray<Item> };
    const responses = requests.map(({ id, url: asked }) => {
      const { status, json } = answer(asked, { id: person, userPrincipalName: 'ann@contoso.example' });
      return { id, status, body: json };
    });
    return { status: 200, json: { responses } };
  };

const byName = (property: string): Refusal => ({
  status: 400,
  json: {
    error: {
      code: 'BadRequest',
      message: `Parsing OData Select and Expand failed: Could not find a property named '${property}' on type 'microsoft.graph.user'.`,
    },
  },
});
const withoutName = (): Refusal => ({ status: 400, json: { error: { code: 'BadRequest', message: 'Bad request.' } } });
const customAttributes = ['city', 'shoeSize', 'extension_1.colour'];

describe('a property that Graph does not take', () => {
  it.each(['latestUsers', 'usersPage'] as const)('is left out of the query, and named (%s)', async (call) => {
    const { source, server } = await openScripted(refusing(['shoeSize', 'employeeHireDate'], byName), {
      customAttributes,
    });
    const before = source.fingerprint('users', []);
    const read = () => (call === 'latestUsers' ? source.latestUsers()() : source.usersPage('beginning')());
    expect(await read()).toMatchObject(E.right({ items: [] }));
    expect(source.leftOut()).toEqual({ delta: ['employeeHireDate', 'shoeSize'], direct: [] });
    expect(server.asked).toHaveLength(3);
    expect(selectIn(server.asked.at(-1)!.url)).toEqual(expect.arrayContaining(['city', 'extension_1', 'jobTitle']));
    expect(source.fingerprint('users', [])).not.toBe(before);
    // Remembered, until somebody wants it tried again.
    await read();
    expect(server.asked).toHaveLength(4);
    source.leaveOut({ delta: [], direct: [] });
    expect(source.fingerprint('users', [])).toBe(before);
    await read();
    expect(server.asked).toHaveLength(7);
  });

  it('that no refusal names is found by trying the custom ones alone', async () => {
    const { source } = await openScripted(refusing(['shoeSize', 'extension_1'], withoutName), { customAttributes });
    expect(E.isRight(await source.latestUsers()())).toBe(true);
    expect(source.leftOut().delta).toEqual(['extension_1', 'shoeSize']);
  });

  it('and that is "not supported" rather than refused is found likewise', async () => {
    const notSupported = (): Refusal => ({
      status: 501,
      json: { error: { code: 'NotImplemented', message: 'This operation target is not yet supported.' } },
    });
    const { source } = await openScripted(refusing(['birthday'], notSupported), { customAttributes: ['birthday'] });
    expect(E.isRight(await source.latestUsers()())).toBe(true);
    expect(source.leftOut()).toEqual({ delta: ['birthday'], direct: [] });
  });

  it.each([
    ['named', byName],
    ['not named', withoutName],
  ])('is left out of direct reads, %s, and is not mentioned by them', async (_, say) => {
    const { source } = await openScripted(refusing(['shoeSize'], say), { customAttributes });
    const read = await source.readProfiles([person])();
    expect(read).toMatchObject(E.right([{ _tag: 'Found', user: { complete: true } }]));
    expect(source.leftOut()).toEqual({ delta: [], direct: ['shoeSize'] });
    const fingerprint = source.fingerprint('users', []);
    source.leaveOut({ delta: [], direct: [] });
    // The query of the delta is still the one it was: its cursor stays good.
    expect(source.fingerprint('users', [])).toBe(fingerprint);
  });

  it.each(['userPrincipalName', 'id', 'accountEnabled', 'manager'])('is never %s', async (property) => {
    const { source } = await openScripted(refusing([property], byName), { customAttributes });
    expect(await source.latestUsers()()).toMatchObject(E.left({ _tag: 'GraphProtocol' }));
    expect(source.leftOut()).toEqual({ delta: [], direct: [] });
  });

  it('is not to blame where asking without it is refused too', async () => {
    const { source } = await openScripted(() => byName('shoeSize'), { customAttributes });
    expect(await source.latestUsers()()).toMatchObject(
      E.left({ _tag: 'GraphProtocol', detail: expect.stringContaining('"shoeSize"') as unknown }),
    );
    expect(source.leftOut()).toEqual({ delta: [], direct: [] });
  });

  it('makes nobody unreadable by being in the message about one person', async () => {
    const { source } = await openScripted(() => ({
      json: { responses: [1, 2].map((id) => ({ id: String(id), status: 400, body: byName('mail').json })) },
    }));
    expect(await source.readProfiles([person])()).toMatchObject(E.right([{ _tag: 'Unreadable', userId: person }]));
    expect(source.leftOut()).toEqual({ delta: [], direct: [] });
  });
});

it.each([
  ["Could not find a property named 'shoeSize' on type 'microsoft.graph.user'.", 'shoeSize'],
  ['The property "SHOESIZE" is not supported.', 'shoeSize'],
  ["Invalid property 'onPremises/extension1' in 'select'", 'onPremises'],
  ['Unknown property \u2018onPremises.extension1\u2019', 'onPremises'],
  ["Bad value of 'adele@contoso.example'", undefined],
  ['shoeSize is not quoted', undefined],
])('the refusal %s is about %s', (message, expected) => {
  const asked = ['id', 'onPremises', 'shoeSize'];
  expect(refusedProperty({ error: { message } }, asked)).toBe(expected);
  expect(refusedProperty({ error: { message: '', innerError: { message } } }, asked)).toBe(expected);
});
