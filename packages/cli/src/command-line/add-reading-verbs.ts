import type { Command } from 'commander';
import { collect, commonOptions, type Found, revision, words } from './arguments.js';
import { UsageMistake } from './usage-mistake.js';

const addEvents = (program: Command, found: Found): void => {
  type Options = {
    from?: bigint;
    to?: bigint;
    type: ReadonlyArray<string>;
    user: ReadonlyArray<string>;
    follow: boolean;
  };
  program
    .command('events')
    .description('list the events of the log, oldest first')
    .option('--from <n>', 'first revision', revision('--from'))
    .option('--to <n>', 'last revision, inclusive', revision('--to'))
    .option('--type <type>', 'only events of this type; may be repeated', collect, [])
    .option('--user <user>', 'only events about this person; may be repeated', collect, [])
    .option('--follow', 'then print new events as they are recorded, until Ctrl+C', false)
    .action(({ from, to, type, user, follow }: Options) => {
      if (from !== undefined && to !== undefined && from > to)
        throw new UsageMistake('--from', '--from must not be greater than --to.');
      found.invocation = {
        ...commonOptions(program, 'events'),
        verb: 'events',
        from,
        to,
        types: type,
        users: user,
        follow,
      };
    });
};

/** `status`, `people`, `events`. */
export const addReadingVerbs = (program: Command, found: Found): void => {
  program
    .command('status')
    .description('show how each connection stands, and who waits; --config may be repeated')
    .option('--watch', 'show it anew every two seconds, until q or Ctrl+C', false)
    .action(({ watch }: { watch: boolean }) => {
      found.invocation = { ...commonOptions(program, 'status'), verb: 'status', watch };
    });
  program
    .command('people')
    .description('list the people the connection knows')
    .option('--user <user>', 'only this person; may be repeated', collect, [])
    .option('--by <name>', 'on whose behalf; by default who started the command', words('--by', 200))
    .action(({ user, by }: { user: ReadonlyArray<string>; by?: string }) => {
      found.invocation = { ...commonOptions(program, 'people'), verb: 'people', users: user, by };
    });
  addEvents(program, found);
};
