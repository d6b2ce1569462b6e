import type { CommandKind, DirectoryEvent } from '@learnamp/directory-sync-domain';
import type { ReadRecord } from './fold-to.js';
import type { CommandTotals, HistoryTotals } from './history-query.js';

type Counting = { -readonly [K in keyof CommandTotals]: number };

/** The counts of one stretch of the log, while they grow. */
export type HistoryCounts = {
  readonly cycles: { started: number; completed: number; aborted: number };
  readonly events: Record<string, number>;
  erased: number;
  readonly commands: Partial<Record<CommandKind, Counting>>;
  readonly people: { joined: number; left: number; rejoined: number };
};

export const noCounts = (): HistoryCounts => ({
  cycles: { started: 0, completed: 0, aborted: 0 },
  events: {},
  erased: 0,
  commands: {},
  people: { joined: 0, left: 0, rejoined: 0 },
});

const none: CommandTotals = {
  dispatched: 0,
  succeeded: 0,
  rejected: 0,
  deferred: 0,
  parked: 0,
  held: 0,
  approved: 0,
  refused: 0,
  dissolved: 0,
};

const add = ({ commands }: HistoryCounts, kind: CommandKind, field: keyof CommandTotals, by = 1): void => {
  const counts = (commands[kind] ??= { ...none });
  counts[field] += by;
};

const decided = {
  CommandsHeld: 'held',
  HeldCommandsApproved: 'approved',
  HeldCommandsRejected: 'refused',
  HoldDissolved: 'dissolved',
} as const;

const countCommands = (counts: HistoryCounts, event: DirectoryEvent): void => {
  switch (event.type) {
    case 'CommandsDispatched':
      for (const { kind } of event.data.items) add(counts, kind, 'dispatched');
      return;
    case 'CommandSucceeded':
      add(counts, event.data.command.kind, 'succeeded');
      return;
    case 'CommandRejected':
      add(counts, event.data.command.kind, 'rejected');
      return;
    case 'CommandDeferred':
      add(counts, event.data.kind, 'deferred');
      return;
    case 'CommandParked':
      add(counts, event.data.kind, 'parked');
      return;
    case 'CommandsHeld':
    case 'HeldCommandsApproved':
    case 'HeldCommandsRejected':
    case 'HoldDissolved': {
      const kind = event.data.kind === 'deactivations' ? 'DeactivateUser' : 'CreateUser';
      if (event.data.userIds.length > 0) add(counts, kind, decided[event.type], event.data.userIds.length);
      return;
    }
    default:
  }
};

const cycleFields = { SyncStarted: 'started', SyncCompleted: 'completed', SyncAborted: 'aborted' } as const;

/** @param isKnown whether the person joined before */
export const countRecord = (
  counts: HistoryCounts,
  { record, event }: ReadRecord,
  isKnown: (userId: string) => boolean,
): void => {
  const { type, metadata } = record;
  counts.events[type] = (counts.events[type] ?? 0) + 1;
  if (type === 'UserJoinedGroup') counts.people[isKnown(metadata.subjects[0] ?? '') ? 'rejoined' : 'joined'] += 1;
  if (type === 'UserLeftGroup') counts.people.left += 1;
  if (type in cycleFields) counts.cycles[cycleFields[type as keyof typeof cycleFields]] += 1;
  if (event === undefined || event.erased) counts.erased += 1;
  else countCommands(counts, event);
};

const byKey = <T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

export const asTotals = ({ cycles, events, erased, commands, people }: HistoryCounts): HistoryTotals => ({
  cycles,
  events: byKey(events),
  erased,
  commands: byKey(commands),
  people,
});
