import { DirectorySyncError, importLog, openMemoryStores, type Stores } from '@learnamp/directory-sync';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileValues, placesIn, withAt } from '../../packages/graph/src/testing/hostile-values.js';
import { connect } from '../support/connect.js';
import { idOf } from '../support/simulator-settings.js';
import { calm } from '../support/stage.js';

const simulator = await startSimulator({ seed: 3, company: { people: 4 }, graph: calm });
let lines: ReadonlyArray<string> = [];
let keys: Stores['keys'];

beforeAll(async () => {
  const stores = openMemoryStores();
  ({ keys } = stores);
  const engine = connect(simulator, { stores });
  expect(await engine.sync()).toMatchObject({ ok: true });
  const found: string[] = [];
  for await (const line of engine.exportLog()) found.push(line);
  lines = found;
});
afterAll(() => simulator.close());

/** Imports these lines into an empty log. What became of it: how many records it took, or the sentence that refused it. */
const imported = async (given: ReadonlyArray<string>) => {
  const stores: Stores = { ...openMemoryStores(), keys };
  const outcome = await importLog({
    ...stores,
    connectionId: 'fabrikam',
    tenantId: idOf(simulator.tenantId),
    lines: async function* () {
      yield* await Promise.resolve(given);
    },
  }).then(
    ({ records }) => ({ records }),
    (error: unknown) => ({ error }),
  );
  const head = await stores.log.head('directorySync-fabrikam')();
  return { outcome, isEmpty: head._tag === 'Right' && head.right === undefined, stores };
};

const isRefused = async (given: ReadonlyArray<string>): Promise<void> => {
  const { outcome, isEmpty, stores } = await imported(given);
  expect(outcome).toHaveProperty('error');
  const { error } = outcome as { readonly error: unknown };
  expect(error).toBeInstanceOf(DirectorySyncError);
  const { message } = error as DirectorySyncError;
  expect(message).toMatch(/^[^\n]{10,600}\.$/);
  if (isEmpty) return;
  // Some of it was appended before the mistake was met: then nobody works on the half of it.
  const accounts = simulator.learnAmp.accounts().length;
  const engine = connect(simulator, { stores });
  expect((await engine.sync()).ok).toBe(false);
  expect(simulator.learnAmp.accounts()).toHaveLength(accounts);
};

describe('a log that is imported', () => {
  it('is taken as it was exported', async () => {
    const { outcome } = await imported(lines);
    expect('records' in outcome && outcome.records).toBeGreaterThan(40);
  });

  it('with anything in it that was not there is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), fc.constantFrom(...hostileValues, undefined), async (at, place, value) => {
        const line = at % lines.length;
        const record = JSON.parse(lines[line] ?? '') as unknown;
        const places = placesIn(record);
        const changed = JSON.stringify(withAt(record, places[place % places.length] ?? [], value));
        fc.pre(changed !== lines[line]);
        await isRefused(lines.map((each, index) => (index === line ? ((changed as string | undefined) ?? '') : each)));
      }),
      { numRuns: 40, seed: Number(process.env['SEED'] ?? 20_261_130) },
    );
  });

  it('with a line missing, doubled, moved or cut is refused', async () => {
    const at = Math.floor(lines.length / 2);
    const line = lines[at] ?? '';
    await isRefused(lines.filter((_, index) => index !== at));
    await isRefused(lines.flatMap((each, index) => (index === at ? [each, each] : [each])));
    await isRefused([...lines].reverse());
    await isRefused(lines.map((each, index) => (index === at ? line.slice(0, -5) : each)));
    await isRefused(lines.slice(1));
  });

  it.each(['', 'null', '7', '[]', '{}', 'Dear admin', '\u0000', '['.repeat(500)])(
    'whose every line is %o is refused',
    async (text) => {
      await isRefused(Array.from({ length: 10 }, () => text));
    },
  );

  it('with 10,000 hostile lines is refused at the first of them', async () => {
    let read = 0;
    const endless = function* () {
      for (; read < 10_000; read += 1) yield '{"type":"UserJoinedGroup","data":{"__proto__":{"polluted":1}}}';
    };
    const stores = openMemoryStores();
    const outcome = importLog({
      ...stores,
      connectionId: 'fabrikam',
      tenantId: idOf(simulator.tenantId),
      lines: async function* () {
        yield* await Promise.resolve(endless());
      },
    });
    await expect(outcome).rejects.toBeInstanceOf(DirectorySyncError);
    expect(read).toBeLessThan(2_000);
    expect(({} as { readonly polluted?: unknown }).polluted).toBeUndefined();
  });
});
