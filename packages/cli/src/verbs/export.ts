import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { InvocationOf } from '../command-line/invocation.js';
import { withoutAddresses } from '../command-line/redact.js';
import { counted } from '../reports/printable.js';
import { resolveUser } from './resolve-users.js';
import { type ExitCode, type VerbContext, WrongUse } from './verb-context.js';

const codeOf = (problem: unknown): string =>
  problem instanceof Error ? ((problem as NodeJS.ErrnoException).code ?? problem.name) : 'unknown';

/** Made anew with mode 0600: a file that is there may be read by others, or be somebody's. */
const writeNew = async (path: string, named: string, text: string): Promise<void> => {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  } catch (problem) {
    const shown = withoutAddresses(named);
    const why = codeOf(problem) === 'EEXIST' ? 'exists already' : `cannot be written (${codeOf(problem)})`;
    throw new WrongUse('--out', `The file ${shown} ${why}; name a new one with --out.`);
  }
};

/** `export`: everything that is held of one person. Standard output is the document, unless a file is named. */
export const exportUser = async (invocation: InvocationOf<'export'>, context: VerbContext): Promise<ExitCode> => {
  const { connection, terminal } = context;
  const { user, out, json } = invocation;
  const userId = await resolveUser(connection, user, { path: 'user' });
  const document = await connection.exportPerson(userId, { actor: invocation.by ?? terminal.actor });
  const text = `${json ? JSON.stringify(document) : JSON.stringify(document, undefined, 2)}\n`;
  if (out === undefined) {
    await terminal.out.write(text);
    return 0;
  }
  await writeNew(resolve(terminal.folder, out), out, text);
  const told = { userId, events: document.events.length, accesses: document.accesses.length };
  await terminal.out.write(
    json
      ? `${JSON.stringify(told)}\n`
      : `Written: ${counted(told.events, 'event', 'events')} about ${userId}, and ${counted(told.accesses, 'look', 'looks')} at their data.\n`,
  );
  return 0;
};
