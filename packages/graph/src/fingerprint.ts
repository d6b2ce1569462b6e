import { createHash } from 'node:crypto';
import type { ObjectId } from '@learnamp/directory-sync-domain';
import type { GraphBase } from './graph-base.js';
import type { Selection } from './selected-attributes.js';

/** Raised when the meaning of a query changes without its text. */
const QUERY_VERSION = 1;

/**
 * Names the query behind a cursor. A token keeps the selection and the filter of the call that made it
 * (https://learn.microsoft.com/graph/delta-query-overview), so a link with another fingerprint would miss what is wanted now.
 */
export const fingerprintOf = (
  base: GraphBase,
  selection: Selection,
  source: 'users' | 'groups',
  groupIds: ReadonlyArray<ObjectId>,
): string => {
  const query = source === 'users' ? selection.delta : [...new Set(groupIds)].sort();
  return createHash('sha256')
    .update(JSON.stringify([QUERY_VERSION, base.url, source, query]))
    .digest('hex');
};
