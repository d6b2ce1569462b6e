import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { withoutAddresses } from '../command-line/redact.js';
import { WrongUse } from './verb-context.js';

const codeOf = (problem: unknown): string =>
  problem instanceof Error ? ((problem as NodeJS.ErrnoException).code ?? problem.name) : 'unknown';

/** The lines of a text file, in bounded memory. Line feeds alone end a line: other separators may stand in a record. */
export async function* linesOfFile(folder: string, named: string): AsyncGenerator<string, void, undefined> {
  const file = await open(resolve(folder, named), 'r').catch((problem: unknown) => {
    throw new WrongUse('file', `The file ${withoutAddresses(named)} cannot be read (${codeOf(problem)}).`);
  });
  try {
    let rest = '';
    for await (const chunk of file.createReadStream({ encoding: 'utf8', autoClose: false }) as AsyncIterable<string>) {
      const parts = `${rest}${chunk}`.split('\n');
      rest = parts.pop() ?? '';
      yield* parts;
    }
    if (rest !== '') yield rest;
  } finally {
    await file.close();
  }
}
