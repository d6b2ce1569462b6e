import { Command, CommanderError } from 'commander';
import { listed } from '../configuration/reader.js';
import { addVerbs } from './add-verbs.js';
import { collect, DEFAULT_CONFIG, type Found } from './arguments.js';
import type { Parsed } from './invocation.js';
import { withoutAddresses } from './redact.js';
import { UsageMistake } from './usage-mistake.js';
import { version } from './version.js';

const footer = `
USER is an object id, a Learn Amp id (digits), or an e-mail address.
Exit codes: 0 done, 1 did not complete (run it again) or a check failed,
2 usage or configuration, 3 done and something waits for approval,
4 done but somebody could not be synced.`;

const makeProgram = (found: Found, print: (text: string) => void): Command => {
  const program = new Command('directory-sync')
    .description('Keeps Learn Amp accounts in line with a group in Microsoft Entra ID.')
    .option('--config <file>', `the configuration file (default: "${DEFAULT_CONFIG}")`, collect, [])
    .option('--json', 'print one JSON document, or for lists one a line', false)
    .option('--verbose', 'log to stderr, and show stack traces', false)
    .option('--no-color', 'no colour, also on a terminal')
    .version(version(), '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .helpCommand(false)
    // Descriptions say what holds where an option is not given; commander's own words would be "(default: [])".
    .configureHelp({ showGlobalOptions: true, optionDescription: ({ description }) => description })
    .configureOutput({ writeOut: print, writeErr: print, outputError: () => undefined })
    .addHelpText('after', footer)
    .exitOverride();
  addVerbs(program, found);
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

const SAY_WHAT = 'Say what to do, such as "directory-sync sync"; --help lists the verbs.';

/** No verb was given, or one that is nothing without a second word. */
const sayWhat = (program: Command, words: ReadonlyArray<string>): string => {
  const group = program.commands.find((each) => each.commands.length > 0 && words.includes(each.name()));
  if (group === undefined) return SAY_WHAT;
  const choices = group.commands.map((each) => `"${group.name()} ${each.name()}"`);
  return `The verb ${group.name()} takes a second word: ${listed(choices)}.`;
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
    if (problem.code === 'commander.help') return { _tag: 'Mistake', path: '', message: sayWhat(program, words) };
    return { _tag: 'Mistake', path: withoutAddresses(culprit(problem.message)), message: sentence(problem.message) };
  }
  return found.invocation === undefined
    ? { _tag: 'Mistake', path: '', message: SAY_WHAT }
    : { _tag: 'Run', invocation: found.invocation };
};

/** The word that commander quotes in its message. */
const culprit = (message: string): string => /'([^' ]*)[^']*'/.exec(message)?.[1] ?? '';
