import type { RowChange } from '@learnamp/directory-sync-event-sourcing';
import { makeTextStore, textAt, type TextPlace } from './text-store.js';

/** A row as text: a small part of what it takes decoded. Without a place it was removed. */
class PackedRow implements RowChange {
  constructor(
    readonly table: string,
    readonly key: string,
    readonly entries: RowChange['entries'],
    readonly place: TextPlace | undefined,
  ) {}

  get text(): string | undefined {
    return this.place === undefined ? undefined : textAt(this.place);
  }

  get value(): unknown {
    return this.place === undefined ? undefined : (JSON.parse(textAt(this.place)) as unknown);
  }
}

/** Rows kept as JSON text, removed ones too. */
export type PackedRows = {
  readonly find: (table: string, key: string) => RowChange | undefined;
  readonly has: (table: string) => boolean;
  readonly put: (change: RowChange) => void;
  /** How many rows. */
  readonly count: () => number;
  /** What their texts take up. */
  readonly bytes: () => number;
  /** Table by table in the order of keys: neighbours in a tree are written one after the other. */
  readonly inOrder: () => Generator<RowChange>;
};

/** Below this nothing is gained by moving texts. */
const LEAST = 16 * 1024 * 1024;

const textOf = ({ text, value }: RowChange): string | undefined =>
  text ?? (value === undefined ? undefined : JSON.stringify(value));

export const makePackedRows = (): PackedRows => {
  const tables = new Map<string, Map<string, PackedRow>>();
  let store = makeTextStore();
  /** Bytes of the texts that are still needed. */
  let needed = 0;
  let count = 0;

  const packed = ({ table, key, entries }: RowChange, text: string | undefined): PackedRow =>
    new PackedRow(table, key, entries, text === undefined ? undefined : store.add(text));

  /** Most rows are replaced several times: once a third of what is taken up is needed by nobody, the rest moves. */
  const makeRoom = (): void => {
    if (store.bytes() < 1.5 * needed + LEAST) return;
    store = makeTextStore();
    for (const rows of tables.values()) for (const [key, row] of rows) rows.set(key, packed(row, row.text));
  };

  const put = (change: RowChange): void => {
    const row = packed(change, textOf(change));
    let rows = tables.get(row.table);
    if (rows === undefined) tables.set(row.table, (rows = new Map<string, PackedRow>()));
    const before = rows.get(row.key);
    if (before === undefined) count += 1;
    needed += (row.place?.length ?? 0) - (before?.place?.length ?? 0);
    rows.set(row.key, row);
    makeRoom();
  };

  return {
    find: (table, key) => tables.get(table)?.get(key),
    has: (table) => tables.has(table),
    put,
    count: () => count,
    bytes: () => store.bytes(),
    inOrder: function* () {
      for (const rows of tables.values())
        for (const key of [...rows.keys()].sort()) {
          const row = rows.get(key);
          if (row !== undefined) yield row;
        }
    },
  };
};
