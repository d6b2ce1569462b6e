import { readFileSync } from 'node:fs';
import { localMasterKey, type MasterKey } from '@learnamp/directory-sync';
import * as E from 'fp-ts/lib/Either.js';
import type { InvocationOf } from '../command-line/invocation.js';
import { writeLast } from '../command-line/output.js';
import type { Terminal } from '../command-line/terminal.js';
import type { Configuration } from '../configuration/configuration.js';
import { masterKeyFrom } from '../configuration/storage-readers.js';
import { masterKeyOf } from '../open-stores.js';
import { counted } from '../reports/printable.js';
import { type ExitCode, WrongUse } from './verb-context.js';

type Rewrap = Extract<InvocationOf<'keys'>, { readonly action: 'rewrap' }>;

/** The master key that wraps the keys until now, named as in the configuration. */
const earlier = ({ from }: Rewrap, terminal: Terminal): MasterKey | undefined => {
  if (from === undefined) return undefined;
  const { environment, folder } = terminal;
  const sources = {
    environment,
    folder,
    readFile: (path: string) => readFileSync(path, 'utf8'),
    readBytes: (path: string) => readFileSync(path),
  };
  const read = masterKeyFrom(sources)(from, '--from');
  if (E.isRight(read)) return localMasterKey(Uint8Array.from(Buffer.from(read.right.reveal(), 'base64')));
  const [mistake] = read.left;
  throw new WrongUse('--from', `The earlier master key: ${mistake?.message ?? 'cannot be read'}.`);
};

/** `keys rotate` and `keys rewrap`. No connection is opened: only the key store. */
export const tendKeys = async (
  invocation: InvocationOf<'keys'>,
  { storage }: Configuration,
  terminal: Terminal,
): Promise<ExitCode> => {
  if (storage.kind === 'memory') throw new WrongUse('eventLog.kind', 'Keys in memory are gone with the process.');
  const { openSqliteKeyStore, rewrapSqliteKeyStore } = await import('@learnamp/directory-sync/sqlite');
  const [path, masterKey] = [storage.keysPath, await masterKeyOf(storage)];
  const tell = async (told: object, text: string): Promise<ExitCode> => {
    await writeLast(terminal.out, `${invocation.json ? JSON.stringify(told) : text}\n`);
    return 0;
  };
  if (invocation.action === 'rewrap') {
    const { keys } = await rewrapSqliteKeyStore({ path, from: earlier(invocation, terminal), to: masterKey });
    const all = counted(keys, 'key', 'keys');
    return tell(
      { keys, masterKey: masterKey?.id ?? null },
      masterKey === undefined
        ? `Left ${all} unwrapped: the configuration names no master key.`
        : `Wrapped ${all} by the master key ${masterKey.id}.`,
    );
  }
  const store = await openSqliteKeyStore({ path, masterKey });
  try {
    const done = await store.rotate(invocation.users.length === 0 ? undefined : invocation.users)();
    if (E.isLeft(done)) throw new Error('The key store could not be written.', { cause: done.left.cause });
    const { retired } = done.right;
    return await tell(
      { retired },
      `Retired ${counted(retired, 'key', 'keys')}: what is recorded from now on gets new ones.`,
    );
  } finally {
    await store.close();
  }
};
