import type { DirectorySync } from '@learnamp/directory-sync';
import { knownProblem } from '../command-line/explain.js';
import type { Reading } from '../reports/status-table.js';

/** A connection that is opened when somebody looks at it. Opening it makes no file. */
export type ConnectionSource = { readonly connectionId: string; readonly open: () => Promise<DirectorySync> };

export type StatusReader = {
  readonly read: () => Promise<ReadonlyArray<Reading>>;
  readonly close: () => Promise<void>;
};

/** Problems that a person is told in a sentence; anything else is a fault of ours and goes on up. */
const asReading = (connectionId: string, problem: unknown): Reading => {
  const known = knownProblem(problem);
  if (known._tag === 'Unknown') throw problem;
  const code = known._tag === 'Code' ? known.code : 'configuration';
  const where = known._tag === 'Mistake' ? `${known.path}: ` : '';
  return { _tag: 'Failed', connectionId, code, problem: `${where}${known.message}`, cause: problem };
};

/**
 * Reads connections again and again. One that cannot be read hides no other, and is opened anew the next time, as is one
 * whose log was empty: its files may not have been there.
 */
export const openStatusReader = (sources: ReadonlyArray<ConnectionSource>): StatusReader => {
  const opened = new Map<string, DirectorySync>();

  const drop = async (connectionId: string): Promise<void> => {
    const connection = opened.get(connectionId);
    opened.delete(connectionId);
    await connection?.close().catch(() => undefined);
  };

  const readOne = async ({ connectionId, open }: ConnectionSource): Promise<Reading> => {
    const connection = opened.get(connectionId) ?? (await open());
    opened.set(connectionId, connection);
    const status = await connection.status();
    if (status.head === null) await drop(connectionId);
    return { _tag: 'Read', status };
  };

  return {
    read: () =>
      Promise.all(
        sources.map((source) =>
          readOne(source).catch(async (problem: unknown) => {
            await drop(source.connectionId);
            return asReading(source.connectionId, problem);
          }),
        ),
      ),
    close: async () => {
      for (const connectionId of [...opened.keys()]) await drop(connectionId);
    },
  };
};

/** Where one connection alone is asked about, that it cannot be read is the whole answer. */
export const orReject = (readings: ReadonlyArray<Reading>): ReadonlyArray<Reading> => {
  const [only, ...others] = readings;
  if (only?._tag === 'Failed' && others.length === 0) throw only.cause;
  return readings;
};
