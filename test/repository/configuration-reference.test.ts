import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import { decodeConfiguration } from '../../packages/cli/src/configuration/decode-configuration.js';
import { read } from './tree.js';

type Path = string;

/** An object that remembers which of its keys anybody asked for, at any depth. */
const watched = (value: object, at: Path, asked: Set<Path>): object => {
  const below = (key: string): Path => (at === '' ? key : `${at}.${key}`);
  return new Proxy(value, {
    getOwnPropertyDescriptor: (target, key) => {
      if (typeof key === 'string') asked.add(below(key));
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    get: (target, key) => {
      const found: unknown = Reflect.get(target, key);
      return typeof found === 'object' && found !== null && typeof key === 'string'
        ? watched(found, below(key), asked)
        : found;
    },
  });
};

const secret = { env: 'SECRET' };
const storages = [{ kind: 'sqlite' }, { kind: 'eventstoredb' }, { kind: 'memory' }];
const graphAuths = [{ kind: 'client-secret' }, { kind: 'certificate' }, { kind: 'federated' }, { kind: 'token' }];
const learnAmpAuths = [{ kind: 'client-credentials' }, { kind: 'token' }];

/** Every key that the decoder looks at, over all kinds of what has kinds. */
const keysInCode = async (): Promise<ReadonlySet<Path>> => {
  const asked = new Set<Path>();
  for (const eventLog of storages)
    for (const auth of graphAuths)
      for (const learnAmpAuth of learnAmpAuths)
        await decodeConfiguration(
          watched(
            {
              eventLog,
              graph: { auth },
              learnAmp: { auth: learnAmpAuth },
              notifications: {},
              schedule: {},
              keys: { masterKey: secret },
              local: {},
            },
            '',
            asked,
          ),
          { environment: {}, readFile: () => '', readBytes: () => new Uint8Array(), folder: '/' },
          () => Promise.resolve(() => E.left([])),
        );
  return asked;
};

/** Objects are documented by what is in them, secrets in a paragraph of their own, preferences in a table of theirs. */
const isOfItsOwn = (key: Path, all: ReadonlySet<Path>): boolean =>
  !/\.(env|file)$/.test(key) &&
  (key === 'preferences' || ![...all].some((other) => other.startsWith(`${key}.`) && !/\.(env|file)$/.test(other)));

test('every key of the configuration is in its reference, and nothing else is', async () => {
  const asked = await keysInCode();
  const keys = [...asked].filter((key) => !key.startsWith('preferences.') && isOfItsOwn(key, asked));
  const table = read('docs/reference/configuration.md').split('\n## Keys\n')[1]?.split('\n## ')[0] ?? '';
  const documented = [...table.matchAll(/^\| `([A-Za-z.]+)`/gm)].map(([, key = '']) => key);
  expect(keys.length).toBeGreaterThan(30);
  expect([...documented].sort()).toEqual([...keys].sort());
});
