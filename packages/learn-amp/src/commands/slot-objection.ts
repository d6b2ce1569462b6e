import type { CommandOf, Outcome } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import { readAccount } from '../rest/find-account.js';
import type { RestContext } from '../rest/rest-context.js';
import { notLookedUp, rejected } from './outcomes.js';

/**
 * What speaks against writing our id, read right before: the slot may have been filled by another integration since it was
 * seen empty, and what stands there is never overwritten. `undefined`: nothing.
 */
export const slotObjection = async (
  context: RestContext,
  { learnAmpUserId, externalId }: CommandOf<'LinkUser'>,
  signal?: AbortSignal,
): Promise<Outcome | undefined> => {
  if (externalId === null || context.slot === 'none') return undefined;
  const account = await readAccount(context, learnAmpUserId, signal);
  if (E.isLeft(account)) return notLookedUp(account.left);
  if (account.right === undefined) return rejected('not_found');
  const { externalId: present } = account.right;
  const foreign = typeof present === 'string' && present !== '' && present.toLowerCase() !== externalId.toLowerCase();
  const place = typeof context.slot === 'object' ? context.slot.customField : context.slot;
  return foreign ? rejected('duplicate_external_id', [place]) : undefined;
};
