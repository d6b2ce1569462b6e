import { open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { withoutAddresses } from '../command-line/redact.js';
import { WrongUse } from './verb-context.js';

const BATCH = 32_768;

const codeOf = (problem: unknown): string =>
  problem instanceof Error ? ((problem as NodeJS.ErrnoException).code ?? problem.name) : 'unknown';

/**
 * Writes lines to a file that was not there, for its owner alone, and flushes it to the disk. What cannot be finished is
 * removed again: half of it would look like all of it.
 */
export const writeNewFile = async (folder: string, named: string, lines: AsyncIterable<string>): Promise<void> => {
  const path = resolve(folder, named);
  const file = await open(path, 'wx', 0o600).catch((problem: unknown) => {
    const why = codeOf(problem) === 'EEXIST' ? 'exists already' : `cannot be written (${codeOf(problem)})`;
    throw new WrongUse('--out', `The file ${withoutAddresses(named)} ${why}; name a new one with --out.`);
  });
  try {
    let batch = '';
    for await (const line of lines) {
      batch += `${line}\n`;
      if (batch.length < BATCH) continue;
      await file.write(batch);
      batch = '';
    }
    await file.write(batch);
    await file.sync();
    await file.close();
  } catch (problem) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw problem;
  }
};
