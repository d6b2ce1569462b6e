import { EventStoreDBClient, jsonEvent, streamNameFilter } from '@eventstore/db-client';
import type { AllStreamResolvedEvent, Position, ResolvedEvent } from '@eventstore/db-client';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { credentials as grpcCredentials, status } from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEventStore } from './index.js';
import type { EventStoreOptions } from './index.js';

// The genuine client against the wire: what it must find there whoever uses it.

const serve = async (options?: EventStoreOptions, of = (url: string): string => url) => {
  const server = await startEventStore(options);
  const client = EventStoreDBClient.connectionString(of(server.connectionString));
  onTestFinished(async () => {
    await client.dispose();
    server.close();
  });
  return { server, client };
};

const event = (n: number) => jsonEvent({ type: n % 2 === 0 ? 'Even' : 'Odd', data: { n } });
const events = (count: number) => Array.from({ length: count }, (_, n) => event(n));

const take = async <T>(source: AsyncIterable<T>, count: number): Promise<ReadonlyArray<T>> => {
  const all: T[] = [];
  for await (const each of source) {
    all.push(each);
    if (all.length === count) break;
  }
  return all;
};
const revisions = (read: ReadonlyArray<ResolvedEvent | AllStreamResolvedEvent>) =>
  read.map((each) => each.event?.revision);

describe('appending', () => {
  const plainAppend = { credentials: { username: 'any', password: 'any' } };

  it.each([
    ['in batches', {}],
    ['one call each', plainAppend],
  ])('%s: the four expectations hold, and a wrong one names the actual revision', async (_title, options) => {
    const { server, client } = await serve();
    const append = (expectedRevision: 'any' | 'no_stream' | 'stream_exists' | bigint, count = 1) =>
      client.appendToStream('s', events(count), { expectedRevision, ...options });
    await expect(append('stream_exists')).rejects.toMatchObject({ type: 'wrong-expected-version' });
    await expect(append(0n)).rejects.toMatchObject({ actualVersion: 'no_stream' });
    expect((await append('no_stream', 2)).nextExpectedRevision).toBe(1n);
    await expect(append('no_stream')).rejects.toMatchObject({ actualVersion: 1n });
    expect((await append(1n)).nextExpectedRevision).toBe(2n);
    expect((await append('stream_exists')).nextExpectedRevision).toBe(3n);
    expect((await append('any')).nextExpectedRevision).toBe(4n);
    const used = new Set(server.calls.map(({ rpc }) => rpc));
    expect(used.has('batch-append')).toBe(options !== plainAppend);
    expect(used.has('append')).toBe(options === plainAppend);
  });

  it('the same batch under the same expectation is recognised by its ids, until the server forgets', async () => {
    const { server, client } = await serve();
    const batch = events(2);
    const append = () => client.appendToStream('s', batch, { expectedRevision: 'no_stream' });
    expect((await append()).nextExpectedRevision).toBe(1n);
    expect((await append()).nextExpectedRevision).toBe(1n);
    // Under the revision it has now it is written again: ids are for retries, not against repetition.
    expect((await client.appendToStream('s', batch, { expectedRevision: 1n })).nextExpectedRevision).toBe(3n);
    server.streams.forgetIds();
    await expect(append()).rejects.toMatchObject({ type: 'wrong-expected-version' });
  });

  it('half a batch whose client gives up stands: the library ends its side of the call before it resets it', async () => {
    const { server } = await serve();
    const raw = new streamsGrpc.StreamsClient(`127.0.0.1:${server.nodes[0]?.port}`, grpcCredentials.createInsecure());
    const options = new streamsPb.AppendReq.Options();
    const identifier = new sharedPb.StreamIdentifier();
    identifier.setStreamName(Buffer.from('half'));
    options.setStreamIdentifier(identifier);
    options.setAny(new sharedPb.Empty());
    const header = new streamsPb.AppendReq();
    header.setOptions(options);
    let told: (code: status | undefined) => void = () => undefined;
    const cancelled = new Promise<status | undefined>((resolve) => {
      told = resolve;
    });
    const call = raw.append((error) => told(error?.code));
    call.write(header);
    const message = new streamsPb.AppendReq();
    message.setProposedMessage(new streamsPb.AppendReq.ProposedMessage());
    call.write(message);
    while (server.received() === 0) await new Promise(setImmediate);
    call.cancel();
    expect(await cancelled).toBe(status.CANCELLED);
    while (server.streams.stream('half') === undefined) await new Promise(setImmediate);
    expect(server.streams.stream('half')).toHaveLength(1);
    raw.close();
  });

  it('more than the server takes at once is refused', async () => {
    const { client } = await serve();
    const large = jsonEvent({ type: 'Large', data: { text: 'x'.repeat(1024 * 1024) } });
    const refused = { type: 'maximum-append-size-exceeded', maxAppendSize: 1024 * 1024 };
    await expect(client.appendToStream('s', large)).rejects.toMatchObject(refused);
    await expect(client.appendToStream('s', large, plainAppend)).rejects.toMatchObject(refused);
  });
});

describe('reading', () => {
  it('one stream or all, in both directions, from a place and so many', async () => {
    const { client } = await serve();
    await client.appendToStream('a', events(5));
    await client.appendToStream('b', events(3));
    const read = async (options: Parameters<typeof client.readStream>[1]) =>
      revisions(await take(client.readStream('a', options), 99));
    expect(await read({})).toEqual([0n, 1n, 2n, 3n, 4n]);
    expect(await read({ fromRevision: 3n })).toEqual([3n, 4n]);
    expect(await read({ fromRevision: 1n, maxCount: 2 })).toEqual([1n, 2n]);
    expect(await read({ fromRevision: 9n })).toEqual([]);
    expect(await read({ direction: 'backwards', fromRevision: 'end', maxCount: 2 })).toEqual([4n, 3n]);
    expect(await read({ direction: 'backwards', fromRevision: 1n })).toEqual([1n, 0n]);
    const all = await take(client.readAll(), 99);
    expect(all.map(({ event }) => `${event?.streamId} ${event?.revision}`)).toEqual([
      'a 0',
      'a 1',
      'a 2',
      'a 3',
      'a 4',
      'b 0',
      'b 1',
      'b 2',
    ]);
    const back = await take(client.readAll({ direction: 'backwards', fromPosition: 'end', maxCount: 2 }), 99);
    expect(revisions(back)).toEqual([2n, 1n]);
    await expect(take(client.readStream('absent'), 1)).rejects.toMatchObject({ type: 'stream-not-found' });
  });
});

describe('subscribing', () => {
  it('catches up behind a place, says so, and goes on live', async () => {
    const { server, client } = await serve();
    await client.appendToStream('s', events(3));
    const subscription = client.subscribeToStream('s', { fromRevision: 0n });
    let caughtUp = 0;
    subscription.on('caughtUp' as 'confirmation', () => {
      caughtUp += 1;
      void client.appendToStream('s', events(2));
    });
    expect(revisions(await take(subscription, 4))).toEqual([1n, 2n, 3n, 4n]);
    expect(caughtUp).toBe(1);
    // Leaving the iteration does not end the call.
    expect(server.subscriptions()).toBe(1);
    await subscription.unsubscribe();
    while (server.subscriptions() > 0) await new Promise(setImmediate);
  });

  it('to all streams passes over what the filter leaves out, and says how far it has come', async () => {
    const { client } = await serve();
    for (let n = 0; n < 20; n += 1) await client.appendToStream('other', events(5));
    await client.appendToStream('wanted-1', events(1));
    const checkpoints: Position[] = [];
    const subscription = client.subscribeToAll({
      filter: streamNameFilter({
        prefixes: ['wanted-'],
        checkpointReached: (_, position) => {
          checkpoints.push(position);
          return Promise.resolve();
        },
      }),
    });
    const [first] = await take(subscription, 1);
    expect(first?.event?.streamId).toBe('wanted-1');
    expect(checkpoints).toHaveLength(3);
    expect(checkpoints.map(({ commit }) => commit)).toEqual(
      [...checkpoints.map(({ commit }) => commit)].sort((a, b) => (a < b ? -1 : 1)),
    );
  });
});

describe('a cluster', () => {
  it('is discovered by gossip, turns writers to its leader, and is discovered again when that dies', async () => {
    const { server, client } = await serve({ nodes: 3 });
    const append = () => client.appendToStream('s', event(1), { requiresLeader: true });
    await append();
    expect(server.calls.some(({ rpc }) => rpc === 'gossip')).toBe(true);
    server.elect(2);
    await expect(append()).rejects.toMatchObject({ type: 'not-leader', leader: { port: server.nodes[2]?.port } });
    expect((await append()).nextExpectedRevision).toBe(1n);
    server.nodes[2]?.stop();
    server.elect(1);
    await expect(append()).rejects.toThrow();
    expect((await append()).nextExpectedRevision).toBe(2n);
    expect(server.calls.at(-1)?.node).toBe(1);
  });
});

describe('faults', () => {
  it('meet the next call of their kind, in their order, and are counted down', async () => {
    const { server, client } = await serve();
    server.faults.next('batch-append', { kind: 'refused', code: status.PERMISSION_DENIED, exception: 'access-denied' });
    server.faults.next('read', { kind: 'half', events: 2 });
    expect(server.faults.left()).toBe(2);
    await expect(client.appendToStream('s', events(5))).rejects.toThrow();
    await client.appendToStream('s', events(5));
    await expect(take(client.readStream('s'), 99)).rejects.toThrow();
    expect(server.faults.left()).toBe(0);
    expect(await take(client.readStream('s'), 99)).toHaveLength(5);
  });
});
