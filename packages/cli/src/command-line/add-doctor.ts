import type { Command } from 'commander';
import { commonOptions, type Found } from './arguments.js';
import { UsageMistake } from './usage-mistake.js';

/** `doctor`. */
export const addDoctor = (program: Command, found: Found): void => {
  program
    .command('doctor')
    .description('check what the sync relies on; reads only, and says what to do')
    .option('--learn-amp', 'credentials, scopes and answers of Learn Amp; Microsoft Graph is not asked', false)
    .action(({ learnAmp }: { learnAmp: boolean }) => {
      if (!learnAmp) throw new UsageMistake('--learn-amp', 'doctor checks Learn Amp in this version: say --learn-amp.');
      found.invocation = { ...commonOptions(program, 'doctor'), verb: 'doctor' };
    });
};
