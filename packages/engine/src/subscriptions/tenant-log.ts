import type { DirectoryEvent } from '@learnamp/directory-sync-domain';
import { directoryEvents } from '@learnamp/directory-sync-domain';
import type { EventLog, Head, KeyStore } from '@learnamp/directory-sync-event-sourcing';
import { defineEvents, openEventStream } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import type { World } from '../directory-sync.js';
import { DirectorySyncError } from '../directory-sync.js';
import { logError } from '../failure.js';
import { readStream } from '../record/read-stream.js';
import type { Pending } from '../record/recorder.js';
import { evolveTenantSubscriptions, noSubscriptions } from './tenant-subscriptions.js';
import type { TenantSubscriptions } from './tenant-subscriptions.js';

/** What belongs to an Entra tenant rather than to one of its connections stands in a stream of its own. */
export type TenantLog = {
  /** As of the last read or append. */
  readonly state: () => TenantSubscriptions;
  /** Reads what others have appended. */
  readonly refresh: () => Promise<void>;
  /**
   * Appends what `decide` returns for the present state; where another process appended meanwhile, its events are read
   * and the decision is made again. Resolves with the number of events appended.
   */
  readonly record: (decide: (state: TenantSubscriptions) => ReadonlyArray<Pending>) => Promise<number>;
};

const registry = defineEvents(directoryEvents);
const ATTEMPTS = 5;

/** Opens `directorySync-tenant-<tenantId>` and folds it. */
export const openTenantLog = async (options: {
  readonly tenantId: string;
  readonly log: EventLog;
  readonly keys: KeyStore;
  readonly world: World;
}): Promise<TenantLog> => {
  const { tenantId, log, keys, world } = options;
  const stream = openEventStream<DirectoryEvent>({
    log,
    keys,
    registry,
    name: `directorySync-tenant-${tenantId}`,
    owner: `tenant:${tenantId}`,
    now: world.now,
    newId: world.newId,
  });
  let state = noSubscriptions;
  let head: Head | undefined;

  const refresh = async (): Promise<void> => {
    for await (const page of readStream(stream, (head?.revision ?? -1n) + 1n)) {
      state = page.events.reduce(evolveTenantSubscriptions, state);
      head = page.head;
    }
  };

  const record: TenantLog['record'] = async (decide) => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const events = decide(state);
      if (events.length === 0) return 0;
      const id = world.newId();
      const context = { correlationId: id, causationId: id };
      const appended = await stream.append(head?.revision ?? 'no-stream', events, context)();
      if (E.isRight(appended)) {
        state = appended.right.events.reduce(evolveTenantSubscriptions, state);
        head = appended.right.head;
        return events.length;
      }
      if (appended.left._tag !== 'RevisionConflict') throw logError(appended.left);
      await refresh();
    }
    throw new DirectorySyncError('log-unavailable', 'Others keep writing to the stream of the tenant.');
  };

  await refresh();
  return { state: () => state, refresh, record };
};
