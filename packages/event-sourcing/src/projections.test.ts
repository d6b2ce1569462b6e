import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventEnvelope } from './envelope.js';
import { makeInMemoryProjection } from './in-memory-projection.js';
import type { Projection } from './projection.js';
import { runBatch } from './run-batch.js';
import type { ProjectionStore } from './run-batch.js';
import { testEnvelopes } from './testing/index.js';

type Moved = { readonly type: 'Moved'; readonly data: { readonly person: string; readonly to: string } };
type Swapped = { readonly type: 'Swapped'; readonly data: { readonly people: ReadonlyArray<string> } };
type Other = { readonly type: 'Other'; readonly data: null };
type Ev = Moved | Swapped | Other;
type State = { readonly place: string; readonly swaps: number };

const places: Projection<State, Ev> = {
  name: 'places',
  version: 1,
  handles: ['Moved', 'Swapped'],
  keysOf: (event) => (event.type === 'Moved' ? [event.data.person] : event.type === 'Swapped' ? event.data.people : []),
  initial: () => ({ place: 'nowhere', swaps: 0 }),
  evolve: (state, event) => {
    if (event.type === 'Moved') return event.data.to === state.place ? state : { ...state, place: event.data.to };
    if (event.type === 'Swapped') return { ...state, swaps: state.swaps + 1 };
    throw new Error('an event that is not handled');
  },
};
const moved = (person: string, to: string): Moved => ({ type: 'Moved', data: { person, to } });

describe('makeInMemoryProjection', () => {
  it('reports each changed key once for a batch, with the state before and after', () => {
    const states = makeInMemoryProjection(places);
    const first = states.apply(testEnvelopes<Ev>([moved('ada', 'a'), moved('ada', 'b'), moved('bob', 'a')]));
    expect(first).toEqual([
      { key: 'ada', before: undefined, after: { place: 'b', swaps: 0 } },
      { key: 'bob', before: undefined, after: { place: 'a', swaps: 0 } },
    ]);
    const second = states.apply(testEnvelopes<Ev>([{ type: 'Swapped', data: { people: ['ada', 'eve'] } }]));
    expect(second).toEqual([
      { key: 'ada', before: { place: 'b', swaps: 0 }, after: { place: 'b', swaps: 1 } },
      { key: 'eve', before: undefined, after: { place: 'nowhere', swaps: 1 } },
    ]);
    expect([states.size, states.has('eve'), states.has('x'), states.get('x')]).toEqual([3, true, false, undefined]);
    expect([...states.entries()].map(([key]) => key)).toEqual(['ada', 'bob', 'eve']);
  });

  it('does not report a state that came back as the same reference', () => {
    const states = makeInMemoryProjection(places);
    expect(states.apply(testEnvelopes<Ev>([moved('ada', 'nowhere'), { type: 'Other', data: null }]))).toEqual([]);
    expect(states.size).toBe(0);
  });

  it('takes a batch as a whole: when one event throws, nothing of it has happened', () => {
    const states = makeInMemoryProjection<State, Ev>({ ...places, handles: ['Moved', 'Other'], keysOf: () => ['ada'] });
    expect(() => states.apply(testEnvelopes<Ev>([moved('ada', 'a'), { type: 'Other', data: null }]))).toThrow();
    expect(states.size).toBe(0);
  });

  it('ends in the same state however the history is cut', () => {
    const event = fc.oneof(
      fc
        .record({ person: fc.constantFrom('a', 'b', 'c'), to: fc.constantFrom('x', 'y') })
        .map(({ person, to }) => moved(person, to)),
      fc.uniqueArray(fc.constantFrom('a', 'b', 'c')).map((people): Ev => ({ type: 'Swapped', data: { people } })),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), fc.nat({ max: 7 }), (history, cut) => {
        const envelopes = testEnvelopes<Ev>(history);
        const [whole, pieces] = [makeInMemoryProjection(places), makeInMemoryProjection(places)];
        whole.apply(envelopes);
        for (let at = 0; at < envelopes.length; at += cut + 1) pieces.apply(envelopes.slice(at, at + cut + 1));
        expect(new Map(pieces.entries())).toEqual(new Map(whole.entries()));
      }),
    );
  });
});

/** Keeps states and checkpoint as a database would, and can crash before a save. */
const makeStore = () => {
  const states = new Map<string, State>();
  let checkpoint: bigint | undefined;
  let crash = false;
  const loads: number[] = [];
  const store: ProjectionStore<State> = {
    load: async (_, keys) => {
      loads.push(keys.size);
      const known = [...keys].flatMap((key) => {
        const state = states.get(key);
        return state === undefined ? [] : [[key, state] as const];
      });
      return { checkpoint, states: new Map(known) };
    },
    save: async (_, changes, at) => {
      if (crash) throw new Error('crashed');
      for (const { key, after } of changes) states.set(key, after);
      checkpoint = at;
    },
  };
  return { store, states, loads, checkpoint: () => checkpoint, crash: (on: boolean) => (crash = on) };
};

describe('runBatch', () => {
  const swapped = (from: bigint): ReadonlyArray<EventEnvelope<Ev>> =>
    testEnvelopes<Ev>(
      [
        { type: 'Swapped', data: { people: ['ada', 'bob'] } },
        { type: 'Other', data: null },
      ],
      { from },
    );

  it('loads the touched keys in one call, and moves the checkpoint over events it does not handle', async () => {
    const kept = makeStore();
    await runBatch(places, kept.store, swapped(0n));
    expect(kept.loads).toEqual([2]);
    expect(kept.checkpoint()).toBe(1n);
    expect(kept.states.get('ada')).toEqual({ place: 'nowhere', swaps: 1 });
  });

  it('passes over what was folded before, so a batch run again after a crash counts once', async () => {
    const kept = makeStore();
    await runBatch(places, kept.store, swapped(0n));
    kept.crash(true);
    await expect(runBatch(places, kept.store, swapped(2n))).rejects.toThrow('crashed');
    kept.crash(false);
    await runBatch(places, kept.store, [...swapped(0n), ...swapped(2n)]);
    expect(await runBatch(places, kept.store, [...swapped(0n), ...swapped(2n)])).toEqual([]);
    expect(kept.states.get('ada')).toEqual({ place: 'nowhere', swaps: 2 });
    expect(kept.checkpoint()).toBe(3n);
  });

  it('ends where the projection in memory ends', async () => {
    const kept = makeStore();
    const states = makeInMemoryProjection(places);
    for (let at = 0n; at < 10n; at += 2n) {
      const changes = await runBatch(places, kept.store, swapped(at));
      expect(states.apply(swapped(at))).toEqual(changes);
    }
    expect(kept.states).toEqual(new Map(states.entries()));
  });
});
