import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';
import { chainRecords, genesis, recordHash, verifyChain } from './chain.js';
import { record, recordsOf } from './conformance/records.js';
import type { StoredRecord } from './envelope.js';

const chained = (count: number): ReadonlyArray<StoredRecord> => chainRecords(undefined, recordsOf(count));

describe('the chain', () => {
  it('hashes the documented bytes', () => {
    const [first, second] = chainRecords(undefined, [
      record({ b: 'ü', a: 1 }, { id: 'id-1', type: 'T', schemaVersion: 2, recordedAt: '2026-01-01T00:00:00.000Z' }),
      record(null, { id: 'id-2', type: 'T', recordedAt: '2026-01-01T00:00:00.000Z' }),
    ]);
    const metadata = '63:{"causationId":"request","correlationId":"cycle","subjects":[]},';
    const bytes = `0:,4:id-1,1:T,1:2,1:0,24:2026-01-01T00:00:00.000Z,${metadata}16:{"a":1,"b":"ü"},`;
    const hash = createHash('sha256').update(bytes, 'utf8').digest('hex');
    expect(first?.metadata.hash).toBe(hash);
    const next = `64:${hash},4:id-2,1:T,1:1,1:1,24:2026-01-01T00:00:00.000Z,${metadata}4:null,`;
    expect(second?.metadata.hash).toBe(createHash('sha256').update(next, 'utf8').digest('hex'));
  });

  it('hashes records of any length and script by the same rule', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom(1, 700, 5_000), (text, times) => {
        const [stored] = chainRecords(undefined, [record({ text: text.repeat(times) }, { id: text })]);
        const parts = ['', stored!.id, stored!.type, '1', '0', stored!.recordedAt];
        const metadata = { ...stored!.metadata, hash: undefined };
        const bytes = [...parts, canonicalJson(metadata), canonicalJson(stored!.data)]
          .map((part) => `${Buffer.byteLength(part)}:${part},`)
          .join('');
        expect(stored!.metadata.hash).toBe(createHash('sha256').update(bytes, 'utf8').digest('hex'));
      }),
      { numRuns: 30 },
    );
  });

  it('does not depend on the order of keys', () => {
    const [one] = chained(1);
    const turned = { ...one!, data: JSON.parse('{"index":0}') as never, metadata: { ...one!.metadata } };
    expect(
      recordHash('', { ...turned, metadata: Object.fromEntries(Object.entries(turned.metadata).reverse()) as never }),
    ).toBe(one!.metadata.hash);
  });

  it('goes on behind a head', () => {
    const all = recordsOf(6);
    const whole = chainRecords(undefined, all);
    const third = whole[2]!;
    const rest = chainRecords({ revision: third.revision, hash: third.metadata.hash }, all.slice(3));
    expect([...whole.slice(0, 3), ...rest]).toEqual(whole);
    expect(chainRecords(genesis, all)).toEqual(whole);
  });

  it('verifies in pieces of any size', () => {
    const whole = chained(10);
    let head: ReturnType<typeof verifyChain>['head'];
    for (let from = 0; from < 10; from += 3) {
      const verdict = verifyChain(head, whole.slice(from, from + 3));
      expect(verdict.broken).toEqual([]);
      head = verdict.head;
    }
    expect(head).toEqual({ revision: 9n, hash: whole[9]?.metadata.hash });
    expect(verifyChain(undefined, [])).toEqual({ broken: [], head: undefined });
  });

  it('names exactly the record in which anything was changed', () => {
    const whole = chained(6);
    const changes: ReadonlyArray<(one: StoredRecord) => StoredRecord> = [
      (one) => ({ ...one, id: 'another' }),
      (one) => ({ ...one, type: 'SomethingHappene' }),
      (one) => ({ ...one, schemaVersion: 2 }),
      (one) => ({ ...one, recordedAt: '2026-02-03T04:05:06.788Z' }),
      (one) => ({ ...one, data: { index: 99 } }),
      (one) => ({ ...one, metadata: { ...one.metadata, subjects: ['x'] } }),
      (one) => ({ ...one, metadata: { ...one.metadata, epoch: 1 } }),
      (one) => ({ ...one, metadata: { ...one.metadata, actor: 'x' } }),
    ];
    fc.assert(
      fc.property(fc.nat({ max: 5 }), fc.constantFrom(...changes), (index, change) => {
        const tampered = whole.map((one, at) => (at === index ? change(one) : one));
        expect(verifyChain(undefined, tampered).broken).toEqual([tampered[index]]);
      }),
    );
  });

  it('notices a removed, a repeated and a moved record', () => {
    const whole = chained(6);
    expect(verifyChain(undefined, [...whole.slice(0, 2), ...whole.slice(3)]).broken).toEqual([whole[3]]);
    expect(verifyChain(undefined, whole.slice(1)).broken).toEqual([whole[1]]);
    expect(verifyChain(undefined, [...whole.slice(0, 3), ...whole.slice(2)]).broken).toContain(whole[2]);
    const [a, b, c, ...rest] = whole as [StoredRecord, StoredRecord, StoredRecord, ...StoredRecord[]];
    expect(verifyChain(undefined, [a, c, b, ...rest]).broken.length).toBeGreaterThan(0);
  });

  it('notices a record that was rewritten with a fitting hash, at the next one', () => {
    const whole = chained(4);
    const forged = { ...whole[1]!, data: { index: 7 } };
    const hash = recordHash(whole[0]!.metadata.hash, forged);
    const tampered = [whole[0]!, { ...forged, metadata: { ...forged.metadata, hash } }, ...whole.slice(2)];
    expect(verifyChain(undefined, tampered).broken).toEqual([whole[2]]);
  });
});
