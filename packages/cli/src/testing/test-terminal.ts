import type { Output } from '../command-line/output.js';
import type { Terminal } from '../command-line/terminal.js';

export type TestTerminal = {
  readonly terminal: Terminal;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly questions: string[];
  readonly stop: () => void;
};

const capture = (): { readonly output: Output; readonly text: () => string } => {
  let text = '';
  const write = (more: string): Promise<void> => {
    text += more;
    return Promise.resolve();
  };
  return { output: { write, isTerminal: false, columns: undefined }, text: () => text };
};

/** A terminal that remembers what was printed. `answers` are typed one after the other; then the input ends. */
export const makeTestTerminal = (
  options: Partial<Terminal> & { readonly answers?: ReadonlyArray<string> } = {},
): TestTerminal => {
  const { answers = [], ...overrides } = options;
  const out = capture();
  const err = capture();
  const questions: string[] = [];
  const controller = new AbortController();
  let seconds = 0;
  const terminal: Terminal = {
    out: out.output,
    err: err.output,
    interactive: false,
    ask: (question) => Promise.resolve(answers[questions.push(question) - 1]),
    progress: undefined,
    openScreen: undefined,
    environment: {},
    folder: '/',
    actor: 'tester (command line)',
    now: () => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds++)),
    wait: () => new Promise((resolve) => setImmediate(resolve)),
    stopSignal: () => controller.signal,
    ...overrides,
  };
  return { terminal, stdout: out.text, stderr: err.text, questions, stop: () => controller.abort() };
};
