import type { Command } from 'commander';
import { commonOptions, type Found } from './arguments.js';

/** `verify`, `log head`, `log export`, `log import`. */
export const addLogVerbs = (program: Command, found: Found): void => {
  program
    .command('verify')
    .description('check the whole log: chain, seals, every command derived again, receipts, and the local rows')
    .option('--head <head>', 'a head that was kept elsewhere: a hash, revision:hash, or the file of "log head"')
    .action(({ head }: { head?: string }) => {
      found.invocation = { ...commonOptions(program, 'verify'), verb: 'verify', head };
    });
  const log = program
    .command('log')
    .helpCommand(false)
    .description('show the head of the log, write the log to a file, or fill an empty log from one');
  log
    .command('head')
    .description('show the last record, signed: keep it elsewhere, and give it to "verify --head" later')
    .option('--out <file>', 'write it to a new file')
    .action(({ out }: { out?: string }) => {
      found.invocation = { ...commonOptions(program, 'log'), verb: 'log', action: 'head', out };
    });
  log
    .command('export')
    .description('print every record as it is stored, one a line; what is sealed stays sealed')
    .option('--out <file>', 'write it to a new file that only its owner can read')
    .action(({ out }: { out?: string }) => {
      found.invocation = { ...commonOptions(program, 'log'), verb: 'log', action: 'export', out };
    });
  log
    .command('import')
    .argument('<file>', 'what "log export" wrote')
    .description('fill an empty log with an exported one; run again, it finishes what was interrupted')
    .action((file: string) => {
      found.invocation = { ...commonOptions(program, 'log'), verb: 'log', action: 'import', file };
    });
};
