import { expect } from 'vitest';
import type { Stage } from './stage.js';

/**
 * One person is linked to one account at most, and one account to one person (I-02): in everything the log ever said, and in
 * the external ids that Learn Amp holds.
 */
export const expectOneAccountEach = async (stage: Stage): Promise<void> => {
  const links = (await stage.events('UserLinked')).map(
    ({ data }) => data as { userId: string; learnAmpUserId: string },
  );
  const pairs = new Set(links.map(({ userId, learnAmpUserId }) => `${userId} ${learnAmpUserId}`));
  expect(new Set(links.map(({ userId }) => userId)).size).toBe(pairs.size);
  expect(new Set(links.map(({ learnAmpUserId }) => learnAmpUserId)).size).toBe(pairs.size);
  const externalIds = stage.learnAmp.accounts().flatMap(({ integrationExternalId }) => integrationExternalId ?? []);
  expect(new Set(externalIds).size).toBe(externalIds.length);
};
