import { type Command, Option } from 'commander';
import { nearest } from '../configuration/reader.js';
import { type CommonOptions, type Invocation, laterFlags, laterVerbs, projections } from './invocation.js';
import { withoutAddresses } from './redact.js';
import { UsageMistake } from './usage-mistake.js';

export type Found = { invocation?: Invocation };

export const DEFAULT_CONFIG = './directory-sync.json';

export const collect = (value: string, earlier: ReadonlyArray<string>): ReadonlyArray<string> => [...earlier, value];

/** At most 19 digits: a revision is a 64-bit number. */
const revision =
  (flag: string) =>
  (value: string): bigint => {
    if (!/^\d{1,19}$/.test(value))
      throw new UsageMistake(flag, `${flag} must be the revision of an event: a whole number from 0`);
    return BigInt(value);
  };

/** What is recorded for good is one line that says something. */
const words =
  (flag: string, longest: number) =>
  (value: string): string => {
    const given = value.trim();
    if (given === '') throw new UsageMistake(flag, `${flag} must not be empty.`);
    if (given.length > longest || /\p{Cc}/u.test(given))
      throw new UsageMistake(flag, `${flag} must be one line of at most ${longest} characters.`);
    return given;
  };

const addLaterFlags = (command: Command): Command => {
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

const addLaterVerb = (program: Command, name: string): void => {
  program
    .command(name, { hidden: true })
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw new UsageMistake(name, `The verb ${name} is not in this version yet.`);
    });
};

type Given = { config: ReadonlyArray<string>; json: boolean; verbose: boolean; color: boolean };

/** `--config` may stand before or behind the verb: it is read from the program. */
const commonOptions = (program: Command, verb: Invocation['verb']): CommonOptions => {
  const { config, json, verbose, color } = program.opts<Given>();
  const [first = DEFAULT_CONFIG, ...others] = config;
  if (others.length > 0 && verb !== 'run' && verb !== 'status')
    throw new UsageMistake('--config', `The verb ${verb} takes one --config; run and status take several.`);
  return { configs: [first, ...others], json, verbose, color };
};

const addSync = (program: Command, found: Found): void => {
  const verb = program
    .command('sync')
    .description('read what changed in the group, record it, and bring Learn Amp in line ("Sync users")')
    .option('--full', 'read both sides from the beginning', false)
    .option('--dry-run', 'show what a sync would do; write nothing anywhere', false)
    .option('--yes', 'do not ask before the first sync of a connection', false)
    .option('--no-photos', 'leave photos alone')
    .action((options: { full: boolean; dryRun: boolean; yes: boolean; photos: boolean }) => {
      const { full, dryRun, yes, photos } = options;
      found.invocation = { ...commonOptions(program, 'sync'), verb: 'sync', full, dryRun, yes, photos };
    });
  addLaterFlags(verb);
};

const addRunning = (program: Command, found: Found): void => {
  program
    .command('run')
    .description('keep connections in step until SIGINT or SIGTERM; --config may be repeated')
    .action(() => {
      found.invocation = { ...commonOptions(program, 'run'), verb: 'run' };
    });
  program
    .command('pause')
    .description('stop reading and sending until resume; a running engine obeys')
    .requiredOption('--reason <reason>', 'why, as recorded in the log', words('--reason', 500))
    .option('--by <name>', 'who decided it; by default who started the command', words('--by', 200))
    .action(({ reason, by }: { reason: string; by?: string }) => {
      found.invocation = { ...commonOptions(program, 'pause'), verb: 'pause', reason, by };
    });
  program
    .command('resume')
    .description('go on after a pause')
    .option('--reason <reason>', 'why, as recorded in the log', words('--reason', 500))
    .option('--by <name>', 'who decided it; by default who started the command', words('--by', 200))
    .action(({ reason, by }: { reason?: string; by?: string }) => {
      found.invocation = { ...commonOptions(program, 'resume'), verb: 'resume', reason, by };
    });
};

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

const addReaders = (program: Command, found: Found): void => {
  program
    .command('status')
    .description('how far connections are, and who waits; --config may be repeated')
    .option('--watch', 'show it anew every two seconds, until q or Ctrl+C', false)
    .action(({ watch }: { watch: boolean }) => {
      found.invocation = { ...commonOptions(program, 'status'), verb: 'status', watch };
    });
  program
    .command('people')
    .description('list the people the connection knows')
    .option('--user <user>', 'only this person; may be repeated', collect, [])
    .action(({ user }: { user: ReadonlyArray<string> }) => {
      found.invocation = { ...commonOptions(program, 'people'), verb: 'people', users: user };
    });
  addEvents(program, found);
  program
    .command('replay')
    .description('fold the whole log again and show where it ends; sends and writes nothing')
    .action(() => {
      found.invocation = { ...commonOptions(program, 'replay'), verb: 'replay' };
    });
};

const addRebuild = (program: Command, found: Found): void => {
  program
    .command('rebuild')
    .argument('[name]', `one projection alone: ${projections.join(', ')}`)
    .description('fold the log into new rows of the local database; the log stays as it is')
    .option('--verify', 'compare only: change nothing, exit code 1 where a row differs', false)
    .action((name: string | undefined, { verify }: { verify: boolean }) => {
      const projection = projections.find((known) => known === name);
      if (name !== undefined && projection === undefined) {
        const shown = withoutAddresses(name.slice(0, 64));
        throw new UsageMistake(
          'name',
          `There is no projection "${shown}"; did you mean ${nearest(name, projections) ?? ''}?`,
        );
      }
      found.invocation = { ...commonOptions(program, 'rebuild'), verb: 'rebuild', projection, verify };
    });
};

/** Every verb, in the order of the help; those of later versions are known and refused. */
export const addVerbs = (program: Command, found: Found): void => {
  addSync(program, found);
  addRunning(program, found);
  addReaders(program, found);
  addRebuild(program, found);
  for (const name of laterVerbs) addLaterVerb(program, name);
};
