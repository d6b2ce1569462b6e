import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryEvents, type DirectoryEvent } from '@learnamp/directory-sync-domain';
import { openSqliteEventLog, openSqliteKeyStore } from '@learnamp/directory-sync-event-log-sqlite';
import { defineEvents, openEventStream, timeOrderedId } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import { madeConnection, madeHistory } from './made-history.js';

/** Bumped when another history is made: what lies in the folder for temporary files is that of an earlier one. */
const EDITION = 2;

export type MadeLogSize = {
  readonly people: number;
  readonly events: number;
  /** Sealed as the definitions say, or everything in clear: what reading costs without decryption. */
  readonly sealed: boolean;
};

export type MadeLog = MadeLogSize & { readonly logPath: string; readonly keysPath: string; readonly stream: string };

/** The same definitions, with nothing sealed. */
const inClear = directoryEvents.map((definition) => ({ ...definition, sealing: { kind: 'clear' as const } }));

const write = async (folder: string, size: MadeLogSize): Promise<void> => {
  const log = await openSqliteEventLog({ path: join(folder, 'log.db') });
  const keys = await openSqliteKeyStore({ path: join(folder, 'log.db.keys') });
  let at = new Date(0);
  let drawn = 0;
  const stream = openEventStream<DirectoryEvent>({
    log,
    keys,
    registry: defineEvents((size.sealed ? directoryEvents : inClear) as typeof directoryEvents),
    name: madeConnection.stream,
    owner: `connection:${madeConnection.connectionId}`,
    now: () => at,
    newId: () =>
      timeOrderedId(
        at,
        createHash('sha256')
          .update(`${(drawn += 1)}`)
          .digest(),
      ),
  });
  let head: bigint | 'no-stream' = 'no-stream';
  for (const batch of madeHistory(size, keys.id)) {
    at = batch.at;
    const context = { correlationId: `cycle-${at.getTime()}`, causationId: `round-${at.getTime()}`, epoch: 1 };
    const appended = await stream.append(head, batch.events, context)();
    if (E.isLeft(appended)) throw new Error(appended.left._tag, { cause: appended.left });
    head = appended.right.head.revision;
  }
  await log.close();
  await keys.close();
};

/** Written once, and found again by later runs of this machine. */
export const madeLog = async (size: MadeLogSize): Promise<MadeLog> => {
  const name = `${size.people}-people-${size.events}-events-${size.sealed ? 'sealed' : 'clear'}`;
  const folder = join(tmpdir(), 'directory-sync-bench', `edition-${EDITION}`, name);
  if (!existsSync(folder)) {
    const unfinished = `${folder}.${process.pid}`;
    await mkdir(unfinished, { recursive: true });
    try {
      await write(unfinished, size);
      await rename(unfinished, folder);
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true });
      throw error;
    }
  }
  const logPath = join(folder, 'log.db');
  return { ...size, logPath, keysPath: `${logPath}.keys`, stream: madeConnection.stream };
};
