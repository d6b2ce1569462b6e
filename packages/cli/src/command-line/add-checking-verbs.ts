import type { Command } from 'commander';
import { commonOptions, type Found, words } from './arguments.js';

/** `preview`, `reconcile`. */
export const addCheckingVerbs = (program: Command, found: Found): void => {
  program
    .command('preview')
    .description('show exactly the commands the next sync would send; write nothing anywhere')
    .option('--names', 'with the names of people, and what would be written', false)
    .option('--full', 'as a sync that reads both sides from the beginning', false)
    .option('--no-photos', 'leave photos alone')
    .action(({ names, full, photos }: { names: boolean; full: boolean; photos: boolean }) => {
      found.invocation = { ...commonOptions(program, 'preview'), verb: 'preview', names, full, photos };
    });
  program
    .command('reconcile')
    .description('read every account at Learn Amp and put right what was changed there by hand')
    .option('--by <name>', 'who asked for it; by default who started the command', words('--by', 200))
    .action(({ by }: { by?: string }) => {
      found.invocation = { ...commonOptions(program, 'reconcile'), verb: 'reconcile', by };
    });
};
