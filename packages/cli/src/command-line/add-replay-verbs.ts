import type { Command } from 'commander';
import { commonOptions, type Found } from './arguments.js';

/** `replay`. */
export const addReplayVerbs = (program: Command, found: Found): void => {
  program
    .command('replay')
    .description('fold the whole log again and show where it ends; sends and writes nothing')
    .action(() => {
      found.invocation = { ...commonOptions(program, 'replay'), verb: 'replay' };
    });
};
