import type { Command } from 'commander';
import { collect, commonOptions, type Found, wholeNumber, words } from './arguments.js';
import { UsageMistake } from './usage-mistake.js';

const USER = 'an object id, a Learn Amp id, or a present address; may be repeated. Default: everybody who is held';

const LIMIT = 'show so many people; all are counted. Default: 100, and with --json all';

type Decision = { readonly user: ReadonlyArray<string>; readonly reason: string };

const addHeld = (program: Command, found: Found): void => {
  const held = program
    .command('held')
    .helpCommand(false)
    .description('list the deactivations and creations that wait for a decision; exit code 3 while there are any')
    .option('--by <name>', 'on whose behalf; by default who started the command', words('--by', 200))
    .option('--limit <n>', LIMIT, wholeNumber('--limit'))
    .action(({ by, limit }: { by?: string; limit?: number }) => {
      found.invocation = { ...commonOptions(program, 'held'), verb: 'held', action: 'list', by, limit };
    });
  for (const [action, description] of [
    ['approve', 'approve what is held, and deliver it; owners and admins of Learn Amp only where --user names them'],
    ['reject', 'keep these people as they are, until they change again'],
  ] as const)
    held
      .command(action)
      .description(description)
      .option('--user <user>', USER, collect, [])
      .option('--by <name>', 'who decided it, as recorded in the log; required', words('--by', 200))
      .requiredOption('--reason <reason>', 'why, as recorded in the log', words('--reason', 500))
      .action(({ user, reason }: Decision, command: Command) => {
        // `held` itself has a --by, which takes the one that stands behind `approve`.
        const { by } = command.optsWithGlobals<{ by?: string }>();
        if (by === undefined) throw new UsageMistake('--by', "Required option '--by <name>' not specified.");
        found.invocation = { ...commonOptions(program, 'held'), verb: 'held', action, users: user, by, reason };
      });
};

const addParked = (program: Command, found: Found): void => {
  program
    .command('parked')
    .description(
      'list who could not be synced: since when, why, and what would end it; exit code 4 while there is anybody',
    )
    .option('--by <name>', 'on whose behalf; by default who started the command', words('--by', 200))
    .option('--limit <n>', LIMIT, wholeNumber('--limit'))
    .action(({ by, limit }: { by?: string; limit?: number }) => {
      found.invocation = { ...commonOptions(program, 'parked'), verb: 'parked', by, limit };
    });
  program
    .command('retry')
    .argument('[user]', 'an object id, a Learn Amp id, or a present address')
    .description('try again at once for somebody who is parked, or with --all for everybody')
    .option('--all', 'everybody who is parked', false)
    .option('--reason <reason>', 'why, as recorded in the log', words('--reason', 500))
    .option('--by <name>', 'who asks; by default who started the command', words('--by', 200))
    .action((user: string | undefined, options: { all: boolean; reason?: string; by?: string }) => {
      const { all, reason, by } = options;
      if ((user === undefined) !== all) throw new UsageMistake('user', 'Give one USER, or --all.');
      found.invocation = { ...commonOptions(program, 'retry'), verb: 'retry', user, reason, by };
    });
};

/** `held`, `held approve`, `held reject`, `parked`, `retry`. */
export const addDecidingVerbs = (program: Command, found: Found): void => {
  addHeld(program, found);
  addParked(program, found);
};
