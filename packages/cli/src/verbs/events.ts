import { eventTypes, type EventsQuery, type EventView } from '@learnamp/directory-sync';
import type { InvocationOf } from '../command-line/invocation.js';
import { followLines } from '../command-line/follow-lines.js';
import { writeLines } from '../command-line/output.js';
import { withoutAddresses } from '../command-line/redact.js';
import { nearest } from '../configuration/reader.js';
import { eventLine } from '../reports/event-line.js';
import { resolveUsers } from './resolve-users.js';
import { WrongUse, type ExitCode, type VerbContext } from './verb-context.js';

async function* lines(events: AsyncIterable<EventView>, say: (event: EventView) => string): AsyncGenerator<string> {
  for await (const event of events) yield say(event);
}

/** A type that does not exist would look like a log without such events. */
const checkTypes = (types: ReadonlyArray<string>): void => {
  const unknown = types.find((type) => !eventTypes.includes(type));
  if (unknown === undefined) return;
  const shown = withoutAddresses(unknown.slice(0, 64));
  throw new WrongUse(
    '--type',
    `There is no type of event "${shown}"; did you mean ${nearest(unknown, eventTypes) ?? ''}?`,
  );
};

/** New events as they come, until Ctrl+C: that is how following ends, and no failure. */
const follow = async (query: EventsQuery, context: VerbContext, say: (event: EventView) => string): Promise<void> => {
  const { connection, terminal } = context;
  const stop = terminal.stopSignal();
  const gone = new AbortController();
  const signal = AbortSignal.any([stop, gone.signal]);
  const found = connection.events({ ...query, follow: true, signal });
  try {
    await followLines(terminal.out, lines(found, say), () => gone.abort());
  } catch (problem) {
    if (!stop.aborted) throw problem;
  }
};

/** `events`: the log, oldest first. Nothing found is an empty output, not a mistake. */
export const events = async (invocation: InvocationOf<'events'>, context: VerbContext): Promise<ExitCode> => {
  const { connection, terminal } = context;
  checkTypes(invocation.types);
  const userIds = await resolveUsers(connection, invocation.users);
  const query: EventsQuery = {
    from: invocation.from,
    to: invocation.to,
    types: invocation.types.length === 0 ? undefined : invocation.types,
    userIds: userIds.length === 0 ? undefined : userIds,
  };
  const width = terminal.out.columns;
  const say = (event: EventView): string => (invocation.json ? JSON.stringify(event) : eventLine(event, width));
  if (invocation.follow) await follow(query, context, say);
  else await writeLines(terminal.out, lines(connection.events(query), say));
  return 0;
};
