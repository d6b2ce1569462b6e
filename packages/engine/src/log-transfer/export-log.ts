import type { EventLog, Head, StoredRecord } from '@learnamp/directory-sync-event-sourcing';
import { canonicalJson, LogFailure, verifyChain } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import { createHash } from 'node:crypto';
import { DirectorySyncError } from '../directory-sync.js';
import { logError } from '../failure.js';
import { FORMAT, headOf, recordLine, type EndLine, type HeaderLine } from './log-lines.js';

/** The streams of one connection: its own, and that of who looked. What belongs to the tenant is shared with others. */
export const streamsOf = (connectionId: string): readonly [own: string, access: string] => [
  `directorySync-${connectionId}`,
  `directorySync-access-${connectionId}`,
];

const headIn = async (log: EventLog, stream: string): Promise<Head | undefined> => {
  const head = await log.head(stream)();
  if (E.isLeft(head)) throw logError(head.left);
  return head.right;
};

const damaged = (stream: string, revision: bigint): DirectorySyncError =>
  new DirectorySyncError(
    'log-unavailable',
    `The record at revision ${revision} of ${stream} does not follow from the one before it, so the log was not exported: "directory-sync verify" tells what is wrong.`,
  );

/** The records of a stream up to a head, whole: what is appended meanwhile is left out. */
async function* recordsUpTo(log: EventLog, stream: string, last: Head): AsyncGenerator<StoredRecord> {
  let head: Head | undefined;
  for await (const page of log.pages(stream, { from: 0n, to: last.revision })) {
    const verdict = verifyChain(head, page);
    const [broken] = verdict.broken;
    if (broken !== undefined) throw damaged(stream, broken.revision);
    head = verdict.head;
    yield* page;
  }
  if (head?.hash !== last.hash) throw damaged(stream, last.revision);
}

/** The lines of a log, each without its line end. A log whose chain is broken is not exported: nothing could import it. */
export async function* exportLines(
  log: EventLog,
  of: Omit<HeaderLine, 'format' | 'stream'>,
): AsyncGenerator<string, void, undefined> {
  const digest = createHash('sha256');
  const told = (line: string): string => {
    digest.update(`${line}\n`);
    return line;
  };
  const streams = streamsOf(of.connectionId);
  const [stream] = streams;
  let records = 0;
  let own: Head | undefined;
  try {
    yield told(canonicalJson({ format: FORMAT, ...of, stream } satisfies HeaderLine));
    for (const name of streams) {
      const head = await headIn(log, name);
      if (name === stream) own = head;
      if (head === undefined) continue;
      yield told(canonicalJson({ stream: name }));
      for await (const record of recordsUpTo(log, name, head)) {
        records += 1;
        yield told(recordLine(record));
      }
    }
  } catch (error) {
    throw error instanceof LogFailure ? logError(error.failure) : error;
  }
  const end: EndLine = { sha256: digest.digest('hex'), records, head: headOf(own) };
  yield canonicalJson(end);
}
