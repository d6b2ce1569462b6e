import type { SignedHead } from '@learnamp/directory-sync';
import type { InvocationOf } from '../command-line/invocation.js';
import { writeLast, writeLines } from '../command-line/output.js';
import { counted } from '../reports/printable.js';
import type { ExitCode, VerbContext } from './verb-context.js';
import { writeNewFile } from './write-new-file.js';

type Invocation = Exclude<InvocationOf<'log'>, { readonly action: 'import' }>;

const headText = ({ stream, revision, hash, at, keyId, publicKey, signature }: SignedHead): string =>
  [
    `${stream}, revision ${revision}`,
    `hash       ${hash}`,
    `at         ${at}`,
    `key        ${keyId}`,
    `signature  ${signature}`,
    publicKey.trimEnd(),
  ].join('\n');

async function* one(line: string): AsyncGenerator<string> {
  yield await Promise.resolve(line);
}

const head = async ({ out, json }: Invocation, { connection, terminal }: VerbContext): Promise<ExitCode> => {
  const signed = await connection.signedHead();
  if (signed === null) {
    await writeLast(terminal.err, 'The log is empty: it has no head yet.\n');
    return 1;
  }
  const text = JSON.stringify(signed);
  if (out !== undefined) await writeNewFile(terminal.folder, out, one(text));
  const told = out === undefined ? headText(signed) : `Written: the head at revision ${signed.revision}, signed.`;
  await writeLast(terminal.out, `${json ? text : told}\n`);
  return 0;
};

const exportAll = async ({ out, json }: Invocation, { connection, terminal }: VerbContext): Promise<ExitCode> => {
  const lines = connection.exportLog();
  if (out === undefined) {
    await writeLines(terminal.out, lines);
    return 0;
  }
  let last = '';
  const noted = async function* (): AsyncGenerator<string> {
    for await (const line of lines) {
      last = line;
      yield line;
    }
  };
  await writeNewFile(terminal.folder, out, noted());
  const { records } = JSON.parse(last) as { readonly records: number };
  await writeLast(terminal.out, json ? `${last}\n` : `Written: ${counted(records, 'record', 'records')}, as stored.\n`);
  return 0;
};

/** `log head` and `log export`. */
export const log = (invocation: Invocation, context: VerbContext): Promise<ExitCode> =>
  invocation.action === 'head' ? head(invocation, context) : exportAll(invocation, context);
