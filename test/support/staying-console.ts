import { vi } from 'vitest';
import type { Staying } from './command-line-in-process.js';

/** Looks again until there is something to see. */
export const until = <A>(look: () => Promise<A | undefined> | A | undefined): Promise<A> =>
  vi.waitFor(
    async () => {
      const found = await look();
      if (found === undefined) throw new Error('It has not come about yet.');
      return found;
    },
    { timeout: 50_000, interval: 20 },
  );

/** The address that a running command says its console is at. */
export const consoleOf = (running: Staying): Promise<string> =>
  until(() => /The console is at (http:\/\/127\.0\.0\.1:\d+)/.exec(running.stderr())?.[1]);

export const read = async <A>(address: string): Promise<A> => (await (await fetch(address)).json()) as A;
