import type { Command } from 'commander';
import { CONSOLE_PORT, port } from './add-console.js';
import { commonOptions, type Found, words } from './arguments.js';
import { UsageMistake } from './usage-mistake.js';

/** What is of everybody's sync alone, and what to do instead. */
const notOfOne = {
  '--full': '--full reads everybody, --user one person: give one of the two.',
  '--dry-run':
    '--dry-run has no --user: "directory-sync why USER --live" asks both sides about one person and sends nothing.',
  '--yes': '--yes is for the first sync of a connection, before which no person is synced alone: leave it out.',
  '--no-photos': '--user leaves photos alone in any case: leave --no-photos out.',
} as const;
type NotOfOne = keyof typeof notOfOne;

const refuseBeside = (flags: Readonly<Record<NotOfOne, boolean>>): void => {
  for (const flag of Object.keys(notOfOne) as ReadonlyArray<NotOfOne>)
    if (flags[flag]) throw new UsageMistake(flag, notOfOne[flag]);
};

const addSync = (program: Command, found: Found): void => {
  program
    .command('sync')
    .description('read what changed in the group, record it, and bring Learn Amp in line ("Sync users")')
    .option('--full', 'read both sides from the beginning', false)
    .option('--dry-run', 'show what a sync would do; write nothing anywhere', false)
    .option('--yes', 'do not ask before the first sync of a connection', false)
    .option('--no-photos', 'leave photos alone')
    .option('--user <user>', 'sync this person alone, everything but the photo, and tell each step')
    .action((options: { full: boolean; dryRun: boolean; yes: boolean; photos: boolean; user?: string }) => {
      const { full, dryRun, yes, photos, user } = options;
      if (user !== undefined)
        refuseBeside({ '--full': full, '--dry-run': dryRun, '--yes': yes, '--no-photos': !photos });
      found.invocation = { ...commonOptions(program, 'sync'), verb: 'sync', full, dryRun, yes, photos, user };
    });
};

/** `sync`, `run`, `pause`, `resume`, `disconnect`. */
export const addRunningVerbs = (program: Command, found: Found): void => {
  addSync(program, found);
  program
    .command('run')
    .description('keep connections in step until Ctrl+C or SIGTERM; --config may be repeated')
    .option('--console', 'serve the web console as well, on this machine alone', false)
    .option('--port <port>', `where the console listens on 127.0.0.1 (default: ${CONSOLE_PORT})`, port)
    .action((options: { console: boolean; port?: number }) => {
      if (options.port !== undefined && !options.console)
        throw new UsageMistake('--port', '--port is where the console listens: give it together with --console.');
      const chosen = options.console ? (options.port ?? CONSOLE_PORT) : undefined;
      found.invocation = { ...commonOptions(program, 'run'), verb: 'run', console: chosen };
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
    .description('go on after a pause, or connect again after a disconnect')
    .option('--reason <reason>', 'why, as recorded in the log', words('--reason', 500))
    .option('--by <name>', 'who decided it; by default who started the command', words('--by', 200))
    .action(({ reason, by }: { reason?: string; by?: string }) => {
      found.invocation = { ...commonOptions(program, 'resume'), verb: 'resume', reason, by };
    });
  program
    .command('disconnect')
    .description('end the connection: nothing more is read or sent, and everybody keeps the account they have')
    .requiredOption('--reason <reason>', 'why, as recorded in the log', words('--reason', 500))
    .option('--by <name>', 'who decided it; by default who started the command', words('--by', 200))
    .action(({ reason, by }: { reason: string; by?: string }) => {
      found.invocation = { ...commonOptions(program, 'disconnect'), verb: 'disconnect', reason, by };
    });
};
