import type { Command } from 'commander';
import { commonOptions, type Found, words } from './arguments.js';

/** `erase`. */
export const addPersonalDataVerbs = (program: Command, found: Found): void => {
  program
    .command('erase')
    .argument('<user>', 'an object id, a Learn Amp id, or a present address')
    .description('make what is known of somebody who left unreadable, for good')
    .requiredOption('--reason <reason>', 'why, as recorded in the log', words('--reason', 500))
    .option('--by <name>', 'who decided it; by default who started the command', words('--by', 200))
    .action((user: string, { reason, by }: { reason: string; by?: string }) => {
      found.invocation = { ...commonOptions(program, 'erase'), verb: 'erase', user, reason, by };
    });
};
