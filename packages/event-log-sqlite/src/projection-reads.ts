import { ProjectionRowsLost } from '@learnamp/directory-sync-event-sourcing';
import type { FoldName, Head, ProjectionRows } from '@learnamp/directory-sync-event-sourcing';
import { isLastPage } from './projection-statements.js';
import type { Found, ProjectionStatements } from './projection-statements.js';
import { RowAltered } from './row-altered.js';
import { isDamaged } from './sqlite-errors.js';

/** A fold of a name and version that is read or written: the one that stands, or the one that is built. */
export type Fold = FoldName & { readonly stage: 'standing' | 'building' };

/** Where statements come from, and what becomes of them when the file is found damaged. */
export type StatementSource = {
  /** For a fresh look: over the file that is there now, `undefined` where there is none. */
  readonly renewed: () => ProjectionStatements | undefined;
  /** Over the file that was looked at last. */
  readonly rows: () => ProjectionStatements | undefined;
  readonly giveUp: () => void;
};

/** A fold as `checkpoint` or a commit left it: in which file, and which of the folds that bore its name. */
export type Told = {
  readonly on: ProjectionStatements;
  readonly foldId: bigint;
  readonly head: Head | undefined;
};

export type ProjectionReads = Pick<ProjectionRows, 'checkpoint' | 'get' | 'keysAt' | 'countAt' | 'scan' | 'check'> & {
  readonly told: () => Told | undefined;
  /** What a commit or a `clear` of this handle leaves behind. */
  readonly tell: (told: Told | undefined) => void;
};

/** A row whose text is no JSON was damaged where SQLite does not see it. */
export const isDamage = (error: unknown): boolean =>
  isDamaged(error) || error instanceof SyntaxError || error instanceof RowAltered;

/**
 * Invariant: a read answers from the fold that was told last, or throws `ProjectionRowsLost`. Whatever was found is believed
 * only while that fold is still read by anybody: its rows go slice by slice once it is retired.
 */
export const makeProjectionReads = (source: StatementSource, named: Fold): ProjectionReads => {
  const { name, stage } = named;
  /** Rows were found damaged and given up, and none were committed since. */
  let wasDamaged = false;

  const look = (): Told | undefined => {
    const on = source.renewed();
    const fold = on?.fold(named, stage);
    if (on === undefined || fold === undefined) return undefined;
    return { on, foldId: fold.foldId, head: fold.checkpoint };
  };

  const lookAgain = (): Told | undefined => {
    try {
      return look();
    } catch (error) {
      if (!isDamage(error)) throw error;
      wasDamaged = true;
      source.giveUp();
      return look();
    }
  };

  let told = lookAgain();

  const attempt = <T>(body: () => T): T => {
    try {
      return body();
    } catch (error) {
      if (!isDamage(error)) throw error;
      source.giveUp();
      throw new ProjectionRowsLost(name, { cause: error });
    }
  };

  const find = <T>(from: Told, body: () => Found<T>): T => {
    if (source.rows() !== from.on) throw new ProjectionRowsLost(name);
    const { answer, isThere } = attempt(body);
    if (isThere) return answer;
    throw new ProjectionRowsLost(name);
  };
  const read = <T>(from: Told, body: () => T): T =>
    find(from, () => ({ answer: body(), isThere: from.on.hasFold(from.foldId) }));

  return {
    checkpoint: () => {
      told = lookAgain();
      return told?.head;
    },
    get: (table, key) => {
      const from = told ?? lookAgain();
      if (from === undefined) return undefined;
      return find(from, () => from.on.get(from.foldId, table, key));
    },
    keysAt: (table, index, value) => {
      const from = told ?? lookAgain();
      if (from === undefined) return [];
      return read(from, () => from.on.keysAt(from.foldId, { table, index, value }));
    },
    countAt: (table, index, value) => {
      const from = told ?? lookAgain();
      if (from === undefined) return 0;
      return read(from, () => from.on.countAt(from.foldId, { table, index, value }));
    },
    scan: function* (table) {
      const from = told ?? lookAgain();
      if (from === undefined) return;
      let after: string | undefined;
      for (;;) {
        const page = read(from, () => from.on.page(from.foldId, table, after));
        yield* page;
        if (isLastPage(page)) return;
        after = page.at(-1)?.[0];
      }
    },
    check: () => {
      if (wasDamaged) return { altered: 1, first: [] };
      const from = told ?? lookAgain();
      // Which folds there are is looked at as a whole: one under an altered name would seem never to have been.
      if (from !== undefined) {
        return read(from, () => {
          from.on.folds();
          return from.on.check(from.foldId);
        });
      }
      attempt(() => source.renewed()?.folds());
      return { altered: 0, first: [] };
    },
    told: () => told,
    tell: (now) => {
      wasDamaged = false;
      told = now;
    },
  };
};
