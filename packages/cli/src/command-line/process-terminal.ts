import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { askOn } from './ask-on.js';
import { makeOutput } from './output.js';
import { openScreenOn } from './screen.js';
import type { Terminal } from './terminal.js';

/** The account that started the command; some containers have none for its number. */
const accountName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
};

/** The first signal asks to stop; the handlers are gone then, so a second one ends the process at once. */
const makeStopSignal = (): (() => AbortSignal) => {
  let controller: AbortController | undefined;
  return () => {
    if (controller !== undefined) return controller.signal;
    const made = new AbortController();
    const stop = (): void => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      made.abort();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    controller = made;
    return made.signal;
  };
};

const interrupt = (): void => {
  process.kill(process.pid, 'SIGINT');
};

const canDraw = (): boolean => process.stdout.isTTY && process.env['TERM'] !== 'dumb';

/** The process this runs in. */
export const processTerminal = (): Terminal => ({
  out: makeOutput(process.stdout),
  err: makeOutput(process.stderr),
  interactive: process.stdin.isTTY && process.stderr.isTTY,
  ask: askOn(process.stdin, process.stderr, interrupt),
  progress: process.stderr.isTTY ? process.stderr : undefined,
  openScreen: canDraw()
    ? () => openScreenOn({ input: process.stdin, output: process.stdout, interrupt, ended: process })
    : undefined,
  environment: process.env,
  folder: process.cwd(),
  actor: `${accountName()} (command line)`,
  now: () => new Date(),
  wait: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
  stopSignal: makeStopSignal(),
});
