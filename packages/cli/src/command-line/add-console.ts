import type { Command } from 'commander';
import { commonOptions, type Found } from './arguments.js';
import { UsageMistake } from './usage-mistake.js';

export const CONSOLE_PORT = 8484;

/** 0: any that is free. */
export const port = (value: string): number => {
  const given = Number(value);
  if (!/^\d{1,5}$/.test(value) || given > 65_535)
    throw new UsageMistake('--port', '--port must be a number from 0 (any that is free) to 65535.');
  return given;
};

/** `console`. */
export const addConsole = (program: Command, found: Found): void => {
  program
    .command('console')
    .description('open the web console on this machine alone, until Ctrl+C or SIGTERM; --config may be repeated')
    .option('--port <port>', 'where it listens on 127.0.0.1', port, CONSOLE_PORT)
    .action(({ port: chosen }: { port: number }) => {
      found.invocation = { ...commonOptions(program, 'console'), verb: 'console', port: chosen };
    });
};
