import { describe, expect, it } from 'vitest';
import { chainTexts, recordText, verifyChain } from './chain.js';
import type { StoredRecord } from './envelope.js';
import { recordsWithTexts } from './stored-texts.js';

const texts = chainTexts(
  undefined,
  [1, 2, 3].map((n) =>
    recordText({
      id: `id-${n}`,
      type: 'Counted',
      schemaVersion: 1,
      recordedAt: '2026-01-01T00:00:00.000Z',
      data: { n },
      metadata: { subjects: [], correlationId: 'a', causationId: 'b' },
    }),
  ),
);
const broken = (page: ReadonlyArray<StoredRecord>) => verifyChain(undefined, page).broken.map(({ id }) => id);

describe('a page with the texts its log stores', () => {
  it('is verified by those texts: one that is not the text that was hashed is named, though it means the same', () => {
    expect(broken(recordsWithTexts(texts))).toEqual([]);
    const spaced = texts.map((text) => (text.record.id === 'id-2' ? { ...text, dataText: '{ "n": 2 }' } : text));
    expect(broken(recordsWithTexts(spaced))).toEqual(['id-2']);
  });

  it('loses them where it is copied or changed on the way, and is verified by its values', () => {
    const page = recordsWithTexts(texts.map((text) => ({ ...text, dataText: 'another text' })));
    expect(broken(page)).toEqual(['id-1', 'id-2', 'id-3']);
    expect(broken([...page])).toEqual([]);
    const changed = page.map((record) => (record.id === 'id-3' ? { ...record, data: { n: 4 } } : record));
    expect(broken(changed)).toEqual(['id-3']);
  });

  it('gives no record the text of another one', () => {
    const page = recordsWithTexts(texts) as StoredRecord[];
    page[1] = { ...(page[1] as StoredRecord), data: { n: 5 } };
    expect(broken(page)).toEqual(['id-2']);
  });
});
