import type { DirectorySync } from '@learnamp/directory-sync';
import { own } from '../configuration/reader.js';
import { printable } from '../reports/printable.js';

/** What a sync meets: nobody else, an engine that runs the connection, or a pause, with the sentence that tells it. */
export type BeforeSync =
  { readonly _tag: 'Free' } | { readonly _tag: 'EngineRuns' } | { readonly _tag: 'Paused'; readonly why: string };

const whoPaused = async (connection: DirectorySync): Promise<string> => {
  let who = '';
  for await (const { recordedAt, data } of connection.events({ types: ['ConnectionPaused'] })) {
    const actor = own(data, 'actor');
    who = ` since ${recordedAt}${typeof actor === 'string' ? `, by ${actor}` : ''}`;
  }
  return who;
};

export const beforeSync = async (connection: DirectorySync): Promise<BeforeSync> => {
  const { connectionId, paused, live } = await connection.status();
  if (paused) {
    const who = printable(await whoPaused(connection));
    const why = `${printable(connectionId)} is paused${who}: "directory-sync resume" lets it go on.`;
    return { _tag: 'Paused', why };
  }
  return live.running ? { _tag: 'EngineRuns' } : { _tag: 'Free' };
};
