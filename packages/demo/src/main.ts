import { runDemo } from './run-demo.js';
import { showConsole } from './show-console.js';

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => stop.abort());
// A reader that leaves (`| head`) ends the demo as quietly as Ctrl+C does.
process.stdout.on('error', () => stop.abort());
process.stderr.on('error', () => stop.abort());

// `isTTY` is undefined where there is no terminal, and for picocolors `undefined` means: decide yourself.
const isTerminal = (stream: { readonly isTTY?: boolean }): boolean => stream.isTTY === true;
const colour = isTerminal(process.stdout) && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';

const tell = process.argv.includes('--console') ? showConsole : runDemo;
process.exitCode = await tell({
  write: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
  colour,
  progress: isTerminal(process.stderr) && isTerminal(process.stdout),
  signal: stop.signal,
});
