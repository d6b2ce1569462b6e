import type { NotificationInbox, PendingMarks } from '@learnamp/directory-sync-event-sourcing';

type Entry = { readonly sequence: string; readonly awaiting: Set<string> };

/**
 * Who has answered which marks of one tenant. Invariants: marks leave the inbox only after every connection of the tenant
 * completed a round that began after they were read; what came later stays. A connection that was let go is not waited for.
 */
export type MarksLedger = {
  /** What waits now, for a round of `connectionId` that begins after this call. */
  readonly read: (members: ReadonlyArray<string>) => Promise<PendingMarks | undefined>;
  readonly completed: (connectionId: string, sequence: string) => Promise<void>;
  readonly dismiss: (connectionId: string) => Promise<void>;
};

export const makeMarksLedger = (inbox: NotificationInbox, tenantId: string): MarksLedger => {
  /** In the order they were read: each stands for everything the ones before it stand for. */
  let entries: ReadonlyArray<Entry> = [];

  const clearAnswered = async (): Promise<void> => {
    const last = entries.findLastIndex(({ awaiting }) => awaiting.size === 0);
    const sequence = entries[last]?.sequence;
    if (sequence === undefined) return;
    entries = entries.slice(last + 1);
    await inbox.clear(tenantId, sequence);
  };

  /** Of entries that wait for the same connections the last one says it all: a connection that fails for days adds nothing. */
  const compact = (): void => {
    entries = entries.filter(({ awaiting }, index) => {
      const next = entries[index + 1];
      return next === undefined || next.awaiting.size !== awaiting.size;
    });
  };

  return {
    read: async (members) => {
      const pending = await inbox.pending(tenantId);
      if (pending !== undefined && entries.at(-1)?.sequence !== pending.sequence) {
        entries = [...entries, { sequence: pending.sequence, awaiting: new Set(members) }];
        compact();
      }
      return pending;
    },
    completed: async (connectionId, sequence) => {
      const upTo = entries.findIndex((entry) => entry.sequence === sequence);
      for (const { awaiting } of entries.slice(0, upTo + 1)) awaiting.delete(connectionId);
      compact();
      await clearAnswered();
    },
    dismiss: async (connectionId) => {
      for (const { awaiting } of entries) awaiting.delete(connectionId);
      await clearAnswered();
    },
  };
};
