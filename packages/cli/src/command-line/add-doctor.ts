import type { Command } from 'commander';
import { commonOptions, type Found } from './arguments.js';
import { UsageMistake } from './usage-mistake.js';

/** `doctor`. */
export const addDoctor = (program: Command, found: Found): void => {
  program
    .command('doctor')
    .description('check what the sync relies on; reads only, and says what to do')
    .option('--learn-amp', 'Learn Amp alone: credentials, scopes and answers; Microsoft Graph is not asked', false)
    .option('--names', 'name the people of the sample', false)
    .action(({ learnAmp, names }: { learnAmp: boolean; names: boolean }) => {
      if (learnAmp && names) throw new UsageMistake('--names', 'doctor --learn-amp names nobody: leave out --names.');
      found.invocation = { ...commonOptions(program, 'doctor'), verb: 'doctor', learnAmp, names };
    });
};
