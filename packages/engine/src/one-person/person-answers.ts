import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';
import { cachedJson } from '../cached-json.js';
import type { PersonCycle } from './person-sync.js';

/** What a running engine told of one request, by the revision of the request. */
type Answer = { readonly asked: string; readonly cycle: PersonCycle };

/** Whoever waits looks several times a second, so the last few are enough. */
const KEPT = 8;

const isAnswer = (value: unknown): value is Answer =>
  typeof value === 'object' && value !== null && 'asked' in value && 'cycle' in value;

const keyOf = (connectionId: string): string => `person-sync:${connectionId}`;

const readAll = async (cache: LocalCache, connectionId: string): Promise<ReadonlyArray<Answer>> => {
  const answers = cachedJson(await cache.get(keyOf(connectionId)));
  return Array.isArray(answers) ? answers.filter(isAnswer) : [];
};

export const readPersonAnswer = async (
  cache: LocalCache,
  connectionId: string,
  asked: bigint,
): Promise<PersonCycle | undefined> =>
  (await readAll(cache, connectionId)).find((answer) => answer.asked === asked.toString())?.cycle;

/** For whoever asked, in another process. No value of the person is in it: those stand in the log alone. */
export const putPersonAnswer = async (
  cache: LocalCache,
  connectionId: string,
  asked: bigint,
  cycle: PersonCycle,
): Promise<void> => {
  const before = await readAll(cache, connectionId);
  const answers = [...before, { asked: asked.toString(), cycle }].slice(-KEPT);
  await cache.put(keyOf(connectionId), JSON.stringify(answers));
};
