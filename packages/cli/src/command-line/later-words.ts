import { type Command, Option } from 'commander';
import { type Invocation, laterFlags } from './invocation.js';
import { UsageMistake } from './usage-mistake.js';

export const addLaterFlags = (command: Command): Command => {
  for (const flags of laterFlags[command.name() as Invocation['verb']] ?? []) {
    const option = new Option(flags).hideHelp();
    command.addOption(option);
    command.on(`option:${option.name()}`, () => {
      const flag = option.long ?? flags;
      throw new UsageMistake(flag, `The flag ${flag} of ${command.name()} is not in this version yet.`);
    });
  }
  return command;
};

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
