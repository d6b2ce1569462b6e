import { checkMarks, coalesceMarks, inboxSequence } from '@learnamp/directory-sync-event-sourcing';
import type {
  CoalescedMark,
  InboxMark,
  NotificationInbox,
  PendingMarks,
} from '@learnamp/directory-sync-event-sourcing';
import { gatherWrites } from './gather-writes.js';
import { openLocalDatabase } from './local-database.js';
import type { FileOptions } from './open-file.js';
import type { Connection, SqlRow } from './sqlite-driver.js';
import { isDamaged } from './sqlite-errors.js';
import { whenFree, writeTransaction } from './write-transaction.js';
import type { Patience } from './write-transaction.js';

/** Calls that may wait for a write: more than Graph sends in the time it waits for an answer. */
const CALLS_WAITING = 10_000;

/** Rows of one tenant before the older half becomes one: a flood that nobody reads takes no more room than this. */
const ROWS_OF_A_TENANT = 1_024;

/** Graph waits three seconds for an answer, so a file that stays locked is given up before. */
const UNDER_THREE_SECONDS: Patience = { milliseconds: 1_000, pause: 10 };

export type InboxOptions = FileOptions & {
  /** How long a mark waits for another process. */
  readonly patience?: Patience | undefined;
};

type InboxRows = {
  readonly connection: Connection;
  readonly add: (mark: CoalescedMark) => void;
  readonly join: (tenantId: string) => void;
  readonly pending: (tenantId: string) => PendingMarks | undefined;
  readonly clear: (tenantId: string, upTo: bigint) => void;
};

const pendingOf = (row: SqlRow | undefined): PendingMarks | undefined => {
  const { count, first, last, sequence } = row ?? {};
  if (typeof count !== 'bigint' || typeof sequence !== 'bigint') return undefined;
  if (typeof first !== 'string' || typeof last !== 'string') return undefined;
  return { count: Number(count), first, last, sequence: sequence.toString() };
};

const prepare = (connection: Connection): InboxRows => {
  const add = connection.prepare('INSERT INTO inbox (tenant_id, resource, count, first, last) VALUES (?, ?, ?, ?, ?)');
  const totals = 'sum(count) AS count, min(first) AS first, max(last) AS last, max(sequence) AS sequence';
  const pending = connection.prepare(`SELECT ${totals} FROM inbox WHERE tenant_id = ?`);
  const clear = connection.prepare('DELETE FROM inbox WHERE tenant_id = ? AND sequence <= ?');
  const middle = connection.prepare(
    `SELECT sequence FROM inbox WHERE tenant_id = ? ORDER BY sequence DESC LIMIT 1 OFFSET ${ROWS_OF_A_TENANT / 2}`,
  );
  // A joined row counts as the newest of those it is made of, so nothing is cleared too early.
  const join = connection.prepare(
    `INSERT INTO inbox (sequence, tenant_id, resource, count, first, last)
     SELECT max(sequence), tenant_id, resource, sum(count), min(first), max(last) FROM inbox
     WHERE tenant_id = ? AND sequence <= ? GROUP BY resource
     ON CONFLICT (sequence) DO UPDATE SET count = excluded.count, first = excluded.first, last = excluded.last`,
  );
  const newest = 'SELECT max(sequence) FROM inbox WHERE tenant_id = ? AND sequence <= ? GROUP BY resource';
  const forget = connection.prepare(
    `DELETE FROM inbox WHERE tenant_id = ? AND sequence <= ? AND sequence NOT IN (${newest})`,
  );
  return {
    connection,
    add: ({ tenantId, resource, count, first, last }) => add.run(tenantId, resource, count, first, last),
    join: (tenantId) => {
      const upTo = middle.get(tenantId)?.['sequence'];
      if (typeof upTo !== 'bigint') return;
      join.run(tenantId, upTo);
      forget.run(tenantId, upTo, tenantId, upTo);
    },
    pending: (tenantId) => pendingOf(pending.get(tenantId)),
    clear: (tenantId, upTo) => clear.run(tenantId, upTo),
  };
};

/**
 * Opens or makes the notification inbox in the local database. Marks are on the disk before `mark` resolves; calls that
 * come together share one flush. A damaged file is put aside as `<path>.damaged` and begun again, also when the damage
 * shows later: the marks in it are lost, and the next poll finds what they were about.
 *
 * Rejects like `openSqliteEventLog`, except for damage. `mark` rejects when the file stays locked for about two seconds,
 * the disk is full, or ten thousand calls wait already.
 */
export const openSqliteInbox = async (options: InboxOptions): Promise<NotificationInbox> => {
  const patience = options.patience ?? UNDER_THREE_SECONDS;
  const database = await openLocalDatabase(options, {
    pragmas: ['synchronous = FULL', 'busy_timeout = 10'],
    prepare,
  });
  const rowsAdded = new Map<string, number>();
  let closed = false;

  /** Damage is repaired once, and the call made again on the new file. */
  const onRows = async <T>(body: (rows: InboxRows) => Promise<T>): Promise<T> => {
    if (closed) throw new Error('The inbox is closed.');
    return attempt(body);
  };

  const attempt = async <T>(body: (rows: InboxRows) => Promise<T>): Promise<T> => {
    try {
      return await body(await database.rows());
    } catch (error) {
      if (!isDamaged(error)) throw error;
      await database.beginAgain();
      return body(await database.rows());
    }
  };

  /** Counts what this process added, so that the rows are looked at only now and then. */
  const isCrowded = (tenantId: string): boolean => {
    const added = (rowsAdded.get(tenantId) ?? 0) + 1;
    const crowded = added >= ROWS_OF_A_TENANT / 2;
    rowsAdded.set(tenantId, crowded ? 0 : added);
    return crowded;
  };

  const write = async (calls: ReadonlyArray<ReadonlyArray<InboxMark>>): Promise<void> => {
    const marks = coalesceMarks(calls.flat());
    const body = (rows: InboxRows) => (): void => {
      for (const mark of marks) {
        rows.add(mark);
        if (isCrowded(mark.tenantId)) rows.join(mark.tenantId);
      }
    };
    await attempt((rows) => writeTransaction(rows.connection, body(rows), patience));
  };
  const writes = gatherWrites(write, { limit: CALLS_WAITING, name: 'inbox' });

  return {
    mark: async (marks) => {
      checkMarks(marks);
      if (marks.length > 0) await writes.add(marks);
    },
    pending: (tenantId) => onRows((rows) => whenFree(() => rows.pending(tenantId))),
    clear: async (tenantId, upToSequence) => {
      const upTo = inboxSequence(upToSequence);
      await onRows((rows) => writeTransaction(rows.connection, () => rows.clear(tenantId, upTo)));
      rowsAdded.delete(tenantId);
    },
    close: async () => {
      closed = true;
      await writes.drain();
      database.close();
    },
  };
};
