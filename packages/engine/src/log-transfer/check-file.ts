import type { EventLog, Head, KeyStore, StoredRecord } from '@learnamp/directory-sync-event-sourcing';
import { verifyChain } from '@learnamp/directory-sync-event-sourcing';
import { createHash } from 'node:crypto';
import { DirectorySyncError } from '../directory-sync.js';
import { streamsOf } from './export-log.js';
import { readLine, type EndLine, type HeaderLine, type Line } from './log-lines.js';

/** The empty log, the key store that belongs to the file, and its lines. */
export type ImportLogOptions = {
  readonly log: EventLog;
  readonly keys: Pick<KeyStore, 'id'>;
  readonly connectionId: string;
  readonly tenantId: string;
  /** The lines of an exported log, from the first one each time: they are read twice. */
  readonly lines: () => AsyncIterable<string>;
  readonly now?: (() => Date) | undefined;
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** What the file says is wrong with the file: exit 2. */
export const refused = (message: string): DirectorySyncError => new DirectorySyncError('wrong-file', message);

const notWhole = (): DirectorySyncError =>
  refused('The file ends before its last line: it is not the whole of an exported log. Nothing was imported.');

const checkHeader = ({ connectionId, tenantId, keys }: ImportLogOptions, header: HeaderLine): void => {
  const [stream] = streamsOf(connectionId);
  if (header.stream !== stream || header.connectionId !== connectionId)
    throw refused(
      `The file holds the log of connection ${header.connectionId}, not of ${connectionId}. Nothing was imported.`,
    );
  if (header.tenantId !== tenantId)
    throw refused(`The file holds the log of tenant ${header.tenantId}, not of ${tenantId}. Nothing was imported.`);
  if (header.keyStoreId !== keys.id)
    throw refused(
      'The key store here is not the one that the exported log was sealed with: put it in its place first. Nothing was imported.',
    );
};

/** The records of one stream of the file follow from one another. */
const makeStreamCheck = (allowed: ReadonlyArray<string>) => {
  const seen = new Map<string, Head | undefined>();
  let current: string | undefined;
  return {
    begin: (stream: string): void => {
      if (!allowed.includes(stream) || seen.has(stream))
        throw refused(`The file holds a stream that does not belong there (${stream}). Nothing was imported.`);
      seen.set(stream, undefined);
      current = stream;
    },
    take: (record: StoredRecord): string => {
      if (current === undefined) throw refused('The file names no stream before its records. Nothing was imported.');
      const verdict = verifyChain(seen.get(current), [record]);
      if (verdict.broken.length > 0)
        throw refused(
          `The record at revision ${record.revision} does not follow from the one before it: the file was changed. Nothing was imported.`,
        );
      seen.set(current, verdict.head);
      return current;
    },
    head: (stream: string): Head | undefined => seen.get(stream),
  };
};

export const stopIfAborted = ({ signal }: ImportLogOptions): void => {
  if (signal?.aborted === true)
    throw new DirectorySyncError('stopped', 'The import was stopped: run it again with the same file to finish it.');
};

/** Reads the file once, whole, and believes nothing of it before its last line. */
export const checkFile = async (options: ImportLogOptions): Promise<EndLine> => {
  const digest = createHash('sha256');
  const streams = streamsOf(options.connectionId);
  const check = makeStreamCheck(streams);
  let at = 0;
  let records = 0;
  let end: EndLine | undefined;

  const take = (line: Line | undefined): void => {
    if (line === undefined || end !== undefined)
      throw refused(`Line ${at} is not a line of an exported log. Nothing was imported.`);
    if ((at === 1) !== (line._tag === 'Header'))
      throw refused('The file does not begin with the header of an exported log. Nothing was imported.');
    if (line._tag === 'Header') checkHeader(options, line);
    if (line._tag === 'Stream') check.begin(line.stream);
    if (line._tag === 'End') end = line;
    if (line._tag !== 'Record') return;
    check.take(line.record);
    records += 1;
  };

  for await (const text of options.lines()) {
    stopIfAborted(options);
    at += 1;
    const line = readLine(text);
    take(line);
    if (line?._tag !== 'End') digest.update(`${text}\n`);
  }
  // Asked, not read: set above.
  const last = ((): EndLine | undefined => end)();
  if (last === undefined) throw notWhole();
  const head = check.head(streams[0]);
  if (
    last.sha256 !== digest.digest('hex') ||
    last.records !== records ||
    (last.head?.hash ?? null) !== (head?.hash ?? null)
  )
    throw refused('The checksum of the file does not fit its lines: it was changed. Nothing was imported.');
  return last;
};
