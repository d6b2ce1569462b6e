import type { Command } from 'commander';
import { UsageMistake } from './usage-mistake.js';

export const addLaterVerb = (program: Command, name: string): void => {
  program
    .command(name, { hidden: true })
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw new UsageMistake(name, `The verb ${name} is not in this version yet.`);
    });
};
