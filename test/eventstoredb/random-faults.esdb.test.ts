import { status } from '@grpc/grpc-js';
import type { EventLog, ExpectedRevision, RecordToAppend } from '@learnamp/directory-sync-event-sourcing';
import type { EventStoreSimulator, WireFault } from '@learnamp/directory-sync-simulator/eventstoredb';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectStream, open, readAll, records, serve } from './open-log.js';

const stream = 'directorySync-contoso';

type Trouble =
  | { readonly on: 'append' | 'read'; readonly fault: WireFault }
  | { readonly on: 'node'; readonly act: 'cut' | 'elect' | 'forget' };

const faults: ReadonlyArray<WireFault> = [
  { kind: 'cut', done: false },
  { kind: 'cut', done: true },
  { kind: 'silent', done: false },
  { kind: 'silent', done: true },
  { kind: 'refused', code: status.UNAVAILABLE },
  { kind: 'refused', code: status.ABORTED },
];
const readFaults: ReadonlyArray<WireFault> = [
  { kind: 'half', events: 1 },
  { kind: 'cut', done: false },
  { kind: 'refused', code: status.UNAVAILABLE },
];

const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ on: fc.constant('append' as const), fault: fc.constantFrom(...faults) }) },
  { weight: 2, arbitrary: fc.record({ on: fc.constant('read' as const), fault: fc.constantFrom(...readFaults) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      on: fc.constant('node' as const),
      act: fc.constantFrom('cut' as const, 'elect' as const, 'forget' as const),
    }),
  },
);

const strike = (server: EventStoreSimulator, each: Trouble, turn: number): void => {
  if (each.on !== 'node') server.faults.next(each.on, each.fault);
  else if (each.act === 'forget') server.streams.forgetIds();
  else if (each.act === 'elect') server.elect(turn % server.nodes.length);
  else for (const node of server.nodes) node.cut();
};

/** As a writer of the port does: the same records again as long as the log has no answer. */
const appendPatiently = async (log: EventLog, expected: ExpectedRevision, batch: ReadonlyArray<RecordToAppend>) => {
  for (;;) {
    const answer = await log.append(stream, expected, batch)();
    if (E.isRight(answer) || answer.left._tag !== 'LogUnavailable') return answer;
  }
};

const patience = { callMs: 60, retryMs: 150, pauseMs: 1, longestPauseMs: 10 };

describe('whatever befalls the calls', () => {
  it('a writer that expects exact revisions finds each of its batches once, in order, in one chain', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(trouble, { maxLength: 3 }), { minLength: 3, maxLength: 8 }), async (turns) => {
        const server = await serve({ nodes: 3 });
        const log = open(server, { patience });
        const written: RecordToAppend[] = [];
        for (const [turn, troubles] of turns.entries()) {
          for (const each of troubles) strike(server, each, turn);
          const batch = records(1 + (turn % 3));
          const expected = written.length === 0 ? 'no-stream' : BigInt(written.length - 1);
          const answer = await appendPatiently(log, expected, batch);
          written.push(...batch);
          expect(answer).toMatchObject({ right: { head: { revision: BigInt(written.length - 1) } } });
        }
        await expectStream(open(server), stream, written);
        server.close();
      }),
      { numRuns: 25, seed: 20_261_130 },
    );
  });

  it('two writers that expect anything find each of their batches once and in one piece, in one chain', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(trouble, { maxLength: 2 }), { minLength: 3, maxLength: 6 }), async (turns) => {
        const server = await serve({ nodes: 3 });
        const logs = [open(server, { patience }), open(server, { patience })];
        const batches: ReadonlyArray<RecordToAppend>[] = [];
        for (const [turn, troubles] of turns.entries()) {
          for (const each of troubles) strike(server, each, turn);
          const both = logs.map(() => records(2));
          const answers = await Promise.all(logs.map((log, index) => appendPatiently(log, 'any', both[index] ?? [])));
          expect(answers.filter(E.isLeft)).toEqual([]);
          batches.push(...both);
        }
        const all = await readAll(open(server), stream);
        const ids = all.map(({ id }) => id);
        const order = [...batches].sort((a, b) => ids.indexOf(a[0]?.id ?? '') - ids.indexOf(b[0]?.id ?? ''));
        await expectStream(open(server), stream, order.flat());
        server.close();
      }),
      { numRuns: 15, seed: 20_261_130 },
    );
  });
});
