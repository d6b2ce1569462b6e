import type { Command } from 'commander';
import { collect, commonOptions, type Found, words } from './arguments.js';
import { UsageMistake } from './usage-mistake.js';

const objectId = (value: string, earlier: ReadonlyArray<string>): ReadonlyArray<string> => {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value))
    throw new UsageMistake('--user', '--user must be an object id here.');
  return collect(value.toLowerCase(), earlier);
};

const addKeys = (program: Command, found: Found): void => {
  const keys = program
    .command('keys')
    .helpCommand(false)
    .description('rotate keys of the key store, or wrap them by another master key');
  keys
    .command('rotate')
    .description(
      'retire the keys of everybody: what is recorded from now on gets new ones, and the old ones still open',
    )
    .option('--user <id>', 'the key of this person only; may be repeated', objectId, [])
    .action(({ user }: { user: ReadonlyArray<string> }) => {
      found.invocation = { ...commonOptions(program, 'keys'), verb: 'keys', action: 'rotate', users: user };
    });
  keys
    .command('rewrap')
    .description('wrap all keys by the master key of the configuration, in one step')
    .option('--from-env <name>', 'the environment variable with the master key that wraps them until now')
    .option('--from-file <path>', 'the file with it; without either, they are not wrapped yet')
    .action(({ fromEnv, fromFile }: { fromEnv?: string; fromFile?: string }) => {
      if (fromEnv !== undefined && fromFile !== undefined)
        throw new UsageMistake('--from-env', 'Give --from-env or --from-file, not both.');
      const file = fromFile === undefined ? undefined : { file: fromFile };
      const from = fromEnv === undefined ? file : { env: fromEnv };
      found.invocation = { ...commonOptions(program, 'keys'), verb: 'keys', action: 'rewrap', from };
    });
};

const addBackups = (program: Command, found: Found): void => {
  program
    .command('backup')
    .argument('<folder>', 'a folder that does not exist yet')
    .description('copy log and key store as a set; an engine may run meanwhile')
    .action((folder: string) => {
      found.invocation = { ...commonOptions(program, 'backup'), verb: 'backup', folder };
    });
  program
    .command('restore')
    .argument('<folder>', 'a backup')
    .description('put a backup in place; refused where one of its files stands already')
    .option('--erasures <file>', 'who was erased since: the manifest of a later backup, or object ids, one a line')
    .action((folder: string, { erasures }: { erasures?: string }) => {
      found.invocation = { ...commonOptions(program, 'restore'), verb: 'restore', folder, erasures };
    });
};

/** `erase`, `keys`, `backup`, `restore`. */
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
  addKeys(program, found);
  addBackups(program, found);
};
