import type { Connection } from '../connection/open-connection.js';
import type { SyncReport } from '../directory-sync.js';
import { signedHeadOf } from '../log-transfer/of-connection.js';
import type { SignedHead } from '../log-transfer/signed-head.js';

/** The head of a log, for the host to keep where nobody reaches who can write to the log. */
export type OfferedHead = { readonly connectionId: string; readonly head: SignedHead };

/** After each full cycle, and so daily: what the log came to, signed. Rejects where it cannot be read or signed now. */
export const offerHead = async (
  connection: Connection,
  { ok, trigger }: SyncReport,
  tell: (offered: OfferedHead) => void,
): Promise<void> => {
  if (!ok || trigger !== 'full') return;
  const head = await signedHeadOf(connection);
  if (head === null) return;
  const { logger } = connection;
  const { connectionId } = connection.options;
  logger.info({ connectionId, revision: head.revision, hash: head.hash, keyId: head.keyId }, 'the head of the log');
  tell({ connectionId, head });
};
