import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';
import { cachedJson } from '../cached-json.js';
import type { SyncReport } from '../directory-sync.js';

/** A report of a running engine, and the revision up to which requests are answered by it. */
type Answer = { readonly upTo: string; readonly report: SyncReport };

/** Whoever waits looks several times a second, and a later report answers an earlier request as well: a few are enough. */
const KEPT = 4;

const isAnswer = (value: unknown): value is Answer =>
  typeof value === 'object' &&
  value !== null &&
  'upTo' in value &&
  'report' in value &&
  typeof value.upTo === 'string' &&
  /^\d+$/.test(value.upTo);

const keyOf = (connectionId: string): string => `sync-report:${connectionId}`;

/** From the oldest on. */
const read = async (cache: LocalCache, connectionId: string): Promise<ReadonlyArray<Answer>> => {
  const answers = cachedJson(await cache.get(keyOf(connectionId)));
  return Array.isArray(answers) ? answers.filter(isAnswer) : [];
};

/** The report of the first cycle that began with the request. */
export const readAnswer = async (
  cache: LocalCache,
  connectionId: string,
  asked: bigint,
): Promise<SyncReport | undefined> =>
  (await read(cache, connectionId)).find(({ upTo }) => BigInt(upTo) >= asked)?.report;

/** Who was waiting for one of them syncs by itself. */
export const forgetAnswers = (cache: LocalCache, connectionId: string): Promise<void> =>
  cache.put(keyOf(connectionId), '[]');

/** For whoever asked at or before the revision, in another process. One engine writes, one cycle after the other. */
export const putAnswer = async (
  cache: LocalCache,
  connectionId: string,
  upTo: bigint,
  report: SyncReport,
): Promise<void> => {
  const answers = [...(await read(cache, connectionId)), { upTo: upTo.toString(), report }].slice(-KEPT);
  await cache.put(keyOf(connectionId), JSON.stringify(answers));
};
