import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';
import { recentAnswers } from '../connection/recent-answers.js';
import type { PersonCycle } from './person-sync.js';

/** What a running engine told of one request, by the revision of the request. */
type Answer = { readonly asked: string; readonly cycle: PersonCycle };

const isAnswer = (value: unknown): value is Answer =>
  typeof value === 'object' && value !== null && 'asked' in value && 'cycle' in value;

const answers = recentAnswers('person-sync', 8, isAnswer);

export const readPersonAnswer = async (
  cache: LocalCache,
  connectionId: string,
  asked: bigint,
): Promise<PersonCycle | undefined> =>
  (await answers.read(cache, connectionId)).find((answer) => answer.asked === asked.toString())?.cycle;

/** For whoever asked, in another process. No value of the person is in it: those stand in the log alone. */
export const putPersonAnswer = (
  cache: LocalCache,
  connectionId: string,
  asked: bigint,
  cycle: PersonCycle,
): Promise<void> => answers.add(cache, connectionId, { asked: asked.toString(), cycle });
