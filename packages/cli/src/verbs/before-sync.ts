import type { DirectorySync } from '@learnamp/directory-sync';
import { own } from '../configuration/reader.js';
import { printable } from '../reports/printable.js';

/** What a sync meets: nobody else, an engine that runs the connection, or a pause or an end, with the sentence that tells it. */
export type BeforeSync =
  { readonly _tag: 'Free' } | { readonly _tag: 'EngineRuns' } | { readonly _tag: 'Paused'; readonly why: string };

const whoDid = async (
  connection: DirectorySync,
  type: 'ConnectionPaused' | 'ConnectionDisconnected',
): Promise<string> => {
  let who = '';
  for await (const { recordedAt, data } of connection.events({ types: [type] })) {
    const actor = own(data, 'actor');
    who = ` since ${recordedAt}${typeof actor === 'string' ? `, by ${actor}` : ''}`;
  }
  return who;
};

export const beforeSync = async (connection: DirectorySync): Promise<BeforeSync> => {
  const { connectionId, paused, disconnectedAt, live } = await connection.status();
  if (disconnectedAt !== undefined) {
    const who = printable(await whoDid(connection, 'ConnectionDisconnected'));
    const why = `${printable(connectionId)} is disconnected${who}: nothing is read or sent, and everybody keeps their account. "directory-sync resume" connects it again.`;
    return { _tag: 'Paused', why };
  }
  if (paused) {
    const who = printable(await whoDid(connection, 'ConnectionPaused'));
    const why = `${printable(connectionId)} is paused${who}: "directory-sync resume" lets it go on.`;
    return { _tag: 'Paused', why };
  }
  return live.running ? { _tag: 'EngineRuns' } : { _tag: 'Free' };
};
