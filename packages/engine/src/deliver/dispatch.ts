import type { Command, CommandId, DirectoryEvent, ObjectId, Outcome } from '@learnamp/directory-sync-domain';
import { commandCodecs, plannerVersion, subjectOf } from '@learnamp/directory-sync-domain';
import type { DataKey, KeyStore } from '@learnamp/directory-sync-event-sourcing';
import { canonicalJson, hmacUnder } from '@learnamp/directory-sync-event-sourcing';
import type { DispatchedCommand } from '@learnamp/directory-sync-learn-amp';
import * as E from 'fp-ts/lib/Either.js';
import pLimit from 'p-limit';
import { DirectorySyncError } from '../directory-sync.js';
import { learnAmpError, logError } from '../failure.js';
import { graphTimeOf, stopIfAborted, type CycleContext } from '../observe/cycle-context.js';
import type { Pending } from '../record/recorder.js';

/** Commands of one subject, in the order they are sent. */
export type Job = { readonly subject: string; readonly commands: ReadonlyArray<Command> };

export type Dispatcher = {
  /** Appends `CommandsDispatched`, sends, and appends what came back; at most 100 commands are under way at once. */
  readonly send: (jobs: ReadonlyArray<Job>) => Promise<void>;
  readonly tally: Tally;
  /** Managers whom Learn Amp refused as inactive though they were believed active: to be looked at. Empties the list. */
  readonly takeDoubted: () => ReadonlyArray<ObjectId>;
};

/** What became of the commands of this cycle, by kind. */
export type Tally = Map<Command['kind'], Counts>;
type Counts = { planned: number; succeeded: number; rejected: number; deferred: number; unsupported: number };

const ITEMS = 100;

/** Command ids are derived from cause and content, so the same command after a lost answer has the same id (design D2). */
const basisOf = (cycle: CycleContext, command: Command): string => {
  const connection = cycle.state.connection();
  if (command.kind === 'EnsureTeam') return connection.preferencesRevision;
  const facts = cycle.state.person(command.userId)?.factRevision ?? '';
  const observed = cycle.state.delivered(command.userId).observedRevision;
  return [facts, connection.preferencesRevision, observed].join('/');
};

const encode = (command: Command): unknown =>
  (commandCodecs[command.kind] as { readonly encode: (value: Command) => unknown }).encode(command);

export const dispatched = (
  cycle: CycleContext,
  command: Command,
  key: DataKey,
): DispatchedCommand & { mac: string } => {
  const subject = subjectOf(command);
  const content = canonicalJson(encode(command));
  const cause = canonicalJson([cycle.connectionId, subject, command.kind, basisOf(cycle, command)]);
  return {
    commandId: hmacUnder(key, 'command-id', `${cause}${content}`) as CommandId,
    mac: hmacUnder(key, 'command-mac', content),
    command,
    unknown: command.kind === 'CreateUser' && cycle.state.delivered(command.userId).createUncertain,
  };
};

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

const linkEvents = (
  command: Command,
  outcome: Extract<Outcome, { _tag: 'Succeeded' }>,
): ReadonlyArray<DirectoryEvent> => {
  if (command.kind === 'LinkUser') {
    const { userId, learnAmpUserId } = command;
    return [{ type: 'UserLinked', data: { userId, learnAmpUserId, how: 'adopted' } }];
  }
  if (command.kind === 'CreateUser' && outcome.account !== undefined) {
    const how = outcome.result === 'found' ? 'found' : 'created';
    const { learnAmpUserId } = outcome.account;
    return [{ type: 'UserLinked', data: { userId: command.userId, learnAmpUserId, how } }];
  }
  if (command.kind === 'EnsureTeam' && outcome.teamId !== undefined) {
    const { teamKey, name } = command;
    const how = outcome.result === 'created' ? 'created' : 'existing';
    return [{ type: 'TeamEnsured', data: { teamKey, name, teamId: outcome.teamId, how } }];
  }
  return [];
};

/** An owner or admin, seen only when the account was read right before the deactivation: waits for a person by name. */
const protections: ReadonlyMap<string, 'protected' | 'last-owner'> = new Map([
  ['protected', 'protected'],
  ['last_owner', 'last-owner'],
]);

/** The facts of one receipt. `undefined`: no answer, or nothing was done; the slot stays unknown and is looked up first. */
const receiptEvents = (sent: DispatchedCommand, outcome: Outcome, graphTime: string): ReadonlyArray<DirectoryEvent> => {
  const { command, commandId } = sent;
  switch (outcome._tag) {
    case 'Succeeded': {
      const { result, account } = outcome;
      const data = { commandId, command, result, ...(account === undefined ? {} : { account }) };
      return [{ type: 'CommandSucceeded', data }, ...linkEvents(command, outcome)];
    }
    case 'Exists':
      if (command.kind === 'EnsureTeam') return [];
      return [{ type: 'LearnAmpUserObserved', data: { userId: command.userId, account: outcome.account } }];
    case 'Rejected': {
      const { code, fields } = outcome;
      const rejected: DirectoryEvent = {
        type: 'CommandRejected',
        data: { commandId, command, code, fields: [...fields] },
      };
      const reason = protections.get(code);
      if (command.kind !== 'DeactivateUser' || reason === undefined) return [rejected];
      const userIds = [command.userId];
      return [rejected, { type: 'CommandsHeld', data: { kind: 'deactivations', reason, userIds, graphTime } }];
    }
    case 'Deferred': {
      if (command.kind === 'EnsureTeam') return [];
      const waitingFor = command.kind === 'SetOverrideManager' ? command.managerUserId : null;
      return [
        { type: 'CommandDeferred', data: { userId: command.userId, kind: command.kind, on: outcome.on, waitingFor } },
      ];
    }
    case 'Unsupported':
      return [{ type: 'CommandRejected', data: { commandId, command, code: 'protocol', fields: ['unsupported'] } }];
    case 'Unknown':
    case 'Failed':
      return [];
  }
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
    const ready = batch.map(({ subject, commands }) => ({
      subject,
      sent: commands.flatMap((command) => {
        const key = found.get(command.kind === 'EnsureTeam' ? connectionOwner : subject);
        return key === undefined ? [] : [dispatched(cycle, command, key)];
      }),
    }));
    const items = ready.flatMap(({ subject, sent }) =>
      sent.map(({ commandId, mac, command }) => ({ commandId, subject, kind: command.kind, mac })),
    );
    const graphTime = graphTimeOf(cycle);
    await cycle.recorder.record(() => [{ type: 'CommandsDispatched', data: { plannerVersion, graphTime, items } }]);

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
    if (failure !== undefined) throw failure;
  };

  return {
    tally,
    takeDoubted: () => {
      const taken = [...doubted];
      doubted.clear();
      return taken;
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
