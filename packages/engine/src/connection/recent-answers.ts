import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';
import { cachedJson } from '../cached-json.js';

/** What a running engine told those who asked from another process: the last few answers of a connection, in the local cache. */
export type RecentAnswers<Answer> = {
  /** From the oldest on. */
  readonly read: (cache: LocalCache, connectionId: string) => Promise<ReadonlyArray<Answer>>;
  readonly add: (cache: LocalCache, connectionId: string, answer: Answer) => Promise<void>;
  readonly forget: (cache: LocalCache, connectionId: string) => Promise<void>;
};

/** Whoever waits looks several times a second, so a few are enough. */
export const recentAnswers = <Answer>(
  name: string,
  kept: number,
  isAnswer: (value: unknown) => value is Answer,
): RecentAnswers<Answer> => {
  const keyOf = (connectionId: string): string => `${name}:${connectionId}`;
  const read: RecentAnswers<Answer>['read'] = async (cache, connectionId) => {
    const answers = cachedJson(await cache.get(keyOf(connectionId)));
    return Array.isArray(answers) ? answers.filter(isAnswer) : [];
  };
  return {
    read,
    add: async (cache, connectionId, answer) => {
      const answers = [...(await read(cache, connectionId)), answer].slice(-kept);
      await cache.put(keyOf(connectionId), JSON.stringify(answers));
    },
    forget: (cache, connectionId) => cache.put(keyOf(connectionId), '[]'),
  };
};
