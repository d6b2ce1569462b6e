import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';
import type { SyncReport } from '../directory-sync.js';
import { recentAnswers } from './recent-answers.js';

/** A report of a running engine, and the revision up to which requests are answered by it. */
type Answer = { readonly upTo: string; readonly report: SyncReport };

const isAnswer = (value: unknown): value is Answer =>
  typeof value === 'object' &&
  value !== null &&
  'upTo' in value &&
  'report' in value &&
  typeof value.upTo === 'string' &&
  /^\d+$/.test(value.upTo);

const answers = recentAnswers('sync-report', 4, isAnswer);

/** The report of the first cycle that began with the request. */
export const readAnswer = async (
  cache: LocalCache,
  connectionId: string,
  asked: bigint,
): Promise<SyncReport | undefined> =>
  (await answers.read(cache, connectionId)).find(({ upTo }) => BigInt(upTo) >= asked)?.report;

/** Who was waiting for one of them syncs by itself. */
export const forgetAnswers = answers.forget;

/** For whoever asked at or before the revision, in another process. */
export const putAnswer = (cache: LocalCache, connectionId: string, upTo: bigint, report: SyncReport): Promise<void> =>
  answers.add(cache, connectionId, { upTo: upTo.toString(), report });
