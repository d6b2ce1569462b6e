import type { InvocationOf } from '../command-line/invocation.js';
import { PipeClosed } from '../command-line/output.js';
import { stateOf } from '../reports/connection-state.js';
import { documentOf } from '../reports/status-document.js';
import type { Reading } from '../reports/status-table.js';
import { statusLine, statusText } from '../reports/status-text.js';
import { orReject, type StatusReader } from './read-statuses.js';
import type { StatusContext } from './status.js';
import type { ExitCode } from './verb-context.js';

const EVERY_MS = 2_000;

type Watched = Omit<StatusContext, 'sources'>;

/** What makes a line worth printing: not that time passes, nor that a cycle came and went and found nothing. */
const outcome = (reading: Reading): string => {
  if (reading._tag === 'Failed') return JSON.stringify([reading.code, reading.problem]);
  const { head, lastSync, people, live } = reading.status;
  const state = stateOf(reading.status);
  return JSON.stringify([
    state === 'running' ? 'idle' : state,
    head?.revision,
    lastSync?.ok,
    people,
    live.waitingUntil,
    live.lastError?.code,
    live.webhook.state,
    live.webhook.problem,
  ]);
};

type Shown = (readings: ReadonlyArray<Reading>) => Promise<void> | void;

/** Reads and shows until the signal. The first reading of a single connection that fails ends it: nothing would be there. */
const repeat = async (reader: StatusReader, { terminal }: Watched, signal: AbortSignal, show: Shown): Promise<void> => {
  for (let first = true; !signal.aborted; first = false) {
    const readings = await reader.read();
    await show(first ? orReject(readings) : readings);
    await terminal.wait(EVERY_MS, signal);
  }
};

const onScreen = async (
  reader: StatusReader,
  context: Watched,
  open: NonNullable<StatusContext['terminal']['openScreen']>,
): Promise<void> => {
  const { terminal, style, redact } = context;
  const stop = terminal.stopSignal();
  // Read once before the terminal is taken over: a mistake is told as by any other verb.
  const first = orReject(await reader.read());
  const screen = open();
  const draw = (readings: ReadonlyArray<Reading>): void => {
    const now = terminal.now();
    const title = `${now.toISOString()}  every ${EVERY_MS / 1000} s, q to leave`;
    screen.draw(redact(`${style.faint(title)}\n\n${statusText(readings, style, now)}`));
  };
  try {
    const signal = AbortSignal.any([stop, screen.left]);
    draw(first);
    await terminal.wait(EVERY_MS, signal);
    await repeat(reader, context, signal, draw);
  } finally {
    screen.close();
  }
};

const asLines = async (reader: StatusReader, context: Watched, json: boolean): Promise<void> => {
  const { terminal, redact } = context;
  const told = new Map<string, string>();
  await repeat(reader, context, terminal.stopSignal(), async (readings) => {
    for (const reading of readings) {
      const id = reading._tag === 'Read' ? reading.status.connectionId : reading.connectionId;
      const now = outcome(reading);
      if (told.get(id) === now) continue;
      told.set(id, now);
      const line = json ? JSON.stringify(documentOf(reading)) : statusLine(reading, terminal.now());
      await terminal.out.write(redact(`${line}\n`));
    }
  });
};

/** `status --watch`: on a terminal one screen drawn anew; elsewhere a line for each connection whenever it changed. */
export const watchStatus = async (
  { json }: InvocationOf<'status'>,
  context: StatusContext,
  reader: StatusReader,
): Promise<ExitCode> => {
  const { openScreen } = context.terminal;
  try {
    if (openScreen !== undefined && !json) await onScreen(reader, context, openScreen);
    else await asLines(reader, context, json);
  } catch (problem) {
    if (!(problem instanceof PipeClosed)) throw problem;
  }
  return 0;
};
