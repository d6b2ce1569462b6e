import type { DirectoryEvent, Preferences } from '@learnamp/directory-sync-domain';
import type {
  EventStream,
  Head,
  KeyStore,
  ProjectionRows,
  ReadEvent,
  Revision,
} from '@learnamp/directory-sync-event-sourcing';
import { LogFailure } from '@learnamp/directory-sync-event-sourcing';
import { makeRecordedPreferences } from '../audit/recorded-preferences.js';
import { logError } from '../failure.js';
import type { Envelope } from '../record/recorder.js';
import { bufferedRows } from '../rebuild/buffered-rows.js';
import type { Shadow } from '../rebuild/verify-rows.js';
import { makeEngineState } from '../state/engine-state.js';
import { checkDispatch, dispatchOwner, type CommandCheckAt } from './check-commands.js';
import { makeInvariantCheck } from './check-invariants.js';
import { isReceipt, makeReceiptCheck, receiptOwner } from './check-receipts.js';
import { makeCycleSoFar } from './cycle-so-far.js';
import { makeErasedPeople } from './erased-people.js';
import { readOwnerKeys, type OwnerKeys } from './owner-keys.js';
import { failureWords } from './read-failure-words.js';
import { makeTeamWishes } from './team-wishes.js';
import type { Collectors } from './verify-report.js';

export type LogCheckOptions = {
  readonly stream: EventStream<DirectoryEvent>;
  readonly keys: KeyStore;
  readonly connectionId: string;
  /** What is configured now. */
  readonly preferences: Preferences;
  readonly collectors: Collectors;
  /** Empty rows to fold into. */
  readonly scratch: ProjectionRows;
  /** Told each record as it is passed. */
  readonly onRecord: (head: Head) => void;
  readonly signal: AbortSignal | undefined;
};

export type LogCheck = {
  /** Checks what lies behind the last record that was checked. */
  readonly run: () => Promise<void>;
  readonly head: () => Head | undefined;
  /** The fold of what was checked, written out; absent where a record could not be read. */
  readonly shadow: () => Shadow | undefined;
};

const recordOf = (read: ReadEvent<DirectoryEvent>) => (read._tag === 'Failed' ? read.failure.record : read.record);

const ownersIn = (page: ReadonlyArray<ReadEvent<DirectoryEvent>>, connectionOwner: string): ReadonlyArray<string> =>
  page.flatMap((read): ReadonlyArray<string> => {
    if (read._tag !== 'Event') return [];
    if (isReceipt(read.event)) return [receiptOwner(read.event, connectionOwner)];
    return read.event.type === 'CommandsDispatched'
      ? read.event.data.items.map((item) => dispatchOwner(item, connectionOwner))
      : [];
  });

/**
 * One pass over a log: the chain, the seals and codecs, the commands, their receipts, and what a sound engine never writes.
 * Invariant: the state is the fold of all records before the one that is looked at, up to the first that cannot be read;
 * behind that one the chain, the seals and the codecs are checked on.
 */
export const makeLogCheck = async (options: LogCheckOptions): Promise<LogCheck> => {
  const { stream, connectionId, collectors } = options;
  const connectionOwner = `connection:${connectionId}`;
  const rows = bufferedRows(options.scratch);
  const state = makeEngineState(rows);
  const cycle = makeCycleSoFar();
  const erased = makeErasedPeople();
  const wishes = makeTeamWishes(state);
  const receipts = makeReceiptCheck(connectionOwner, collectors.receipts);
  const invariants = makeInvariantCheck(state, erased, collectors.invariants);
  const recorded = await makeRecordedPreferences({ keys: options.keys, connectionId, present: options.preferences });
  const collector = collectors.commands;
  const at: CommandCheckAt = { connectionId, connectionOwner, state, recorded, cycle, wishes, erased, collector };
  let head: Head | undefined;
  let unreadable: Revision | undefined;
  let unfolded: Envelope[] = [];

  const fold = (upTo: Head | undefined): void => {
    if (upTo === undefined || unreadable !== undefined) return;
    state.apply(unfolded, upTo);
    unfolded = [];
    wishes.folded();
  };

  const follow = (event: Envelope, keysOf: OwnerKeys): void => {
    if (event.type === 'SyncStarted') receipts.cycleBegins();
    if (event.type === 'CommandsDispatched') {
      fold(head);
      checkDispatch(at, event, keysOf);
      invariants.dispatched(event);
      receipts.dispatched(event.data);
    }
    if (isReceipt(event)) receipts.check(event, keysOf);
    invariants.follow(event);
    cycle.follow(event);
    unfolded.push(event);
  };

  const fails = ({ failure }: Extract<ReadEvent<DirectoryEvent>, { _tag: 'Failed' }>): void => {
    const { revision, type } = failure.record;
    const found = failure._tag === 'BrokenChain' ? collectors.chain : collectors.records;
    found.differs({ revision: revision.toString(), type, what: failureWords(failure) });
    if (failure._tag !== 'BrokenChain') found.count(failure._tag);
    if (unreadable !== undefined) return;
    fold(head);
    unreadable = revision;
    const why = `Ends at revision ${revision}, which cannot be read: nothing behind it was looked at.`;
    for (const name of ['commands', 'receipts', 'invariants', 'projections'] as const) collectors[name].stops(why);
  };

  const take = (read: ReadEvent<DirectoryEvent>, keysOf: OwnerKeys): void => {
    const { revision, metadata } = recordOf(read);
    collectors.chain.checked();
    if (read._tag !== 'Failed' || read.failure._tag !== 'BrokenChain') collectors.records.checked();
    if (read._tag === 'Failed') fails(read);
    else {
      if (read._tag === 'Passed') collectors.records.count(read.reason);
      else if (read.event.erased) collectors.records.count('erased');
      erased.follow(read);
      if (read._tag === 'Event' && unreadable === undefined) follow(read.event, keysOf);
    }
    head = { revision, hash: metadata.hash };
    options.onRecord(head);
  };

  const run = async (): Promise<void> => {
    const { signal } = options;
    try {
      for await (const page of stream.pages({ from: (head?.revision ?? -1n) + 1n, signal })) {
        const keysOf = await readOwnerKeys(options.keys, [connectionOwner, ...ownersIn(page, connectionOwner)]);
        for (const read of page) take(read, keysOf);
        fold(head);
        if (rows.isFull()) await rows.writeOut();
      }
      await rows.writeOut();
    } catch (error) {
      if (error instanceof LogFailure) throw logError(error.failure);
      throw error;
    }
  };

  return {
    run,
    head: () => head,
    shadow: () => (unreadable === undefined ? { rows: options.scratch, state } : undefined),
  };
};
