import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { InvocationOf } from '../command-line/invocation.js';
import { writeLast } from '../command-line/output.js';
import type { Terminal } from '../command-line/terminal.js';
import type { Configuration } from '../configuration/configuration.js';
import { counted, printable } from '../reports/printable.js';
import { type ExitCode, WrongUse } from './verb-context.js';

type SqliteFiles = Extract<Configuration['storage'], { readonly kind: 'sqlite' }>;

const filesOf = ({ storage }: Configuration): SqliteFiles => {
  if (storage.kind === 'sqlite') return storage;
  throw new WrongUse(
    'eventLog.kind',
    storage.kind === 'memory'
      ? 'A log in memory cannot be backed up or restored.'
      : 'A log in EventStoreDB is backed up and restored with the means of the cluster; copy the key store (keys.path) behind it.',
  );
};

/** `backup FOLDER`. No connection is opened: an engine may run meanwhile. */
export const backUp = async (
  { folder, json }: InvocationOf<'backup'>,
  configuration: Configuration,
  terminal: Terminal,
): Promise<ExitCode> => {
  const { logPath, keysPath } = filesOf(configuration);
  const { backUpSqliteStores } = await import('@learnamp/directory-sync/sqlite');
  const to = resolve(terminal.folder, folder);
  const manifest = await backUpSqliteStores({ logPath, keysPath, folder: to, now: terminal.now });
  const erased = counted(manifest.erasures.length, 'erased person', 'erased people');
  const text = `Backed up to ${printable(to)}; its manifest names ${erased}. Keep it where an older backup can be given it.`;
  await writeLast(terminal.out, `${json ? JSON.stringify(manifest) : text}\n`);
  return 0;
};

const textOf = (file: string, terminal: Terminal): Promise<string> =>
  readFile(resolve(terminal.folder, file), 'utf8').catch(() => {
    throw new WrongUse('--erasures', 'The file given as --erasures cannot be read.');
  });

/** `restore FOLDER [--erasures FILE]`: into a place where nothing stands. */
export const restore = async (
  { folder, erasures, json }: InvocationOf<'restore'>,
  configuration: Configuration,
  terminal: Terminal,
): Promise<ExitCode> => {
  const { logPath, keysPath, localPath } = filesOf(configuration);
  const { readErasures, restoreSqliteStores } = await import('@learnamp/directory-sync/sqlite');
  const report = await restoreSqliteStores({
    folder: resolve(terminal.folder, folder),
    logPath,
    keysPath,
    localPath,
    erasures: erasures === undefined ? [] : readErasures(await textOf(erasures, terminal)),
  });
  const again =
    erasures === undefined
      ? 'Whoever was erased since then is readable again: erase them again, or restore with --erasures.'
      : `Keys of ${counted(report.destroyed, 'person', 'people')} erased since then were destroyed.`;
  const text = `Restored what was backed up at ${report.madeAt}. ${again} The next sync reads what happened since.`;
  await writeLast(terminal.out, `${json ? JSON.stringify(report) : text}\n`);
  return 0;
};
