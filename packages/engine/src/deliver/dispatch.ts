import type { Command, ObjectId, Outcome } from '@learnamp/directory-sync-domain';
import { plannerVersion, subjectOf } from '@learnamp/directory-sync-domain';
import type { DataKey, KeyStore } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import pLimit from 'p-limit';
import { DirectorySyncError } from '../directory-sync.js';
import { learnAmpError, logError } from '../failure.js';
import { graphTimeOf, stopIfAborted, type CycleContext } from '../observe/cycle-context.js';
import type { Pending } from '../record/recorder.js';
import { dispatched } from './command-id.js';
import { observeManagers } from './observe-learn-amp.js';
import { receiptEvents } from './receipt-events.js';

/** Commands of one subject, in the order they are sent. */
export type Job = { readonly subject: string; readonly commands: ReadonlyArray<Command> };

/** Where commands go, and where what became of them is recorded. */
export type Sender = {
  readonly send: (jobs: ReadonlyArray<Job>) => Promise<void>;
  /** Looks at managers whom Learn Amp refused as inactive though they were believed active; `false`: there were none. */
  readonly observeDoubted: () => Promise<boolean>;
};

/** Appends `CommandsDispatched`, sends, and appends what came back; at most 100 commands are under way at once. */
export type Dispatcher = Sender & { readonly tally: Tally };

/** What became of the commands of this cycle, by kind. */
export type Tally = Map<Command['kind'], Counts>;
type Counts = { planned: number; succeeded: number; rejected: number; deferred: number; unsupported: number };

const ITEMS = 100;

const batchesOf = (jobs: ReadonlyArray<Job>): ReadonlyArray<ReadonlyArray<Job>> => {
  const batches: Job[][] = [];
  let room = 0;
  for (const job of jobs) {
    if (job.commands.length > room) {
      batches.push([]);
      room = ITEMS;
    }
    batches.at(-1)?.push(job);
    room -= job.commands.length;
  }
  return batches;
};

export const makeDispatcher = (cycle: CycleContext, keys: KeyStore, concurrency: number): Dispatcher => {
  const tally: Tally = new Map();
  const unsupported = new Set<Command['kind']>(cycle.state.connection().unsupported);
  const doubted = new Set<ObjectId>();
  const limit = pLimit(concurrency);
  const connectionOwner = `connection:${cycle.connectionId}`;
  let done = 0;

  const count = (kind: Command['kind'], field: keyof Counts): void => {
    const counts = tally.get(kind) ?? { planned: 0, succeeded: 0, rejected: 0, deferred: 0, unsupported: 0 };
    counts[field]++;
    tally.set(kind, counts);
  };

  const keysOf = async (jobs: ReadonlyArray<Job>): Promise<ReadonlyMap<string, DataKey>> => {
    const owners = jobs.map(({ commands: [first], subject }) =>
      first?.kind === 'EnsureTeam' ? connectionOwner : subject,
    );
    const found = await keys.current([...new Set(owners)])();
    if (E.isLeft(found)) throw logError(found.left);
    return found.right;
  };

  const tallyOutcome = (command: Command, outcome: Outcome): void => {
    if (outcome._tag === 'Succeeded') count(command.kind, 'succeeded');
    if (outcome._tag === 'Rejected') count(command.kind, 'rejected');
    if (outcome._tag === 'Deferred') count(command.kind, 'deferred');
    if (outcome._tag === 'Unsupported') {
      count(command.kind, 'unsupported');
      unsupported.add(command.kind);
    }
    if (outcome._tag === 'Deferred' && command.kind === 'SetOverrideManager') doubted.add(command.managerUserId);
  };

  const sendBatch = async (batch: ReadonlyArray<Job>, total: number): Promise<void> => {
    const found = await keysOf(batch);
    const graphTime = graphTimeOf(cycle);
    let ready: ReadonlyArray<{ readonly sent: ReadonlyArray<ReturnType<typeof dispatched>> }> = [];
    await cycle.recorder.begin();
    // Named where they are appended: others may have recorded something since.
    await cycle.recorder.record(() => {
      ready = batch.map(({ subject, commands }) => ({
        sent: commands.flatMap((command) => {
          const key = found.get(command.kind === 'EnsureTeam' ? connectionOwner : subject);
          return key === undefined ? [] : [dispatched(cycle, command, key)];
        }),
      }));
      const items = ready.flatMap(({ sent }) =>
        sent.map(({ commandId, mac, command }) => ({
          commandId,
          subject: subjectOf(command),
          kind: command.kind,
          mac,
        })),
      );
      return [{ type: 'CommandsDispatched', data: { plannerVersion, graphTime, items } }];
    });

    let failure: DirectorySyncError | undefined;
    const settled: Pending[] = [];
    const run = async ({ sent }: (typeof ready)[number]): Promise<void> => {
      const receipts = await cycle.learnAmp.execute(sent, { signal: cycle.signal });
      const answers = new Map(receipts.map(({ commandId, outcome }) => [commandId, outcome]));
      for (const { command, ...rest } of sent) {
        count(command.kind, 'planned');
        const outcome = answers.get(rest.commandId);
        if (outcome === undefined) continue;
        tallyOutcome(command, outcome);
        settled.push(...receiptEvents({ command, ...rest }, outcome, graphTime));
        if (outcome._tag === 'Failed') failure ??= learnAmpError(outcome.failure);
        if (outcome._tag === 'Unknown')
          failure ??= new DirectorySyncError(
            'learn-amp-unreachable',
            'Learn Amp did not answer in time; what it may have done is looked up by the next sync.',
          );
      }
      done += sent.length;
      cycle.progress({ step: 'deliver', done, total });
    };
    try {
      await Promise.all(ready.map((job) => limit(() => (failure === undefined ? run(job) : Promise.resolve()))));
    } finally {
      await cycle.recorder.record(() => settled);
      if (unsupported.size > cycle.state.connection().unsupported.length)
        await cycle.recorder.record(() => [
          { type: 'LearnAmpCapabilitiesObserved', data: { unsupported: [...unsupported].sort() } },
        ]);
    }
    if (failure === undefined) return;
    // A call that was broken off looks like one without an answer.
    stopIfAborted(cycle);
    throw failure;
  };

  return {
    tally,
    observeDoubted: async () => {
      const taken = [...doubted];
      doubted.clear();
      await observeManagers(cycle, taken);
      return taken.length > 0;
    },
    send: async (jobs) => {
      const total = done + jobs.reduce((sum, { commands }) => sum + commands.length, 0);
      for (const batch of batchesOf(jobs)) {
        stopIfAborted(cycle);
        await sendBatch(batch, total);
      }
    },
  };
};

export const jobOf = (userId: ObjectId, commands: ReadonlyArray<Command>): Job => ({ subject: userId, commands });
