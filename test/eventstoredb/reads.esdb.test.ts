import { status } from '@grpc/grpc-js';
import { LogFailure, type PageOptions, type StoredRecord, verifyChain } from '@learnamp/directory-sync-event-sourcing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectStream, open, readAll, records, serve } from './open-log.js';

const stream = 'directorySync-contoso';

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise(setImmediate);
};

describe('a read', () => {
  it('whose answer breaks off is made again: half of a page is never taken for the whole', async () => {
    const server = await serve();
    const log = open(server);
    const written = records(50);
    await log.append(stream, 'no-stream', written)();
    for (const events of [0, 1, 30]) server.faults.next('read', { kind: 'half', events });
    await expectStream(log, stream, written);
    expect(server.faults.left()).toBe(0);
  });

  it('that fails again and again rejects in time with a LogFailure', async () => {
    const server = await serve();
    const log = open(server, { patience: { callMs: 100, retryMs: 300 } });
    await log.append(stream, 'no-stream', records(1))();
    for (let times = 0; times < 50; times += 1) server.faults.next('read', { kind: 'silent', done: false });
    await expect(readAll(log, stream)).rejects.toThrow(LogFailure);
    await expect(log.head(stream)()).resolves.toMatchObject({ left: { _tag: 'LogUnavailable' } });
  });

  it('that is refused for good is not tried again', async () => {
    const server = await serve();
    const log = open(server, { patience: { retryMs: 60_000 } });
    server.faults.next('read', { kind: 'refused', code: status.PERMISSION_DENIED, exception: 'access-denied' });
    await expect(readAll(log, stream)).rejects.toThrow(LogFailure);
    expect(server.calls).toHaveLength(1);
  });

  it('is aborted while the server is silent, with the reason of the signal', async () => {
    const server = await serve();
    const log = open(server, { patience: { callMs: 60_000 } });
    server.faults.next('read', { kind: 'silent', done: false });
    const controller = new AbortController();
    const options: PageOptions = { signal: controller.signal };
    const reading = (async () => {
      for await (const page of log.pages(stream, options)) expect(page).toEqual([]);
    })();
    while (server.faults.left() > 0) await new Promise(setImmediate);
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });

  it('that is under way when the log closes rejects at once', async () => {
    const server = await serve();
    const log = open(server, { patience: { callMs: 60_000 } });
    await log.append(stream, 'no-stream', records(1))();
    server.faults.next('read', { kind: 'silent', done: false });
    server.faults.next('read', { kind: 'silent', done: false });
    const reading = expect(readAll(log, stream)).rejects.toThrow(LogFailure);
    const head = log.head(stream)();
    while (server.faults.left() > 0) await new Promise(setImmediate);
    await log.close();
    await reading;
    expect(await head).toMatchObject({ left: { cause: { message: 'The log is closed.' } } });
  });

  it('among many at once draws no warning of Node about listeners', async () => {
    const server = await serve();
    const log = open(server);
    const warnings: string[] = [];
    const listen = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', listen);
    onTestFinished(() => void process.off('warning', listen));
    const reads = Array.from({ length: 30 }, (_, index) => log.head(`s-${index}`)());
    const followed = new AbortController();
    const followers = Array.from({ length: 15 }, async () => {
      for await (const page of log.follow(stream, { signal: followed.signal })) expect(page).toHaveLength(1);
    });
    await Promise.all(reads);
    await until(() => server.subscriptions() === 15);
    await log.append(stream, 'any', records(1))();
    followed.abort();
    await Promise.all(followers);
    expect(warnings).toEqual([]);
  });

  it('names what was changed or written by somebody else, and reads on', async () => {
    const server = await serve();
    const log = open(server);
    await log.append(stream, 'no-stream', records(6))();
    const bytes = (text: string) => Buffer.from(text);
    server.streams.tamper(stream, 1n, { data: bytes('{"index":7}') });
    server.streams.tamper(stream, 2n, { data: bytes('no JSON') });
    server.streams.tamper(stream, 3n, { metadata: bytes('no JSON') });
    server.streams.tamper(stream, 4n, { metadata: bytes('null') });
    const foreign = { id: 'f', type: 'Foreign', contentType: 'application/octet-stream' };
    server.streams.append(stream, 5n, [{ ...foreign, data: bytes('\u0000'), metadata: bytes('') }]);
    const all = await readAll(log, stream);
    expect(all.map(({ revision }) => revision)).toEqual([0n, 1n, 2n, 3n, 4n, 5n, 6n]);
    // The record behind one whose hash is gone cannot be told from a changed one.
    expect(verifyChain(undefined, all).broken.map(({ revision }) => revision)).toEqual([1n, 2n, 3n, 4n, 5n, 6n]);
  });
});

describe('following', () => {
  /** What a follower saw up to a number of records. */
  const follow = (log: ReturnType<typeof open>, count: number) => {
    const controller = new AbortController();
    const seen: bigint[] = [];
    const ended = (async () => {
      for await (const page of log.follow(stream, { signal: controller.signal })) {
        seen.push(...page.map(({ revision }) => revision));
        if (seen.length >= count) controller.abort();
      }
    })();
    return { seen, ended, stop: () => controller.abort() };
  };
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => BigInt(index));
  it('goes on after its connection was cut, without a gap or a repetition', async () => {
    const server = await serve();
    const log = open(server);
    const follower = follow(log, 40);
    for (let at = 0; at < 40; at += 4) {
      await log.append(stream, 'any', records(4))();
      if (at % 8 === 0) await until(() => follower.seen.length >= at);
      if (at % 12 === 0) server.nodes[0]?.cut();
    }
    await follower.ended;
    expect(follower.seen).toEqual(upTo(40));
  });

  it('goes on after a subscription broke off in the middle of what was appended', async () => {
    const server = await serve();
    const log = open(server);
    server.faults.next('subscribe', { kind: 'half', events: 3 });
    server.faults.next('subscribe', { kind: 'half', events: 1 });
    const follower = follow(log, 20);
    await until(() => server.subscriptions() === 1);
    await log.append(stream, 'no-stream', records(10))();
    await until(() => follower.seen.length === 10);
    await until(() => server.faults.left() === 0 && server.subscriptions() === 1);
    await log.append(stream, 9n, records(10))();
    await follower.ended;
    expect(follower.seen).toEqual(upTo(20));
  });

  it('goes on at another leader, and after everything was down', async () => {
    const server = await serve({ nodes: 3 });
    const log = open(server);
    const follower = follow(log, 6);
    await log.append(stream, 'no-stream', records(2))();
    await until(() => follower.seen.length === 2 && server.subscriptions() === 1);
    server.elect(1);
    server.nodes[0]?.stop();
    await log.append(stream, 1n, records(2))();
    await until(() => follower.seen.length === 4);
    for (const node of server.nodes) node.stop();
    await until(() => server.subscriptions() === 0);
    for (const node of server.nodes) await node.start();
    await log.append(stream, 3n, records(2))();
    await follower.ended;
    expect(follower.seen).toEqual(upTo(6));
  });

  it('does not believe a subscription that stays silent: it looks for itself', async () => {
    const server = await serve();
    const log = open(server, { patience: { quietMs: 100 } });
    server.faults.next('subscribe', { kind: 'silent', done: false });
    const follower = follow(log, 3);
    await until(() => server.faults.left() === 0);
    await log.append(stream, 'no-stream', records(3))();
    await follower.ended;
    expect(follower.seen).toEqual(upTo(3));
  });

  it('gives up with a LogFailure when nothing can be read for too long', async () => {
    const server = await serve();
    const log = open(server, { patience: { callMs: 100, retryMs: 100, outageMs: 400 } });
    await log.append(stream, 'no-stream', records(1))();
    const follower = follow(log, 2);
    await until(() => follower.seen.length === 1);
    server.nodes[0]?.stop();
    await expect(follower.ended).rejects.toThrow(LogFailure);
  });

  it('leaves nothing running at the server once it was aborted, and ends when the log closes', async () => {
    const server = await serve();
    const log = open(server);
    const [aborted, closed] = [follow(log, 99), follow(log, 99)];
    await until(() => server.subscriptions() === 2);
    aborted.stop();
    await aborted.ended;
    await until(() => server.subscriptions() === 1);
    const ended = expect(closed.ended).rejects.toThrow(LogFailure);
    await log.close();
    await ended;
    await until(() => server.subscriptions() === 0);
  });

  it('holds no more than a bounded backlog of a follower that is slow', async () => {
    const server = await serve();
    const log = open(server);
    const controller = new AbortController();
    const pages: AsyncIterator<ReadonlyArray<StoredRecord>> = log
      .follow(stream, { signal: controller.signal })
      [Symbol.asyncIterator]();
    const first = pages.next();
    await until(() => server.subscriptions() === 1);
    for (let at = 0; at < 5_000; at += 500) await log.append(stream, 'any', records(500))();
    const revisions: bigint[] = [];
    let largest = 0;
    let turn = await first;
    for (; turn.done !== true; turn = await pages.next()) {
      revisions.push(...turn.value.map(({ revision }) => revision));
      largest = Math.max(largest, turn.value.length);
      if (revisions.length >= 5_000) break;
    }
    expect(revisions).toEqual(upTo(5_000));
    expect(largest).toBeLessThanOrEqual(2_100);
    controller.abort();
    expect(await pages.next()).toMatchObject({ done: true });
  });
});
