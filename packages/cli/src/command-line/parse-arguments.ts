import { Command, CommanderError, Option } from 'commander';
import { type CommonOptions, type Invocation, laterFlags, laterVerbs, type Parsed } from './invocation.js';
import { withoutAddresses } from './redact.js';
import { version } from './version.js';

/** A mistake in the words of the command line: `path` is the word at fault. */
class UsageMistake extends Error {
  readonly path: string;
  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

type Found = { invocation?: Invocation };

const collect = (value: string, earlier: ReadonlyArray<string>): ReadonlyArray<string> => [...earlier, value];

/** At most 19 digits: a revision is a 64-bit number. */
const revision =
  (flag: string) =>
  (value: string): bigint => {
    if (!/^\d{1,19}$/.test(value))
      throw new UsageMistake(flag, `${flag} must be the revision of an event: a whole number from 0`);
    return BigInt(value);
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

/**
 * `--config` may stand before or behind the verb. Read from the program alone: a verb that is not in this version
 * passes unknown words on.
 */
const commonOptions = (program: Command): CommonOptions => {
  const { config, json, verbose, color } = program.opts<CommonOptions>();
  return { config, json, verbose, color };
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
      found.invocation = { ...commonOptions(program), verb: 'sync', full, dryRun, yes, photos };
    });
  addLaterFlags(verb);
};

const addEvents = (program: Command, found: Found): void => {
  type Options = { from?: bigint; to?: bigint; type: ReadonlyArray<string>; user: ReadonlyArray<string> };
  const verb = program
    .command('events')
    .description('list the events of the log, oldest first')
    .option('--from <n>', 'first revision', revision('--from'))
    .option('--to <n>', 'last revision, inclusive', revision('--to'))
    .option('--type <type>', 'only events of this type; may be repeated', collect, [])
    .option('--user <user>', 'only events about this person; may be repeated', collect, [])
    .action(({ from, to, type, user }: Options) => {
      if (from !== undefined && to !== undefined && from > to)
        throw new UsageMistake('--from', '--from must not be greater than --to.');
      found.invocation = { ...commonOptions(program), verb: 'events', from, to, types: type, users: user };
    });
  addLaterFlags(verb);
};

const addReaders = (program: Command, found: Found): void => {
  const status = program
    .command('status')
    .description('how far the connection is, and who waits')
    .action(() => {
      found.invocation = { ...commonOptions(program), verb: 'status' };
    });
  addLaterFlags(status);
  program
    .command('people')
    .description('list the people the connection knows')
    .option('--user <user>', 'only this person; may be repeated', collect, [])
    .action(({ user }: { user: ReadonlyArray<string> }) => {
      found.invocation = { ...commonOptions(program), verb: 'people', users: user };
    });
  addEvents(program, found);
  program
    .command('replay')
    .description('fold the whole log again and show where it ends; sends and writes nothing')
    .action(() => {
      found.invocation = { ...commonOptions(program), verb: 'replay' };
    });
};

const footer = `
USER is an object id, a Learn Amp id (digits), or an e-mail address.
Exit codes: 0 done, 1 did not complete (run it again), 2 usage or configuration,
3 done and something waits for approval, 4 done but somebody could not be synced.`;

const makeProgram = (found: Found, print: (text: string) => void): Command => {
  const program = new Command('directory-sync')
    .description('Keeps Learn Amp accounts in line with a group in Microsoft Entra ID.')
    .option('--config <file>', 'the configuration file', './directory-sync.json')
    .option('--json', 'print JSON, or one JSON document a line for lists', false)
    .option('--verbose', 'log to stderr, and show stack traces', false)
    .option('--no-color', 'no colour, also on a terminal')
    .version(version(), '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: print, writeErr: print, outputError: () => undefined })
    .addHelpText('after', footer)
    .exitOverride();
  addSync(program, found);
  addReaders(program, found);
  for (const name of laterVerbs) addLaterVerb(program, name);
  return program;
};

/** Commander's message as one sentence. It quotes the words it did not understand, and those may hold an address. */
const sentence = (message: string): string => {
  const words = withoutAddresses(message)
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ');
  const started = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.?!)]$/.test(started) ? started : `${started}.`;
};

const HELP = new Set(['commander.helpDisplayed', 'commander.version']);

/** Parses the words after `directory-sync`. */
export const parseArguments = (words: ReadonlyArray<string>): Parsed => {
  const found: Found = {};
  let printed = '';
  const program = makeProgram(found, (text) => (printed += text));
  try {
    program.parse([...words], { from: 'user' });
  } catch (problem) {
    if (problem instanceof UsageMistake)
      return { _tag: 'Mistake', path: problem.path, message: sentence(problem.message) };
    if (!(problem instanceof CommanderError)) throw problem;
    if (HELP.has(problem.code)) return { _tag: 'Print', text: printed };
    if (problem.code === 'commander.help')
      return {
        _tag: 'Mistake',
        path: '',
        message: 'Say what to do, such as "directory-sync sync"; --help lists the verbs.',
      };
    return { _tag: 'Mistake', path: withoutAddresses(culprit(problem.message)), message: sentence(problem.message) };
  }
  return found.invocation === undefined
    ? { _tag: 'Mistake', path: '', message: 'Say what to do, such as "directory-sync sync"; --help lists the verbs.' }
    : { _tag: 'Run', invocation: found.invocation };
};

/** The word that commander quotes in its message. */
const culprit = (message: string): string => /'([^' ]*)[^']*'/.exec(message)?.[1] ?? '';
