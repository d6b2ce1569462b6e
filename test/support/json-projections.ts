import { makeMemoryProjections, type ProjectionDatabase } from '@learnamp/directory-sync-event-sourcing';

/** Rows in memory that hold text, as a database on disk does: whatever JSON loses is lost at once. */
export const jsonProjections = (): ProjectionDatabase => {
  const kept = makeMemoryProjections();
  return {
    ...kept,
    rows: async (fold) => {
      const rows = await kept.rows(fold);
      const parsed = (text: unknown): unknown => (typeof text === 'string' ? JSON.parse(text) : undefined);
      return {
        ...rows,
        get: (table, key) => parsed(rows.get(table, key)),
        scan: function* (table) {
          for (const [key, text] of rows.scan(table)) yield [key, parsed(text)] as const;
        },
        commit: (changes, from, to) =>
          rows.commit(
            changes.map((change) => ({
              ...change,
              value: change.value === undefined ? undefined : JSON.stringify(change.value),
            })),
            from,
            to,
          ),
      };
    },
  };
};
