import type { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/** The whole terminal, drawn over again and again. */
export type Screen = {
  readonly draw: (text: string) => void;
  /** Aborts when the person types q or Ctrl+C. */
  readonly left: AbortSignal;
  /** Gives the terminal back as it was. May be called again. */
  readonly close: () => void;
};

export type ScreenParts = {
  readonly input: Readable & { readonly isTTY?: boolean; readonly setRawMode?: (raw: boolean) => unknown };
  readonly output: Writable & { readonly rows?: number };
  /** What Ctrl+C stands for: while keys are read one by one the terminal sends no signal by itself. */
  readonly interrupt: () => void;
  /** Emits `exit` when the process ends: the terminal must not stay behind without a cursor. */
  readonly ended: Pick<EventEmitter, 'once' | 'off'>;
};

const ESCAPE = '\u001b[';
// The other screen, no cursor, and long lines cut instead of wrapped; then everything back.
const enter = `${ESCAPE}?1049h${ESCAPE}?25l${ESCAPE}?7l`;
const leave = `${ESCAPE}?7h${ESCAPE}?25h${ESCAPE}?1049l`;

/** Some terminals call themselves 0 lines high. */
const rowsOf = ({ rows = 0 }: ScreenParts['output']): number => (rows > 0 ? rows : 24);

/** Each line is drawn over the old one and its rest erased: nothing is blank in between, so nothing flickers. */
const frame = (text: string, rows: number): string => {
  const lines = text.replace(/\n+$/, '').split('\n').slice(0, rows);
  return `${ESCAPE}H${lines.join(`${ESCAPE}K\r\n`)}${ESCAPE}K${ESCAPE}J`;
};

export const openScreenOn = ({ input, output, interrupt, ended }: ScreenParts): Screen => {
  const left = new AbortController();
  const setRawMode = input.isTTY === true ? input.setRawMode?.bind(input) : undefined;
  let open = true;
  const onKeys = (typed: Buffer | string): void => {
    const text = typed.toString();
    if (!/[qQ\u0003]/.test(text)) return;
    // A second one ends the process by its signal, and nothing runs after that.
    if (left.signal.aborted) close();
    left.abort();
    if (text.includes('\u0003')) interrupt();
  };
  const close = (): void => {
    if (!open) return;
    open = false;
    ended.off('exit', close);
    input.off('data', onKeys);
    if (setRawMode !== undefined) {
      setRawMode(false);
      input.pause();
    }
    output.write(leave);
  };
  output.write(enter);
  ended.once('exit', close);
  if (setRawMode !== undefined) {
    setRawMode(true);
    input.on('data', onKeys);
    input.resume();
  }
  return {
    draw: (text) => {
      if (open) output.write(frame(text, rowsOf(output)));
    },
    left: left.signal,
    close,
  };
};
