import * as E from 'fp-ts/lib/Either.js';
import { LogFailure, makeWakeup, readPages, recordText } from '@learnamp/directory-sync-event-sourcing';
import type {
  AppendFailure,
  EventLog,
  RecordText,
  RecordToAppend,
  Revision,
} from '@learnamp/directory-sync-event-sourcing';
import { eventLogFile } from './event-log-file.js';
import { prepareStatements } from './event-statements.js';
import { makeGroupCommit } from './group-commit.js';
import { openFile } from './open-file.js';
import type { FileOptions } from './open-file.js';
import type { Connection } from './sqlite-driver.js';
import { PATIENCE } from './write-transaction.js';
import type { Patience } from './write-transaction.js';

/** Appends of this process wake followers at once; those of others are looked for this often. */
const POLL_MILLISECONDS = 250;
const FOLLOWED_PAGE = 1_000;

/** The largest append: it is held in memory more than once while it is written. */
const LARGEST_APPEND = { records: 20_000, characters: 32 * 1024 * 1024 };

const tooLarge = (limit: string): E.Either<AppendFailure, never> => E.left({ _tag: 'BatchTooLarge', limit });

/** Writes an append out as text, or refuses it for its size. */
const writeOut = (records: ReadonlyArray<RecordToAppend>): E.Either<AppendFailure, ReadonlyArray<RecordText>> => {
  if (records.length > LARGEST_APPEND.records) return tooLarge(`${LARGEST_APPEND.records} records`);
  const texts = records.map(recordText);
  const characters = texts.reduce((sum, { dataText }) => sum + dataText.length, 0);
  return characters > LARGEST_APPEND.characters
    ? tooLarge(`${LARGEST_APPEND.characters} characters of data`)
    : E.right(texts);
};

/**
 * The log over an open connection. Separate from the opening so that tests can put limits on the connection.
 */
export const eventLogOver = (connection: Connection, patience: Patience = PATIENCE): EventLog => {
  const statements = prepareStatements(connection);
  const wakeup = makeWakeup();
  const group = makeGroupCommit(connection, statements, { committed: wakeup.wake, patience });
  let closing: Promise<void> | undefined;

  const reading = <T>(read: () => T): T => {
    try {
      if (closing !== undefined) throw new Error('The log is closed.');
      return read();
    } catch (cause) {
      throw new LogFailure({ _tag: 'LogUnavailable', cause });
    }
  };

  async function* follow(
    stream: string,
    { from = 0n, signal }: { readonly from?: Revision | undefined; readonly signal: AbortSignal },
  ) {
    let low = from;
    while (!signal.aborted) {
      const range = { low, high: low + BigInt(FOLLOWED_PAGE), backwards: false, size: FOLLOWED_PAGE };
      const page = reading(() => statements.page(stream, range));
      const last = page.at(-1);
      if (last === undefined) {
        await wakeup.wait(signal, POLL_MILLISECONDS);
      } else {
        low = last.revision + 1n;
        yield page;
      }
    }
  }

  return {
    append: (stream, expected, records) => () => {
      const texts = writeOut(records);
      return E.isLeft(texts) ? Promise.resolve(texts) : group.append({ stream, expected, texts: texts.right });
    },
    head: (stream) => () => {
      try {
        return Promise.resolve(
          E.right(
            reading(() => {
              const streamId = statements.streamId(stream);
              return streamId === undefined ? undefined : statements.head(streamId);
            }),
          ),
        );
      } catch (error) {
        return Promise.resolve(E.left(asFailure(error)));
      }
    },
    pages: (stream, options) => readPages((range) => reading(() => statements.page(stream, range)), options),
    pagesBySubject: (stream, subject, options) =>
      readPages((range) => reading(() => statements.pageBySubject(stream, subject, range)), options),
    follow,
    close: () => {
      closing ??= group.drain().then(() => {
        connection.close();
        wakeup.wake();
      });
      return closing;
    },
  };
};

const asFailure = (error: unknown): LogFailure['failure'] =>
  error instanceof LogFailure ? error.failure : { _tag: 'LogUnavailable', cause: error };

/**
 * Opens or makes an event log in a SQLite file, with many streams and safe for several processes at once. An append is
 * on the disk before it resolves. The file and its companions are readable by their owner only.
 *
 * Rejects with a `SqliteFileRefused` (unreachable, damaged, a database of something else, or of a newer version) or a
 * `NoSqliteDriver`. A full disk, or another process that holds the lock for over five seconds, is `LogUnavailable`
 * afterwards, and the log can be used again as soon as that has passed.
 *
 * @example
 * const log = await openSqliteEventLog({ path: './contoso.db' });
 */
export const openSqliteEventLog = async (options: FileOptions): Promise<EventLog> =>
  eventLogOver(await openFile(eventLogFile, options));
