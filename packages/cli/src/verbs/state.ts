import type { ConnectionAt, DirectorySync, PersonAt, StateStep } from '@learnamp/directory-sync';
import type { InvocationOf } from '../command-line/invocation.js';
import { writeLines } from '../command-line/output.js';
import { connectionText, personText, peopleTable } from '../reports/state-text.js';
import { peopleInWords } from '../reports/field-rows.js';
import { makeUserMatcher } from './users-at.js';
import type { ExitCode, VerbContext } from './verb-context.js';

type Invocation = InvocationOf<'state'>;

const ROWS = 500;

/** In one fold: whom an address names shows only once everybody has gone by. */
async function* chosen(connection: DirectorySync, { at, users }: Invocation): AsyncGenerator<StateStep> {
  if (users.length === 0) {
    yield* connection.stateAt(at);
    return;
  }
  const matcher = makeUserMatcher(users);
  const found: PersonAt[] = [];
  let connected: ConnectionAt | undefined;
  for await (const step of connection.stateAt(at))
    if (step._tag === 'Connection') connected = step;
    else if (matcher.take(step)) found.push(step);
  if (connected !== undefined) yield connected;
  if (connected?.at === null) return;
  matcher.all();
  yield* found;
}

async function* documents(steps: AsyncIterable<StateStep>): AsyncGenerator<string> {
  for await (const { _tag, ...step } of steps)
    yield JSON.stringify(_tag === 'Connection' ? { connection: step } : step);
}

async function* words(steps: AsyncIterable<StateStep>, whole: boolean): AsyncGenerator<string> {
  let people: PersonAt[] = [];
  let count = 0;
  let isEmpty = false;
  for await (const step of steps) {
    if (step._tag === 'Connection') {
      isEmpty = step.at === null;
      yield connectionText(step);
      continue;
    }
    count += 1;
    if (whole) yield personText(step);
    else people.push(step);
    if (people.length < ROWS) continue;
    yield `${peopleTable(people)}\n`;
    people = [];
  }
  if (people.length > 0) yield `${peopleTable(people)}\n`;
  if (!isEmpty) yield `${peopleInWords(count)}.`;
}

/** `state --at`: what was known at a moment of the log. */
export const state = async (invocation: Invocation, context: VerbContext): Promise<ExitCode> => {
  const steps = chosen(context.connection, invocation);
  const lines = invocation.json ? documents(steps) : words(steps, invocation.users.length > 0);
  await writeLines(context.terminal.out, lines);
  return 0;
};
