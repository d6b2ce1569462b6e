import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';
import type { SyncReport } from '../directory-sync.js';

/** The latest report of a running engine, and the revision up to which requests are answered by it. */
type Answer = { readonly upTo: string; readonly report: SyncReport };

const isAnswer = (value: unknown): value is Answer =>
  typeof value === 'object' && value !== null && 'upTo' in value && 'report' in value;

const keyOf = (connectionId: string): string => `sync-report:${connectionId}`;

export const readAnswer = async (
  cache: LocalCache,
  connectionId: string,
  asked: bigint,
): Promise<SyncReport | undefined> => {
  const answer: unknown = JSON.parse((await cache.get(keyOf(connectionId))) ?? 'null');
  return isAnswer(answer) && BigInt(answer.upTo) >= asked ? answer.report : undefined;
};

/** For whoever asked at or before the revision, in another process. */
export const putAnswer = (cache: LocalCache, connectionId: string, upTo: bigint, report: SyncReport): Promise<void> =>
  cache.put(keyOf(connectionId), JSON.stringify({ upTo: upTo.toString(), report } satisfies Answer));
