import type { EventLog, Head, StoredRecord } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import type { DirectorySyncError } from '../directory-sync.js';
import { logError } from '../failure.js';
import { refused, stopIfAborted, type ImportLogOptions } from './check-file.js';
import { readLine } from './log-lines.js';

export const headIn = async (log: EventLog, stream: string): Promise<Head | undefined> => {
  const head = await log.head(stream)();
  if (E.isLeft(head)) throw logError(head.left);
  return head.right;
};

export const otherLog = (): DirectorySyncError =>
  refused('There is a log of this connection already: import into an empty one. Nothing was imported.');

/** Appends in parts, smaller ones where the log takes no more at once; every hash comes out as it was, or the part is refused. */
const append = async (
  log: EventLog,
  stream: string,
  behind: Head | undefined,
  records: ReadonlyArray<StoredRecord>,
) => {
  let head = behind;
  let size = records.length;
  for (let at = 0; at < records.length;) {
    const part = records.slice(at, at + size);
    const appended = await log.append(stream, head?.revision ?? 'no-stream', part)();
    if (E.isLeft(appended)) {
      if (appended.left._tag === 'BatchTooLarge' && part.length > 1) {
        size = Math.ceil(part.length / 2);
        continue;
      }
      if (appended.left._tag === 'RevisionConflict') throw otherLog();
      throw logError(appended.left);
    }
    head = appended.right.head;
    if (head.hash !== part.at(-1)?.metadata.hash) throw otherLog();
    at += part.length;
  }
  return head;
};

const PART = 500;

/** Writes one stream behind what an interrupted import of the same file left of it. */
const makeStreamWriter = async (options: ImportLogOptions, stream: string, onAppended: (count: number) => void) => {
  let head = await headIn(options.log, stream);
  let waiting: StoredRecord[] = [];
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return;
    stopIfAborted(options);
    head = await append(options.log, stream, head, waiting);
    onAppended(waiting.length);
    waiting = [];
  };
  return {
    take: async (record: StoredRecord): Promise<void> => {
      if (head !== undefined && record.revision <= head.revision) {
        if (record.revision === head.revision && record.metadata.hash !== head.hash) throw otherLog();
        onAppended(1);
        return;
      }
      waiting.push(record);
      if (waiting.length >= PART) await flush();
    },
    flush,
  };
};

export const writeStreams = async (options: ImportLogOptions, total: number): Promise<void> => {
  let done = 0;
  const onAppended = (count: number): void => {
    done += count;
    options.onProgress?.({ done, total });
  };
  let writer: Awaited<ReturnType<typeof makeStreamWriter>> | undefined;
  for await (const text of options.lines()) {
    const line = readLine(text);
    if (line?._tag === 'Record') await writer?.take(line.record);
    else await writer?.flush();
    if (line?._tag === 'Stream') writer = await makeStreamWriter(options, line.stream, onAppended);
  }
};
