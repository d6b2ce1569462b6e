import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { openEventStoreDbEventLog } from '@learnamp/directory-sync-event-log-eventstoredb';
import { makeMemoryProjections, type EventLog, type RecordToAppend } from '@learnamp/directory-sync-event-sourcing';
import { openEventStoreDbStores } from '@learnamp/directory-sync/eventstoredb';
import { randomUUID } from 'node:crypto';
import { type ChildProcess, fork } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { arch, availableParallelism, cpus, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bench, describe } from 'vitest';
import { openKnownCompany } from '../support/known-company.js';

// The log over EventStoreDB's wire, and beside it, in turn and in the same run, the floor: the bare client with the same
// events against the same stand-in, which runs in a process of its own. What the log adds is chaining, checking and looking
// for what stands. Then a machine takes a company over without its local database. Nothing here fails for being slow.

const ROUNDS = Number(process.env['ROUNDS'] ?? 7);
const BATCH = 500;
const EVENTS = 20 * BATCH;
/** Four events each. */
const PEOPLE = Number(process.env['PEOPLE'] ?? 25_000);

const median = (values: ReadonlyArray<number>): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const millisecondsOf = async (run: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await run();
  return performance.now() - began;
};

const serve = async (): Promise<{ readonly url: string; readonly child: ChildProcess }> => {
  // Without what the test runner was started with: the stand-in runs from its build.
  const options = { execArgv: [], env: { PATH: process.env['PATH'] }, silent: true };
  const child = fork(fileURLToPath(new URL('serve-event-store.js', import.meta.url)), options);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (text: Buffer) => resolve(text.toString().trim()));
    child.stderr?.once('data', (text: Buffer) => reject(new Error(text.toString())));
  });
  return { url, child };
};

const dataOf = (n: number) => ({
  userId: randomUUID(),
  attribute: 'department',
  from: `Department ${n % 40}`,
  to: `Department ${(n + 1) % 40}`,
  sealed: 'x'.repeat(120),
});
const metadata = { subjects: ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'], correlationId: 'cycle', causationId: 'request' };
const recordsOf = (count: number): ReadonlyArray<RecordToAppend> =>
  Array.from({ length: count }, (_, n) => ({
    id: randomUUID(),
    type: 'DepartmentChanged',
    schemaVersion: 1,
    recordedAt: '2026-02-03T04:05:06.789Z',
    data: dataOf(n),
    metadata,
  }));

type Way = {
  readonly append: (stream: string, batches: ReadonlyArray<ReadonlyArray<RecordToAppend>>) => Promise<void>;
  readonly read: (stream: string) => Promise<number>;
  readonly follow: (stream: string) => Promise<number>;
};

const bare = (client: EventStoreDBClient): Way => ({
  append: async (stream, batches) => {
    let expectedRevision: bigint | 'no_stream' = 'no_stream';
    // As the log does: the plain append, since credentials leave the batch append; here by the same switch.
    for (const batch of batches) {
      const events = batch.map(({ id, type, data, metadata: about, recordedAt, schemaVersion }) =>
        jsonEvent({ id, type, data: data as never, metadata: { ...about, recordedAt, schemaVersion } }),
      );
      expectedRevision = (await client.appendToStream(stream, events, { expectedRevision })).nextExpectedRevision;
    }
  },
  read: async (stream) => {
    let count = 0;
    for (let from = 0n; ; from += 1_000n) {
      let page = 0;
      for await (const { event } of client.readStream(stream, { fromRevision: from, maxCount: 1_000 }))
        page += event === undefined ? 0 : 1;
      count += page;
      if (page < 1_000) return count;
    }
  },
  follow: async (stream) => {
    let count = 0;
    const subscription = client.subscribeToStream(stream);
    for await (const { event } of subscription) {
      count += event === undefined ? 0 : 1;
      if (count === EVENTS) break;
    }
    // Not awaited: a stream that was left early never says that it has closed.
    void subscription.unsubscribe().catch(() => undefined);
    return count;
  },
});

const ours = (log: EventLog): Way => ({
  append: async (stream, batches) => {
    let expected: bigint | 'no-stream' = 'no-stream';
    for (const batch of batches) {
      const answer = await log.append(stream, expected, batch)();
      if (answer._tag === 'Left') throw new Error(answer.left._tag);
      expected = answer.right.head.revision;
    }
  },
  read: async (stream) => {
    let count = 0;
    for await (const page of log.pages(stream)) count += page.length;
    return count;
  },
  follow: async (stream) => {
    let count = 0;
    const controller = new AbortController();
    for await (const page of log.follow(stream, { signal: controller.signal })) {
      count += page.length;
      if (count === EVENTS) controller.abort();
    }
    return count;
  },
});

type Timing = Readonly<Record<keyof Way, number>>;

const timed = async (way: Way): Promise<Timing> => {
  const stream = `bench-${randomUUID()}`;
  const batches = Array.from({ length: EVENTS / BATCH }, () => recordsOf(BATCH));
  return {
    append: await millisecondsOf(() => way.append(stream, batches)),
    read: await millisecondsOf(() => way.read(stream)),
    follow: await millisecondsOf(() => way.follow(stream)),
  };
};

const perSecond = (milliseconds: number, events = EVENTS): string =>
  Math.round((events * 1_000) / milliseconds).toLocaleString('en');

const compare = async (url: string): Promise<void> => {
  const client = EventStoreDBClient.connectionString(url);
  Object.defineProperty(client, 'supports', { value: () => Promise.resolve(false) });
  const log = openEventStoreDbEventLog({ connectionString: url, projections: makeMemoryProjections() });
  const rounds: { readonly floor: Timing; readonly our: Timing }[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const inOrder = round % 2 === 0 ? [bare(client), ours(log)] : [ours(log), bare(client)];
    const [first, second] = [await timed(inOrder[0] ?? ours(log)), await timed(inOrder[1] ?? ours(log))];
    // The first one warms up.
    if (round > 0) rounds.push(round % 2 === 0 ? { floor: first, our: second } : { floor: second, our: first });
  }
  for (const what of ['append', 'read', 'follow'] as const) {
    const floor = perSecond(median(rounds.map((round) => round.floor[what])));
    const our = perSecond(median(rounds.map((round) => round.our[what])));
    const ratio = median(rounds.map((round) => round.floor[what] / round.our[what]));
    console.log(`${what.padEnd(8)} floor ${floor} /s, ours ${our} /s, ${(ratio * 100).toFixed(0)} % of the floor`);
  }
  await log.close();
  await client.dispose();
};

const takeOver = async (url: string): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'eventstoredb-bench-'));
  const openIn = async (machine: string) => {
    await mkdir(join(folder, machine));
    if (machine !== 'first') await cp(join(folder, 'first', 'keys'), join(folder, machine, 'keys'));
    const [keysPath, localPath] = [join(folder, machine, 'keys'), join(folder, machine, 'local')];
    return openEventStoreDbStores({ connectionString: url, keysPath, localPath });
  };
  const first = await openIn('first');
  const company = await openKnownCompany(PEOPLE, first);
  await company.engine.close();
  const engine = company.restart(await openIn('second'));
  const folding = await millisecondsOf(() => engine.stateDigest());
  let events = 0;
  for await (const step of engine.replay()) if (step._tag === 'Summary') events = step.events;
  const indexing = await millisecondsOf(async () => {
    for await (const person of engine.people()) {
      for await (const event of engine.events({ userIds: [person.userId] })) if (event.id === '') return;
      return;
    }
  });
  console.log(
    `take-over of ${events.toLocaleString('en')} events: state ${(folding / 1_000).toFixed(1)} s (${perSecond(folding, events)} /s), ` +
      `index of people ${(indexing / 1_000).toFixed(1)} s (${perSecond(indexing, events)} /s)`,
  );
  await engine.close();
  await rm(folder, { recursive: true });
};

describe('the log in EventStoreDB', () => {
  bench(
    'against the bare client, and a take-over',
    async () => {
      const machine = `Node ${process.version}, ${platform()} ${arch()}, ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}`;
      console.log(`${machine}; events of 400 bytes, batches of ${BATCH}, ${EVENTS.toLocaleString('en')} a round`);
      const { url, child } = await serve();
      try {
        await compare(url);
        await takeOver(url);
      } finally {
        child.disconnect();
      }
    },
    { iterations: 1, warmupIterations: 0, time: 0, warmupTime: 0, throws: true },
  );
});
