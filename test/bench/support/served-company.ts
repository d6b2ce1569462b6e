import { fork } from 'node:child_process';
import { once as onceOf } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './measured.js';

export type FirstRead = {
  readonly people: number;
  readonly pages?: number;
  readonly requests?: number;
  readonly milliseconds: number;
  readonly cpu: number;
  readonly heapMiB: number;
  readonly rssMiB: number;
};

export type ServedCompany = Readonly<Record<string, string>>;

/** A made-up company behind its servers, which are a process of their own. */
export const withServedCompany = async <A>(
  people: number,
  latencyMs: number,
  work: (company: ServedCompany) => Promise<A>,
): Promise<A> => {
  // The conditions of the runner, which picks sources, are not for a program over the build. A million people are large.
  const server = fork(
    fileURLToPath(new URL('../serve-company.js', import.meta.url)),
    [JSON.stringify({ people, outsiders: 10, latencyMs })],
    { execArgv: ['--max-old-space-size=12000'] },
  );
  try {
    const [company] = (await onceOf(server, 'message')) as [ServedCompany];
    return await work(company);
  } finally {
    server.disconnect();
  }
};

/** Reads that company for the first time in a process of its own, or only its pages. */
export const readFirst = async (
  mode: 'floor' | 'engine',
  company: ServedCompany,
  flags: ReadonlyArray<string> = [],
): Promise<FirstRead> => {
  const folder = await mkdtemp(join(tmpdir(), 'initial-sync-'));
  try {
    return await runProgram<FirstRead>('initial-sync', { mode, company, folder }, flags);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
