import type { AccessEvent } from '@learnamp/directory-sync-domain';
import type { EventStream } from '@learnamp/directory-sync-event-sourcing';
import { LogFailure } from '@learnamp/directory-sync-event-sourcing';
import { logError } from '../failure.js';
import { failureWords } from './read-failure-words.js';
import type { Collector } from './verify-report.js';

export type AccessCheckOptions = {
  readonly collector: Collector;
  readonly onRecord: () => void;
  readonly signal: AbortSignal | undefined;
};

/**
 * The chain, the seals and the codecs of who looked (decision 0017). Its stream counts for itself: each finding names it beside
 * the revision. A stream that is missing or was cut short is sound; no head of it is kept elsewhere.
 */
export const checkAccess = async (stream: EventStream<AccessEvent>, options: AccessCheckOptions): Promise<void> => {
  const { collector, onRecord, signal } = options;
  try {
    for await (const page of stream.pages({ from: 0n, signal }))
      for (const read of page) {
        collector.checked();
        onRecord();
        if (read._tag === 'Passed') collector.count(read.reason);
        if (read._tag !== 'Failed') continue;
        const { revision, type } = read.failure.record;
        const what = `in ${stream.name}: ${failureWords(read.failure)}`;
        collector.differs({ revision: revision.toString(), type, what });
      }
  } catch (error) {
    if (error instanceof LogFailure) throw logError(error.failure);
    throw error;
  }
};
