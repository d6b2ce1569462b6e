import * as E from 'fp-ts/lib/Either.js';
import { DuplicateEventId } from '@learnamp/directory-sync-event-sourcing';
import type { EventStoreSimulator, WireFault } from '@learnamp/directory-sync-simulator/eventstoredb';
import { status } from '@grpc/grpc-js';
import { describe, expect, it, vi } from 'vitest';
import { openRelay } from './open-relay.js';
import { expectStream, open, outcomeOf, readAll, record, records, serve } from './open-log.js';

const stream = 'directorySync-contoso';

const arrival = (): { readonly when: Promise<void>; readonly arrive: () => void } => {
  let arrive = (): void => undefined;
  const when = new Promise<void>((resolve) => (arrive = resolve));
  return { when, arrive };
};

const untilMet = async (server: EventStoreSimulator): Promise<void> => {
  while (server.faults.left() > 0) await new Promise(setImmediate);
};

describe('an append whose answer is lost', () => {
  const faults: ReadonlyArray<readonly [string, WireFault]> = [
    ['cut before it was carried out', { kind: 'cut', done: false }],
    ['cut after it was carried out', { kind: 'cut', done: true }],
    ['answered by nobody, and not carried out', { kind: 'silent', done: false }],
    ['answered by nobody, and carried out', { kind: 'silent', done: true }],
    ['refused as unavailable', { kind: 'refused', code: status.UNAVAILABLE }],
    ['refused with a status that says nothing', { kind: 'refused', code: status.INTERNAL }],
  ];

  it.each(faults)('%s: stands once, and the writer is told where', async (_title, fault) => {
    const server = await serve();
    const log = open(server);
    const [first, second, third] = [records(2), records(3), records(1)];
    expect(outcomeOf(await log.append(stream, 'no-stream', first)())).toBe('1');
    server.faults.next('append', fault);
    const answer = await log.append(stream, 1n, second)();
    expect(outcomeOf(answer)).toBe('4');
    expect(E.isRight(answer) && answer.right.records).toEqual((await readAll(log, stream)).slice(2));
    expect(outcomeOf(await log.append(stream, 4n, third)())).toBe('5');
    await expectStream(log, stream, [...first, ...second, ...third]);
    expect(server.faults.left()).toBe(0);
  });

  it.each(faults)('%s, as the first of its stream: the same', async (_title, fault) => {
    const server = await serve();
    const log = open(server);
    server.faults.next('append', fault);
    const batch = records(3);
    expect(outcomeOf(await log.append(stream, 'no-stream', batch)())).toBe('2');
    await expectStream(log, stream, batch);
  });

  it.each(faults)('%s, while anything was expected: the same', async (_title, fault) => {
    const server = await serve();
    const log = open(server);
    const [first, second] = [records(2), records(3)];
    await log.append(stream, 'any', first)();
    server.faults.next('append', fault);
    expect(outcomeOf(await log.append(stream, 'any', second)())).toBe('4');
    await expectStream(log, stream, [...first, ...second]);
  });

  it('is found although the server then speaks of a wrong version', async () => {
    const server = await serve();
    const log = open(server);
    server.streams.forgetIds();
    const [first, second] = [arrival(), arrival()];
    const batch = records(3);
    server.faults.next('append', { kind: 'late', when: first.when, answered: false });
    server.faults.next('append', { kind: 'late', when: second.when, answered: true });
    const waiting = log.append(stream, 'no-stream', batch)();
    await untilMet(server);
    first.arrive();
    await first.when;
    second.arrive();
    expect(outcomeOf(await waiting)).toBe('2');
    await expectStream(log, stream, batch);
  });

  it('and arrives after its second attempt stands once', async () => {
    const server = await serve();
    const log = open(server);
    const { when, arrive } = arrival();
    const batch = records(2);
    server.faults.next('append', { kind: 'late', when, answered: true });
    expect(outcomeOf(await log.append(stream, 'no-stream', batch)())).toBe('1');
    arrive();
    expect(outcomeOf(await log.append(stream, 1n, records(1))())).toBe('2');
    expect((await readAll(log, stream)).map(({ revision }) => revision)).toEqual([0n, 1n, 2n]);
  });

  it('and arrives after somebody else wrote there is nowhere, and its writer is told of the conflict', async () => {
    const server = await serve();
    const [log, other] = [open(server), open(server)];
    const { when, arrive } = arrival();
    const [lost, theirs] = [records(2), records(1)];
    server.faults.next('append', { kind: 'late', when, answered: true });
    const waiting = log.append(stream, 'no-stream', lost)();
    await untilMet(server);
    expect(outcomeOf(await other.append(stream, 'no-stream', theirs)())).toBe('0');
    expect(await waiting).toMatchObject({ left: { _tag: 'RevisionConflict', expected: 'no-stream', actual: 0n } });
    arrive();
    await new Promise(setImmediate);
    await expectStream(log, stream, theirs);
  });

  it('under `any` goes behind what somebody else wrote meanwhile, once', async () => {
    const server = await serve();
    const [log, other] = [open(server), open(server)];
    const [mine, theirs] = [records(2), records(1)];
    server.faults.next('append', { kind: 'silent', done: false });
    const waiting = log.append(stream, 'any', mine)();
    await untilMet(server);
    await other.append(stream, 'any', theirs)();
    expect(outcomeOf(await waiting)).toBe('2');
    await expectStream(log, stream, [...theirs, ...mine]);
  });

  it('under `any`, and carried out before somebody else wrote, is found there', async () => {
    const server = await serve();
    const [log, other] = [open(server), open(server)];
    const [mine, theirs] = [records(2), records(1)];
    server.faults.next('append', { kind: 'silent', done: true });
    const waiting = log.append(stream, 'any', mine)();
    await untilMet(server);
    await other.append(stream, 'any', theirs)();
    expect(outcomeOf(await waiting)).toBe('1');
    await expectStream(log, stream, [...mine, ...theirs]);
  });

  it('is never given up by the client: it could end in half a batch', async () => {
    const server = await serve();
    const log = open(server, { patience: { callMs: 50 } });
    server.faults.next('append', { kind: 'silent', done: false });
    server.faults.next('append', { kind: 'silent', done: true });
    const batch = records(2);
    expect(outcomeOf(await log.append(stream, 'no-stream', batch)())).toBe('1');
    expect(outcomeOf(await log.append(stream, 1n, records(1))())).toBe('2');
    expect(server.givenUp()).toBe(0);
  });

  it('is let go of in the end: a server that stays silent holds few of them in memory', async () => {
    const server = await serve();
    const log = open(server, { patience: { callMs: 50, lateMs: 400, retryMs: 0 } });
    const batch = records(2);
    for (let times = 1; times <= 5; times += 1) {
      server.faults.next('append', { kind: 'silent', done: false });
      expect(outcomeOf(await log.append(stream, 'no-stream', batch)())).toBe('LogUnavailable');
    }
    while (server.givenUp() < 5) await new Promise(setImmediate);
    expect(outcomeOf(await log.append(stream, 'no-stream', batch)())).toBe('1');
    await expectStream(log, stream, batch);
  });

  it('is not joined by any number of others: beyond a limit they are refused at once', async () => {
    const server = await serve();
    const log = open(server, { patience: { callMs: 3_000, retryMs: 0 } });
    server.faults.next('append', { kind: 'silent', done: false });
    const one = records(1);
    const waiting = Array.from({ length: 10_000 }, () => log.append(stream, 'no-stream', one)());
    const beyond = await log.append(stream, 'no-stream', one)();
    expect(beyond).toMatchObject({ left: { _tag: 'LogUnavailable', cause: { message: 'Too many appends wait.' } } });
    await untilMet(server);
    await log.close();
    expect((await Promise.all(waiting)).map(outcomeOf)).toContain('LogUnavailable');
  });

  it('keeps nobody from closing the log: those that wait behind it are refused', async () => {
    const server = await serve();
    const log = open(server, { patience: { callMs: 100, retryMs: 100 } });
    for (let times = 0; times < 100; times += 1) server.faults.next('append', { kind: 'silent', done: false });
    const waiting = Array.from({ length: 60 }, () => log.append(stream, 'no-stream', records(1))());
    await log.close();
    expect(new Set((await Promise.all(waiting)).map(outcomeOf))).toEqual(new Set(['LogUnavailable']));
    expect(server.calls.filter(({ rpc }) => rpc === 'append').length).toBeLessThan(30);
    expect(server.streams.stream(stream)).toBeUndefined();
  });

  it('over a connection that is neither answered nor closed goes on over another', async () => {
    const server = await serve();
    const relay = await openRelay(server.nodes[0]?.port ?? 0);
    const warned = vi.spyOn(console, 'warn').mockReturnValue();
    const connectionString = `esdb://127.0.0.1:${relay.port}?tls=false&keepAliveInterval=100&keepAliveTimeout=100`;
    const log = open(server, { connectionString, patience: { callMs: 60_000, retryMs: 30_000 } });
    warned.mockRestore();
    const [first, second] = [records(2), records(2)];
    expect(outcomeOf(await log.append(stream, 'no-stream', first)())).toBe('1');
    relay.hold();
    expect(outcomeOf(await log.append(stream, 1n, second)())).toBe('3');
    await expectStream(log, stream, [...first, ...second]);
  });

  it.each(['no-stream', 'any'] as const)('and stands half is completed, where %s was expected', async (expected) => {
    const server = await serve();
    const log = open(server);
    const batch = records(5);
    server.faults.next('append', { kind: 'half', events: 2 });
    const answer = await log.append(stream, expected, batch)();
    expect(outcomeOf(answer)).toBe('4');
    await expectStream(log, stream, batch);
    expect(E.isRight(answer) && answer.right.records).toEqual(await readAll(log, stream));
  });

  it('and stands half, with something of others behind it, is a conflict', async () => {
    const server = await serve();
    const [log, other] = [open(server), open(server)];
    const [batch, theirs] = [records(3), records(1)];
    server.faults.next('append', { kind: 'half', events: 2 });
    server.faults.next('read', { kind: 'silent', done: false });
    const waiting = log.append(stream, 'no-stream', batch)();
    await untilMet(server);
    expect(outcomeOf(await other.append(stream, 1n, theirs)())).toBe('2');
    expect(await waiting).toMatchObject({ left: { _tag: 'RevisionConflict', actual: 2n } });
    await expectStream(log, stream, [...batch.slice(0, 2), ...theirs]);
  });

  it('is looked for once more before the log gives up on it', async () => {
    const server = await serve();
    const log = open(server, { patience: { callMs: 200, retryMs: 0 } });
    const batch = records(2);
    server.faults.next('append', { kind: 'silent', done: true });
    expect(outcomeOf(await log.append(stream, 'no-stream', batch)())).toBe('1');
    server.faults.next('append', { kind: 'silent', done: false });
    expect(outcomeOf(await log.append(stream, 1n, records(2))())).toBe('LogUnavailable');
    await expectStream(log, stream, batch);
  });

  it('for longer than the log is patient is LogUnavailable, and the same records go on later', async () => {
    const server = await serve();
    const log = open(server, { patience: { callMs: 300, retryMs: 500 } });
    const batch = records(2);
    await log.append(stream, 'no-stream', batch)();
    const [node] = server.nodes;
    node?.stop();
    const late = records(2);
    expect(outcomeOf(await log.append(stream, 1n, late)())).toBe('LogUnavailable');
    await node?.start();
    expect(outcomeOf(await log.append(stream, 1n, late)())).toBe('3');
    await expectStream(log, stream, [...batch, ...late]);
  });
});

describe('a cluster', () => {
  it('that elects another leader is followed, by appends and reads', async () => {
    const server = await serve({ nodes: 3 });
    const log = open(server);
    const written = [...records(2), ...records(2), ...records(2)];
    expect(outcomeOf(await log.append(stream, 'no-stream', written.slice(0, 2))())).toBe('1');
    server.elect(1);
    expect(outcomeOf(await log.append(stream, 1n, written.slice(2, 4))())).toBe('3');
    server.elect(2);
    expect(await log.head(stream)()).toMatchObject({ right: { revision: 3n } });
    expect(outcomeOf(await log.append(stream, 3n, written.slice(4))())).toBe('5');
    await expectStream(log, stream, written);
  });

  it('whose leader dies goes on at the next one', async () => {
    const server = await serve({ nodes: 3 });
    const log = open(server);
    const [first, second] = [records(2), records(2)];
    await log.append(stream, 'no-stream', first)();
    server.nodes[0]?.stop();
    server.elect(2);
    expect(outcomeOf(await log.append(stream, 1n, second)())).toBe('3');
    await expectStream(log, stream, [...first, ...second]);
  });

  it('whose old leader fell behind is not asked there whether an append arrived', async () => {
    const server = await serve({ nodes: 3 });
    const log = open(server);
    server.streams.forgetIds();
    const [first, second] = [records(2), records(2)];
    await log.append(stream, 'no-stream', first)();
    server.nodes[0]?.fallBehind();
    server.faults.next('append', { kind: 'silent', done: true });
    const waiting = log.append(stream, 1n, second)();
    await untilMet(server);
    server.elect(1);
    expect(outcomeOf(await waiting)).toBe('3');
    await expectStream(log, stream, [...first, ...second]);
  });
});

describe('a follower that fell behind', () => {
  it('is not believed: what stands at the leader is read', async () => {
    const server = await serve({ nodes: 3 });
    const log = open(server);
    const written = [...records(2), ...records(2)];
    await log.append(stream, 'no-stream', written.slice(0, 2))();
    server.nodes[0]?.fallBehind();
    server.elect(1);
    const other = open(server, { connectionString: `${server.connectionString}&connectionName=other` });
    expect(outcomeOf(await other.append(stream, 1n, written.slice(2))())).toBe('3');
    await expectStream(log, stream, written);
    expect(await log.head(stream)()).toMatchObject({ right: { revision: 3n } });
  });
});

describe('an append', () => {
  it('is a call of its own at the leader: the batch append, whose failures reach other appends, is never used', async () => {
    const server = await serve();
    const log = open(server);
    await Promise.all(Array.from({ length: 5 }, (_, index) => log.append(`s-${index}`, 'any', records(3))()));
    const rpcs = server.calls.map(({ rpc }) => rpc);
    expect(rpcs.filter((rpc) => rpc === 'append')).toHaveLength(5);
    expect(rpcs).not.toContain('batch-append');
  });

  it('that follows the last one reads nothing first', async () => {
    const server = await serve();
    const log = open(server);
    await log.append(stream, 'no-stream', records(1))();
    const before = server.calls.length;
    for (let at = 0n; at < 5n; at += 1n) await log.append(stream, at, records(1))();
    expect(server.calls.slice(before).map(({ rpc }) => rpc)).toEqual(Array(5).fill('append'));
  });

  it('beyond the limits of one is refused before anything is sent', async () => {
    const server = await serve();
    const log = open(server);
    const refused = async (batch: Parameters<typeof log.append>[2]) => {
      const answer = await log.append(stream, 'any', batch)();
      return E.isLeft(answer) && answer.left._tag === 'BatchTooLarge' ? answer.left.limit : outcomeOf(answer);
    };
    expect(await refused(records(501))).toBe('500 records');
    const large = { text: 'x'.repeat(60 * 1024) };
    expect(await refused([record({ text: 'x'.repeat(70 * 1024) })])).toBe('69632 bytes in one event');
    expect(await refused(Array.from({ length: 9 }, () => record(large)))).toBe('524288 bytes');
    expect(server.calls).toEqual([]);
    expect(await refused(Array.from({ length: 8 }, () => record(large)))).toBe('7');
  });

  it('with an id that the server would change, or twice with one id, is a mistake of the caller', async () => {
    const server = await serve();
    const log = open(server);
    const one = record();
    await expect(log.append(stream, 'any', [{ ...one, id: one.id.toUpperCase() }])()).rejects.toThrow(TypeError);
    await expect(log.append(stream, 'any', [{ ...one, id: 'id-1' }])()).rejects.toThrow('UUIDs in lower case');
    await expect(log.append(stream, 'any', [one, one])()).rejects.toThrow(DuplicateEventId);
    expect(server.calls).toEqual([]);
  });

  it('that the server refuses for good is answered at once', async () => {
    const server = await serve();
    const log = open(server, { patience: { retryMs: 60_000 } });
    server.faults.next('append', { kind: 'refused', code: status.PERMISSION_DENIED, exception: 'access-denied' });
    expect(outcomeOf(await log.append(stream, 'any', records(1))())).toBe('LogUnavailable');
    expect(server.calls.filter(({ rpc }) => rpc === 'append')).toHaveLength(1);
    expect(outcomeOf(await log.append(stream, 'any', records(1))())).toBe('0');
  });

  it('to a stream that was deleted on the server fails, and the chain stops whoever reads it', async () => {
    const server = await serve();
    const log = open(server);
    await log.append(stream, 'no-stream', records(3))();
    server.streams.softDelete(stream);
    const again = open(server);
    const answer = await again.append(stream, 'no-stream', records(1))();
    expect(answer).toMatchObject({
      left: { _tag: 'LogUnavailable', cause: { message: expect.stringContaining('was deleted') as string } },
    });
  });

  it('of several processes at once leaves one unbroken chain with every batch in one piece', async () => {
    const server = await serve();
    const logs = [open(server), open(server), open(server)];
    const batches = Array.from({ length: 30 }, (_, index) => records(1 + (index % 4)));
    const answers = await Promise.all(batches.map((batch, index) => logs[index % 3]!.append(stream, 'any', batch)()));
    expect(answers.filter(E.isLeft)).toEqual([]);
    const order = batches
      .map((batch, index) => ({ batch, at: Number(outcomeOf(answers[index]!)) }))
      .sort((a, b) => a.at - b.at);
    await expectStream(
      logs[0]!,
      stream,
      order.flatMap(({ batch }) => batch),
    );
  });
});
