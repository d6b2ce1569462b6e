import * as t from 'io-ts';
import { describe, expect, it } from 'vitest';
import type { EventDefinition } from './event-definition.js';
import { defineEvent } from './event-definition.js';
import { defineEvents } from './event-registry.js';
import type { StoredRecord } from './envelope.js';
import { chainRecords } from './chain.js';
import { record } from './conformance/records.js';

const Renamed = defineEvent({
  type: 'Renamed',
  data: t.strict({ name: t.string, parts: t.readonlyArray(t.string) }),
  upcasts: [
    (older) => ({ name: (older as { label: string }).label }),
    (older) => ({ ...(older as { name: string }), parts: (older as { name: string }).name.split(' ') }),
  ],
});
const Noted = defineEvent({ type: 'Noted', data: t.strict({ n: t.number }), ignorable: true });

const registry = defineEvents([Renamed, Noted]);
const stored = (type: string, schemaVersion: number, data: object = {}): StoredRecord =>
  chainRecords(undefined, [record(data as never, { type, schemaVersion })])[0]!;

describe('defineEvents', () => {
  it('finds definitions by type', () => {
    expect(registry.types).toEqual(['Renamed', 'Noted']);
    expect(registry.find('Renamed')?.version).toBe(3);
    expect(registry.find('toString')).toBeUndefined();
  });

  it('refuses an event without a name', () => {
    const unnamed = { ...Noted, type: '' } as unknown as EventDefinition<string, unknown>;
    expect(() => defineEvents([unnamed])).toThrow('An event type needs a name.');
  });

  it('decodes nothing of a type that it does not know', () => {
    expect(registry.decode(stored('Other', 1), {})).toMatchObject({ left: { _tag: 'UnknownEventType' } });
  });

  it('refuses two definitions of one type', () => {
    expect(() => defineEvents([Noted, Renamed, Noted])).toThrow('Noted is defined twice.');
  });

  it('refuses a gap in the chain of upcasts', () => {
    const at = (version: number, upcasts: unknown): EventDefinition<string, unknown> =>
      ({ ...Noted, version, upcasts }) as unknown as EventDefinition<string, unknown>;
    const step = (older: unknown): unknown => older;
    expect(() => defineEvents([at(3, [step])])).toThrow('Noted is at version 3, so it needs');
    expect(() => defineEvents([at(1, [step])])).toThrow('it has 1');
    expect(() => defineEvents([at(3, [step, undefined])])).toThrow('Noted has no upcast from version 2.');
  });

  it('fails on an unknown type, and on a known one from the future unless that is ignorable', () => {
    expect(registry.recognise(stored('Other', 1))).toMatchObject({ failure: { _tag: 'UnknownEventType' } });
    expect(registry.recognise(stored('Renamed', 4))).toMatchObject({
      failure: { _tag: 'FutureSchemaVersion', known: 3 },
    });
    expect(registry.recognise(stored('Noted', 2))).toEqual({ _tag: 'Ignorable' });
    expect(registry.recognise(stored('Noted', 1))).toMatchObject({ _tag: 'Known' });
    expect(registry.recognise(stored('Noted', 0))).toMatchObject({ failure: { _tag: 'InvalidData' } });
    expect(registry.recognise(stored('Noted', 1.5))).toMatchObject({ failure: { _tag: 'InvalidData' } });
  });

  it('brings data of every version to the current one, and freezes it', () => {
    const expected = { right: { name: 'Ada L', parts: ['Ada', 'L'] } };
    const decode = (version: number, data: object) => registry.decode(stored('Renamed', version), data);
    expect(decode(1, { label: 'Ada L' })).toMatchObject(expected);
    expect(decode(2, { name: 'Ada L' })).toMatchObject(expected);
    const current = decode(3, { name: 'Ada L', parts: ['Ada', 'L'], unknown: 1 });
    expect(current).toEqual({ _tag: 'Right', ...expected });
    expect(Object.isFrozen(current._tag === 'Right' && (current.right as { parts: object }).parts)).toBe(true);
  });

  it('says where data is wrong and never what stood there', () => {
    const result = registry.decode(stored('Renamed', 3), { name: 'Ada', parts: ['x', 7, { secret: 'value' }] });
    expect(result).toMatchObject({ left: { errors: ['parts.1: not string', 'parts.2: not string'] } });
    expect(registry.decode(stored('Renamed', 1), null)).toMatchObject({
      left: { errors: ['data: the upcast from version 1 threw'] },
    });
    expect(registry.decode(stored('Noted', 1), 'text')).toMatchObject({ left: { _tag: 'InvalidData' } });
  });
});
