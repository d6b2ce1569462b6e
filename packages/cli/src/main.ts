import { explainCrash } from './command-line/explain.js';
import { processTerminal } from './command-line/process-terminal.js';
import { type Parts, runCommandLine } from './command-line/run-command-line.js';

const parts: Parts = {
  openEngine: async (configurations, options) => (await import('./open-engine.js')).openEngine(configurations, options),
  openConnection: async (configuration, options) =>
    (await import('./open-connection.js')).openConnection(configuration, options),
  loadPreferencesDecoder: async () => (await import('@learnamp/directory-sync/preferences')).decodePreferences,
};

const words = process.argv.slice(2);
const terminal = processTerminal();

const crash = (problem: unknown): void => {
  // Written without waiting: after a fault outside every promise nothing else may be relied on.
  process.stderr.write(explainCrash(problem, words.includes('--verbose')), () => process.exit(1));
};

process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);

runCommandLine(words, terminal, parts).then(
  // A client may keep sockets open for a while; whoever called the command need not wait for them.
  (code) => process.stdout.write('', () => process.exit(code)),
  crash,
);
