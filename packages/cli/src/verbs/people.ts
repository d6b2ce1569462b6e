import type { DirectorySync, ObjectId, PersonView } from '@learnamp/directory-sync';
import type { InvocationOf } from '../command-line/invocation.js';
import { writeLines } from '../command-line/output.js';
import { counted } from '../reports/printable.js';
import { table } from '../reports/table.js';
import { resolveUsers } from './resolve-users.js';
import { type ExitCode, type VerbContext, WrongUse } from './verb-context.js';

/** Rows of one table: a table measures its columns, so it cannot be printed before its last row is there. */
const ROWS = 500;

async function* chosen(
  connection: DirectorySync,
  userIds: ReadonlyArray<ObjectId>,
  actor: string,
): AsyncGenerator<PersonView> {
  const wanted = new Set<string>(userIds);
  const query = { userIds: userIds.length === 0 ? undefined : userIds, by: { actor } };
  for await (const person of connection.people(query)) {
    if (userIds.length === 0) yield person;
    else if (wanted.delete(person.userId)) yield person;
  }
  const missing = [...wanted];
  if (missing.length > 0) throw new WrongUse('--user', `Nobody is known with the object id ${missing.join(', ')}.`);
}

async function* documents(people: AsyncIterable<PersonView>): AsyncGenerator<string> {
  for await (const person of people) yield JSON.stringify(person);
}

const row = (person: PersonView): ReadonlyArray<string> => [
  person.displayName ?? '',
  person.email ?? '',
  person.status,
  person.learnAmpUserId ?? '',
  person.primaryTeam ?? '',
  person.managerId ?? '',
  person.userId,
];

const head = ['name', 'e-mail', 'status', 'Learn Amp id', 'primary team', 'manager', 'object id'];

async function* tables(people: AsyncIterable<PersonView>): AsyncGenerator<string> {
  let rows: ReadonlyArray<string>[] = [];
  let count = 0;
  for await (const person of people) {
    rows.push(row(person));
    count += 1;
    if (rows.length < ROWS) continue;
    yield `${table(head, rows)}\n`;
    rows = [];
  }
  if (rows.length > 0) yield `${table(head, rows)}\n`;
  yield count === 0 ? 'Nobody is known yet: run "directory-sync sync".' : `${counted(count, 'person', 'people')}.`;
}

/** `people`: who is known, and how each stands. */
export const people = async (invocation: InvocationOf<'people'>, context: VerbContext): Promise<ExitCode> => {
  const userIds = await resolveUsers(context.connection, invocation.users);
  const found = chosen(context.connection, userIds, invocation.by ?? context.terminal.actor);
  await writeLines(context.terminal.out, invocation.json ? documents(found) : tables(found));
  return 0;
};
