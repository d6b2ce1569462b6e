import type { ObjectId } from '@learnamp/directory-sync-domain';
import type { ProjectionRows } from '@learnamp/directory-sync-event-sourcing';
import { tables } from './tables.js';

/** Somebody, as both sides were read along. */
type Beside = {
  readonly userId: string;
  readonly person: unknown;
  readonly delivered: unknown;
  readonly what: 'people' | undefined;
};

/**
 * A look at everybody in the order of ids, in which both rows of each come from scans instead of four reads by key.
 * Invariant: `get` answers only for whom the sweep gave last, and with nothing from before a change: a row that was read
 * ahead may be older than that. After a change the sweep goes on with ids alone.
 */
export type Sweep = {
  /** `people`: without what is known of them on the other side. */
  readonly begin: (what?: 'people') => Generator<ObjectId>;
  readonly get: (table: string, key: string) => unknown;
  /** Something was written, or what is in memory is dropped. */
  readonly end: () => void;
};

function* noRows(): ReturnType<ProjectionRows['scan']> {}

export const makeSweep = (rows: Pick<ProjectionRows, 'scan'>): Sweep => {
  let beside: Beside | undefined;
  let changes = 0;

  return {
    begin: function* (what) {
      const begun = changes;
      const accounts = what === 'people' ? noRows() : rows.scan(tables.delivered);
      let account = accounts.next();
      for (const [userId, person] of rows.scan(tables.people)) {
        if (changes === begun) {
          while (account.done !== true && account.value[0] < userId) account = accounts.next();
          const delivered = account.done !== true && account.value[0] === userId ? account.value[1] : undefined;
          beside = { userId, person, delivered, what };
        }
        yield userId as ObjectId;
      }
      beside = undefined;
    },
    get: (table, key) => {
      if (beside?.userId !== key) return undefined;
      if (table === tables.people) return beside.person;
      return table === tables.delivered && beside.what === undefined ? beside.delivered : undefined;
    },
    end: () => {
      changes += 1;
      beside = undefined;
    },
  };
};
