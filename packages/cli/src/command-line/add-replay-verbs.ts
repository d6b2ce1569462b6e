import type { Command } from 'commander';
import { collect, commonOptions, type Found, moment } from './arguments.js';
import type { Moment } from './invocation.js';
import { UsageMistake } from './usage-mistake.js';

type ReplayOptions = {
  from?: Moment;
  to?: Moment;
  user: ReadonlyArray<string>;
  withPreferences?: string;
  history: boolean;
};

/** Flags that ask for something else than the flag they stand beside. */
const checkTogether = ({ from, to, user, withPreferences, history }: ReplayOptions): void => {
  const others = [
    ...(from === undefined ? [] : ['--from']),
    ...(user.length === 0 ? [] : ['--user']),
    ...(withPreferences === undefined ? [] : ['--with-preferences']),
  ];
  if (history && others.length > 0)
    throw new UsageMistake(
      '--history',
      `--history tells of everybody from the first event on: leave out ${others[0]}.`,
    );
  const beside = to === undefined ? others : [...others, '--to'];
  if (withPreferences !== undefined && beside.length > 1)
    throw new UsageMistake(
      '--with-preferences',
      `--with-preferences looks at what stands now: leave out ${beside.find((flag) => flag !== '--with-preferences')}.`,
    );
};

const addReplay = (program: Command, found: Found): void => {
  program
    .command('replay')
    .description('tell what happened and which commands followed from it; sends and writes nothing')
    .option('--from <moment>', 'first event to tell: a revision, or a time', moment('--from'))
    .option('--to <moment>', 'last event, inclusive: a revision, or a time', moment('--to'))
    .option('--user <user>', 'only what concerns this person; may be repeated', collect, [])
    .option('--with-preferences <file>', 'what saving these preferences would send now')
    .option('--history', 'all of it in totals: what came in, what went out, what still stands', false)
    .action((options: ReplayOptions) => {
      checkTogether(options);
      const { from, to, user, withPreferences, history } = options;
      found.invocation = {
        ...commonOptions(program, 'replay'),
        ...{ verb: 'replay', from, to, users: user, withPreferences, history },
      };
    });
};

/** `replay`, `state`, `diff`. */
export const addReplayVerbs = (program: Command, found: Found): void => {
  addReplay(program, found);
  program
    .command('state')
    .description('show what was known, delivered and wanted of each person at a moment of the log')
    .requiredOption('--at <moment>', 'a revision, or a time', moment('--at'))
    .option('--user <user>', 'only this person, by who they were then; may be repeated', collect, [])
    .action(({ at, user }: { at: Moment; user: ReadonlyArray<string> }) => {
      found.invocation = { ...commonOptions(program, 'state'), verb: 'state', at, users: user };
    });
  program
    .command('diff')
    .description('show what differs between two moments of the log, person by person')
    .requiredOption('--from <moment>', 'the earlier one: a revision, or a time', moment('--from'))
    .requiredOption('--to <moment>', 'the later one: a revision, or a time', moment('--to'))
    .option('--user <user>', 'only this person, by who they were at the later one; may be repeated', collect, [])
    .action(({ from, to, user }: { from: Moment; to: Moment; user: ReadonlyArray<string> }) => {
      found.invocation = { ...commonOptions(program, 'diff'), verb: 'diff', from, to, users: user };
    });
};
