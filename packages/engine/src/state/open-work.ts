import type { ObjectId } from '@learnamp/directory-sync-domain';
import type { Head, ProjectionRows, RowChange } from '@learnamp/directory-sync-event-sourcing';
import { chunksOf } from '../chunks-of.js';
import type { RowBuffer } from './row-buffer.js';
import { tables } from './tables.js';

type Flags = {
  /** Everybody has to be planned: nobody was yet, or what everybody is planned with changed. */
  readonly everybodyPending: boolean;
  /** Digest of the preferences and the planner that the idle plans were made with. */
  readonly plannedWith: string;
  /** Everybody's place in the scope has to be looked at. */
  readonly everybodyUnsettled: boolean;
};

/** Before anything was planned or settled, and whenever it is not known what was. */
export const everythingOpen: Flags = { everybodyPending: true, plannedWith: '', everybodyUnsettled: true };

/** What a batch of events leaves to be done. */
export type Opened = {
  readonly pending: ReadonlySet<ObjectId>;
  readonly moved: ReadonlySet<ObjectId>;
  readonly everybodyPending: boolean;
  readonly everybodyMoved: boolean;
};

/**
 * What is to be done, kept with the rows: a process that dies between an append and the plan for it loses nobody.
 *
 * Invariants: whoever is not pending has an idle plan under the preferences of `plannedWith`; whoever is not unsettled is in
 * the scope exactly if the recorded edges and the directory say so.
 */
export type OpenWork = {
  /** Whether everybody has to be planned, under these preferences and this planner. */
  readonly isEverybodyPending: (plannedWith: string) => boolean;
  readonly pending: () => Iterable<ObjectId>;
  /** Everybody is about to be planned: who is touched meanwhile is noted by name. */
  readonly beginSweep: () => void;
  /** Those who are `busy` stay; with `swept`, everybody was planned. */
  readonly settlePlans: (planned: {
    readonly plannedWith: string;
    readonly busy: ReadonlyMap<ObjectId, unknown>;
    readonly swept: boolean;
  }) => void;
  /** Erased people whose keys may still stand, with the revision of the erasure. */
  readonly erasing: () => ReadonlyArray<readonly [userId: ObjectId, revision: bigint]>;
  /** Their keys are destroyed, and nothing of them is left here. */
  readonly settleErasures: (userIds: ReadonlyArray<ObjectId>) => void;
  readonly isEverybodyUnsettled: () => boolean;
  readonly unsettled: () => Iterable<ObjectId>;
  /** Those who are `open` stay; with `everybody`, all were looked at. */
  readonly settleScope: (looked: { readonly open: ReadonlySet<ObjectId>; readonly everybody: boolean }) => void;
};

type Shelf = OpenWork & {
  /** Whether people are noted by name: not while everybody is pending anyway. */
  readonly isNoting: () => boolean;
  readonly load: () => void;
  /** Returns what to call once the buffer is committed. */
  readonly stage: (buffer: RowBuffer, opened: Opened) => () => void;
};

/** Rows of one commit. */
const PART = 2_000;

const changeOf = (table: string, key: string, value: unknown): RowChange => ({ table, key, value, entries: {} });

export const makeOpenWork = (rows: ProjectionRows, head: () => Head | undefined): Shelf => {
  let isSweeping = false;
  /** Set while a sweep runs: it did not see that. */
  let again = false;

  /** From the rows each time: another process settles without moving the head, so nothing here would tell of it. */
  const present = (): Flags => (rows.get(tables.work, 'flags') as Flags | undefined) ?? everythingOpen;

  const keys = function* (table: string): Generator<ObjectId> {
    for (const [key] of rows.scan(table)) yield key as ObjectId;
  };

  const note = (buffer: RowBuffer, table: string, userIds: ReadonlySet<ObjectId>): void => {
    for (const userId of userIds) if (rows.get(table, userId) === undefined) buffer.put(table, userId, true);
  };

  const reconcile = (
    table: string,
    open: { readonly has: (userId: ObjectId) => boolean; readonly keys: () => Iterable<ObjectId> },
    all: boolean,
  ): ReadonlyArray<RowChange> => {
    const changes: RowChange[] = [];
    for (const userId of keys(table)) if (!open.has(userId)) changes.push(changeOf(table, userId, undefined));
    if (all)
      for (const userId of open.keys())
        if (rows.get(table, userId) === undefined) changes.push(changeOf(table, userId, true));
    return changes;
  };

  /**
   * Where another process moved the rows on, more stays open than has to: that is done again, nothing is missed. In parts, since a
   * sweep may note everybody; the flags come last, so until then everybody counts as open.
   */
  const commit = (changes: ReadonlyArray<RowChange>, next: Flags | undefined): void => {
    for (const part of chunksOf(changes, PART)) rows.commit(part, head(), head());
    if (next !== undefined) rows.commit([changeOf(tables.work, 'flags', next)], head(), head());
  };

  return {
    load: () => {
      // Others wrote: a sweep that is under way did not see what.
      again = true;
    },
    isNoting: () => !present().everybodyPending || isSweeping,
    stage: (buffer, { pending, moved, everybodyPending, everybodyMoved }) => {
      const flags = present();
      if (!flags.everybodyPending || isSweeping) note(buffer, tables.pending, pending);
      if (!flags.everybodyUnsettled) note(buffer, tables.unsettled, moved);
      const next: Flags = {
        ...flags,
        everybodyPending: flags.everybodyPending || everybodyPending,
        everybodyUnsettled: flags.everybodyUnsettled || everybodyMoved,
      };
      const isNews =
        next.everybodyPending !== flags.everybodyPending || next.everybodyUnsettled !== flags.everybodyUnsettled;
      if (isNews) buffer.put(tables.work, 'flags', next);
      return () => {
        again ||= everybodyPending;
      };
    },
    isEverybodyPending: (plannedWith) => {
      const flags = present();
      return flags.everybodyPending || flags.plannedWith !== plannedWith;
    },
    pending: () => keys(tables.pending),
    beginSweep: () => {
      isSweeping = true;
      again = false;
    },
    settlePlans: ({ plannedWith, busy, swept }) => {
      const flags = present();
      const changes = reconcile(tables.pending, busy, swept);
      const done = swept && (flags.everybodyPending || flags.plannedWith !== plannedWith);
      commit(changes, done ? { ...flags, everybodyPending: again, plannedWith } : undefined);
      isSweeping = false;
    },
    erasing: () =>
      [...rows.scan(tables.erasing)].map(([key, value]) => [key as ObjectId, BigInt(String(value))] as const),
    settleErasures: (userIds) => {
      commit(
        userIds.map((userId) => changeOf(tables.erasing, userId, undefined)),
        undefined,
      );
    },
    isEverybodyUnsettled: () => present().everybodyUnsettled,
    unsettled: () => keys(tables.unsettled),
    settleScope: ({ open, everybody }) => {
      const flags = present();
      const changes = reconcile(tables.unsettled, open, everybody);
      const done = everybody && flags.everybodyUnsettled;
      commit(changes, done ? { ...flags, everybodyUnsettled: false } : undefined);
    },
  };
};
