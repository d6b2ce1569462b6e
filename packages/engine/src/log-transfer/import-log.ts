import { randomUUID } from 'node:crypto';
import { checkFile, refused, type ImportLogOptions } from './check-file.js';
import { streamsOf } from './export-log.js';
import { importStanding, markImport } from './import-marker.js';
import type { EndLine } from './log-lines.js';
import { headIn, otherLog, writeStreams } from './write-streams.js';

export type { ImportLogOptions } from './check-file.js';
/** What was imported. */
export type ImportReport = { readonly records: number; readonly head: EndLine['head'] };

/** Whether an import may begin, or go on: nothing of the connection stands in the log but what the same file left there. */
const mayBegin = async (options: ImportLogOptions, sha256: string): Promise<bigint | undefined> => {
  const { log, connectionId } = options;
  const standing = await importStanding(log, connectionId);
  if (standing._tag === 'Begun') {
    if (standing.sha256 === sha256) return standing.revision;
    throw refused('Another file was begun here and not finished: import that one. Nothing was imported.');
  }
  for (const stream of streamsOf(connectionId)) if ((await headIn(log, stream)) !== undefined) throw otherLog();
  const behind = standing._tag === 'Finished' ? standing.revision : undefined;
  const at = (options.now ?? (() => new Date()))();
  await markImport(log, connectionId, { type: 'ImportBegun', data: { sha256 }, behind, id: randomUUID(), at });
  return (behind ?? -1n) + 1n;
};

/**
 * Imports an exported log into one that holds nothing of the connection. The whole file is checked before anything is written:
 * its checksum, its chain, and whose log it is. An import that was interrupted is no log: everything refuses it until the same
 * file was imported to its end, which goes on where it stopped. The records are equal byte for byte, and so is the head.
 */
export const importLog = async (options: ImportLogOptions): Promise<ImportReport> => {
  const { log, connectionId } = options;
  const { sha256, records, head } = await checkFile(options);
  const begun = await mayBegin(options, sha256);
  await writeStreams(options, records);
  const at = (options.now ?? (() => new Date()))();
  const [stream] = streamsOf(connectionId);
  if (((await headIn(log, stream))?.hash ?? null) !== (head?.hash ?? null)) throw otherLog();
  await markImport(log, connectionId, {
    type: 'ImportFinished',
    data: { sha256 },
    behind: begun,
    id: randomUUID(),
    at,
  });
  return { records, head };
};
