import { initialConnection, type ConnectionState } from '@learnamp/directory-sync-domain';
import { LogFailure } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import { checkIdentity } from '../connection-identity.js';
import type { Connection } from '../connection/open-connection.js';
import { DirectorySyncError } from '../directory-sync.js';
import { logError } from '../failure.js';
import { readOwnerKeys } from '../verify/owner-keys.js';
import { exportLines } from './export-log.js';
import { refuseHalfImport } from './import-marker.js';
import { signHead, type SignedHead } from './signed-head.js';

/** Whose log it is stands in clear in its first record: nothing has to be opened or folded for it. */
const checkOwner = async ({ options, stream }: Connection): Promise<void> => {
  await refuseHalfImport(options.log, options.connectionId);
  try {
    for await (const [first] of options.log.pages(stream.name, { from: 0n, to: 0n, size: 1 })) {
      if (first?.type !== 'ConnectionCreated') continue;
      checkIdentity(options, { ...initialConnection, created: first.data as unknown as ConnectionState['created'] });
    }
  } catch (error) {
    throw error instanceof LogFailure ? logError(error.failure) : error;
  }
};

/** The head of the log, signed with what is derived from the connection's key. `null`: the log is empty. Makes no key. */
export const signedHeadOf = async (connection: Connection): Promise<SignedHead | null> => {
  const { options, stream, world } = connection;
  await checkOwner(connection);
  const head = await stream.head()();
  if (E.isLeft(head)) throw logError(head.left);
  if (head.right === undefined) return null;
  const owner = `connection:${options.connectionId}`;
  const [key] = (await readOwnerKeys(options.keys, [owner]))(owner);
  if (key === undefined)
    throw new DirectorySyncError(
      'key-store-mismatch',
      'The key store has no key of this connection: nothing was signed.',
    );
  return signHead(key, stream.name, head.right, world.now());
};

/** The lines of the exported log. */
export async function* exportedLog(connection: Connection): AsyncGenerator<string, void, undefined> {
  const { connectionId, tenantId, keys, log } = connection.options;
  await checkOwner(connection);
  yield* exportLines(log, { connectionId, tenantId, keyStoreId: keys.id });
}
