import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type Ended = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

/** A `directory-sync` that runs until it is told to stop. */
export type Running = {
  /** Rejects when it ends by a signal. */
  readonly ended: Promise<Ended>;
  /** What it has said on stderr so far. */
  readonly heard: () => string;
  /** Asks it to end, as a service manager does. */
  readonly stop: () => void;
};

/** Starts `directory-sync` as a process of its own, as it is installed. In the background it never draws on this process's stderr. */
export type CommandLine = (words: ReadonlyArray<string>, where?: 'foreground' | 'background') => Running;

/** From `src` and from `dist` alike. */
const command = fileURLToPath(new URL('../../cli/bin/directory-sync.js', import.meta.url));

/** Far beyond what any step needs; a demo that hangs says so instead. */
const LIMIT_MS = 180_000;

export type CommandLineOptions = {
  /** Holds `directory-sync.json`. */
  readonly folder: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Whether progress bars may be drawn on this process's own stderr. */
  readonly progress: boolean;
  /** Commands that go on until somebody stops them: they have no limit. */
  readonly lasting?: boolean;
};

export const makeCommandLine =
  ({ folder, secrets, signal, progress, lasting = false }: CommandLineOptions): CommandLine =>
  (words, where = 'foreground') => {
    const child = spawn(process.execPath, [command, ...words], {
      cwd: folder,
      // Nothing of the surroundings may change what the demo does, other than how it is drawn.
      env: { PATH: process.env['PATH'], HOME: folder, TERM: process.env['TERM'], ...secrets },
      stdio: ['ignore', 'pipe', progress && where === 'foreground' ? 'inherit' : 'pipe'],
      signal: lasting ? signal : AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
      killSignal: 'SIGTERM',
    });
    const heard = { stdout: '', stderr: '' };
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (heard.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (heard.stderr += text));
    const ended = new Promise<Ended>((resolve, reject) => {
      let failure: Error | undefined;
      child.on('error', (error) => {
        failure = error;
      });
      // `close` comes after an error too, once the process is really gone: only then may its folder be removed.
      child.on('close', (code, killedBy) => {
        if (failure === undefined && code !== null) resolve({ exitCode: code, ...heard });
        else
          reject(
            signal.aborted
              ? new Error('The demo was stopped.')
              : (failure ?? new Error(`directory-sync was ended by ${String(killedBy)}.`)),
          );
      });
    });
    return { ended, heard: () => heard.stderr, stop: () => void child.kill('SIGTERM') };
  };
