import { crc32 } from 'node:zlib';
import type { FoldName, FoldStage, FoldView, Head } from '@learnamp/directory-sync-event-sourcing';
import { RowAltered } from './row-altered.js';
import { fromSortable, toSortable } from './sortable-text.js';
import type { Connection, SqlRow } from './sqlite-driver.js';

/** Rows that one `sweep` removes, with as many entries: some tens of milliseconds. */
const SWEPT_AT_ONCE = 2_000;

type StoredFold = FoldView & FoldName & { readonly foldId: bigint };
export type FoldRow = StoredFold;

/** Which folds stand, are built and are being removed. What is read here is checked like every row. */
export type FoldStatements = {
  /** Of the stage that is asked for; `retired` ones are never found by name. */
  readonly fold: (name: FoldName, stage: 'standing' | 'building') => FoldRow | undefined;
  /** Whether this very fold is still read by anybody. */
  readonly hasFold: (foldId: bigint) => boolean;
  /** By name, or all that are in the file; the newest first. */
  readonly folds: (name?: string) => ReadonlyArray<FoldRow>;
  readonly beginFold: (name: FoldName, stage: 'standing' | 'building') => FoldRow;
  readonly moveFold: (fold: FoldRow, to: Head | undefined) => void;
  readonly changeStage: (fold: FoldRow, stage: FoldStage) => void;
  /** Removes a slice of what was retired. `true`: there is more. */
  readonly sweep: () => boolean;
};

const checksumOf = ({ foldId, name, version, stage, checkpoint, since, movedAt }: StoredFold): bigint => {
  const head = checkpoint === undefined ? '' : `${checkpoint.revision} ${checkpoint.hash}`;
  return BigInt(crc32(JSON.stringify([foldId.toString(), name, version, stage, head, since, movedAt])));
};

const stages: ReadonlyArray<string> = ['standing', 'building', 'retired'] satisfies ReadonlyArray<FoldStage>;

const foldOf = (row: SqlRow): FoldRow => {
  const { fold_id: foldId, name, version, stage, revision, hash, since, moved_at: movedAt, checksum } = row;
  const texts = [name, version, stage, since, movedAt];
  if (typeof foldId !== 'bigint' || !texts.every((text) => typeof text === 'string')) throw new RowAltered();
  const checkpoint = typeof revision === 'bigint' && typeof hash === 'string' ? { revision, hash } : undefined;
  const fold: FoldRow = {
    foldId,
    name: fromSortable(String(name)),
    version: fromSortable(String(version)),
    stage: String(stage) as FoldStage,
    checkpoint,
    since: String(since),
    movedAt: String(movedAt),
  };
  if (!stages.includes(fold.stage) || checksum !== checksumOf(fold)) throw new RowAltered();
  return fold;
};

const timeNow = (): string => new Date().toISOString();

const sweeper = (connection: Connection): (() => boolean) => {
  const retired = connection.prepare("SELECT fold_id FROM projection_folds WHERE stage = 'retired' LIMIT 1");
  const slices = [
    `DELETE FROM projection_entries WHERE (fold_id, table_name, index_name, value, key) IN
       (SELECT fold_id, table_name, index_name, value, key FROM projection_entries WHERE fold_id = ? LIMIT ${SWEPT_AT_ONCE})`,
    `DELETE FROM projection_rows WHERE row_id IN
       (SELECT row_id FROM projection_rows WHERE fold_id = ? LIMIT ${SWEPT_AT_ONCE})`,
  ].map((sql) => connection.prepare(sql));
  const left = ['projection_entries', 'projection_rows'].map((table) =>
    connection.prepare(`SELECT 1 FROM ${table} WHERE fold_id = ? LIMIT 1`),
  );
  const removeFold = connection.prepare('DELETE FROM projection_folds WHERE fold_id = ?');
  return () => {
    const foldId = retired.get()?.['fold_id'];
    if (typeof foldId !== 'bigint') return false;
    for (const slice of slices) slice.run(foldId);
    if (left.some((any) => any.get(foldId) !== undefined)) return true;
    removeFold.run(foldId);
    return retired.get() !== undefined;
  };
};

export const prepareFolds = (connection: Connection): FoldStatements => {
  const columns = 'fold_id, name, version, stage, revision, hash, since, moved_at, checksum';
  const byName = connection.prepare(
    `SELECT ${columns} FROM projection_folds WHERE name = ? AND version = ? AND stage = ?`,
  );
  const byId = connection.prepare("SELECT 1 FROM projection_folds WHERE fold_id = ? AND stage <> 'retired'");
  const all = connection.prepare(`SELECT ${columns} FROM projection_folds ORDER BY fold_id DESC`);
  const begin = connection.prepare(
    'INSERT INTO projection_folds (name, version, stage, since, moved_at) VALUES (?, ?, ?, ?, ?) RETURNING fold_id',
  );
  const write = connection.prepare(
    'UPDATE projection_folds SET stage = ?, revision = ?, hash = ?, since = ?, moved_at = ?, checksum = ? WHERE fold_id = ?',
  );

  const put = (fold: FoldRow): FoldRow => {
    const { foldId, stage, checkpoint, since, movedAt } = fold;
    const head = [checkpoint?.revision ?? null, checkpoint?.hash ?? null] as const;
    write.run(stage, ...head, since, movedAt, checksumOf(fold), foldId);
    return fold;
  };

  const rowOf = ({ name, version }: FoldName, stage: FoldStage) =>
    byName.get(toSortable(name), toSortable(version), stage);

  /** A fold that stands in the table, and is not found by its name, would seem never to have been. */
  const found = (row: SqlRow): FoldRow => {
    const fold = foldOf(row);
    if (fold.stage !== 'retired' && rowOf(fold, fold.stage)?.['fold_id'] !== fold.foldId) throw new RowAltered();
    return fold;
  };

  return {
    fold: (name, stage) => {
      const row = rowOf(name, stage);
      return row === undefined ? undefined : foldOf(row);
    },
    hasFold: (foldId) => byId.get(foldId) !== undefined,
    folds: (name) => {
      const inFile = all.all().map(found);
      return name === undefined ? inFile : inFile.filter((fold) => fold.name === name);
    },
    beginFold: ({ name, version }, stage) => {
      const since = timeNow();
      const foldId = begin.get(toSortable(name), toSortable(version), stage, since, since)?.['fold_id'];
      if (typeof foldId !== 'bigint') throw new TypeError('fold_id holds no number.');
      return put({ foldId, name, version, stage, checkpoint: undefined, since, movedAt: since });
    },
    moveFold: (fold, to) => void put({ ...fold, checkpoint: to, movedAt: timeNow() }),
    changeStage: (fold, stage) => void put({ ...fold, stage, since: timeNow() }),
    sweep: sweeper(connection),
  };
};
