import type { RecordText } from './chain.js';
import type { StoredRecord } from './envelope.js';

/**
 * The texts of a page as a log stores them, for logs that store the canonical text itself: what the hash of a record was made
 * over need not be written out again to verify it. Kept by page, and by no property of it, so that a page that is copied or
 * changed on its way loses its texts and is verified by its values.
 */
const textsOfPages = new WeakMap<ReadonlyArray<StoredRecord>, ReadonlyArray<RecordText<StoredRecord>>>();

/** The records of a page whose texts are those the log stores, of which each record was read. */
export const recordsWithTexts = (texts: ReadonlyArray<RecordText<StoredRecord>>): ReadonlyArray<StoredRecord> => {
  const page = texts.map(({ record }) => record);
  textsOfPages.set(page, texts);
  return page;
};

/** The stored texts of the records of a page: of each, if the log gave one along with this very record. */
export const storedTextsOf = (
  page: ReadonlyArray<StoredRecord>,
): ((at: number, record: StoredRecord) => RecordText<StoredRecord> | undefined) => {
  const texts = textsOfPages.get(page);
  return (at, record) => {
    const text = texts?.[at];
    return text?.record === record ? text : undefined;
  };
};
