import type { EngineState } from '../state/engine-state.js';
import { makeEngineState } from '../state/engine-state.js';
import type { Envelope } from '../state/fold-events.js';
import type { AuditedLog } from './audited-log.js';
import { fromAfterTo, isEmptyLog } from './check-moments.js';
import { commandView, sentView, type CommandView } from './command-view.js';
import { eventsOf, readUntil, type ReadPage, type ReadRecord } from './fold-to.js';
import type { Moment } from './moment.js';
import { noChange, type Following } from './open-commands.js';
import { makePlanFollower, type PlanFollower } from './plan-follower.js';
import type { ReplayedEvent, ReplayQuery, ReplayStep } from './replay-query.js';
import { summaryOf } from './summary-of.js';

const isBefore = ({ record }: ReadRecord, from: Moment | undefined): boolean => {
  if (from === undefined) return false;
  return 'revision' in from ? record.revision < from.revision : Date.parse(record.recordedAt) < from.time.getTime();
};

const told = ({ record, event }: ReadRecord, { commands, fellAway, sent }: Following): ReplayedEvent => ({
  _tag: 'Event',
  revision: record.revision.toString(),
  recordedAt: record.recordedAt,
  type: record.type,
  subjects: record.metadata.subjects,
  ...(event === undefined || event.erased ? { erased: true as const } : {}),
  commands: commands.map(commandView),
  fellAway: fellAway.map(commandView),
  sent: sent.map(sentView),
});

/** All of an event about somebody who was asked for; of any other, what it meant for them. `undefined`: nothing. */
const narrowed = (step: ReplayedEvent, wanted: ReadonlySet<string>): ReplayedEvent | undefined => {
  if (wanted.size === 0 || step.subjects.some((subject) => wanted.has(subject) && step.sent.length === 0)) return step;
  const theirs = (commands: ReadonlyArray<CommandView>) => commands.filter(({ subject }) => wanted.has(subject));
  const [commands, fellAway, sent] = [theirs(step.commands), theirs(step.fellAway), theirs(step.sent)];
  return commands.length + fellAway.length + sent.length === 0 ? undefined : { ...step, commands, fellAway, sent };
};

type Replaying = { readonly state: EngineState; readonly follower: PlanFollower | undefined };

/** The records of a page with the event behind each; the last one waits for the page that follows. */
const makeLookAhead = () => {
  let waiting: ReadRecord | undefined;
  return {
    take: function* (records: Iterable<ReadRecord>): Generator<readonly [ReadRecord, Envelope | undefined]> {
      for (const read of records) {
        if (waiting !== undefined) yield [waiting, read.event];
        waiting = read;
      }
    },
    rest: function* (): Generator<readonly [ReadRecord, undefined]> {
      if (waiting !== undefined) yield [waiting, undefined];
      waiting = undefined;
    },
  };
};

const replayOne = ({ state, follower }: Replaying, read: ReadRecord, next: Envelope | undefined): ReplayedEvent => {
  const { record, event } = read;
  // Without plans to follow the page was folded as a whole.
  if (follower === undefined) return told(read, noChange());
  state.apply(event === undefined ? [] : [event], { revision: record.revision, hash: record.metadata.hash });
  return told(read, event === undefined ? noChange() : follower.after(event, next));
};

/** Folds what lies before the range in one go. Returns the rest, which is in it. */
const skip = (state: EngineState, page: ReadPage, from: Moment | undefined): ReadonlyArray<ReadRecord> => {
  const first = page.records.findIndex((read) => !isBefore(read, from));
  const before = first === -1 ? page.records : page.records.slice(0, first);
  const last = before.at(-1)?.record;
  if (last === undefined) return page.records;
  state.apply(eventsOf({ ...page, records: before }), { revision: last.revision, hash: last.metadata.hash });
  return first === -1 ? [] : page.records.slice(first);
};

const isMixed = (from: Moment, to: Moment | undefined): to is Moment =>
  to !== undefined && 'revision' in from !== 'revision' in to;

/**
 * Folds a log from its first event, and tells the events of a range, each with the commands that followed from it. What lies
 * before the range is folded in pages and planned by nobody. Nothing is sent and nothing is written.
 */
export async function* replaySteps(log: AuditedLog, query: ReplayQuery): AsyncGenerator<ReplayStep> {
  const { from, to, signal } = query;
  const state = makeEngineState();
  if (await isEmptyLog(log.stream, query, log.now())) {
    yield summaryOf(state);
    return;
  }
  const recorded = query.commands === false ? undefined : await log.recorded();
  const follower = recorded === undefined ? undefined : makePlanFollower(state, recorded.contextAt);
  const wanted = new Set<string>(query.userIds);
  const ahead = makeLookAhead();
  let begun = false;
  const steps = function* (pairs: Iterable<readonly [ReadRecord, Envelope | undefined]>): Generator<ReplayedEvent> {
    for (const [read, next] of pairs) {
      const isFirst = state.head() === undefined;
      const step = narrowed(replayOne({ state, follower }, read, next), wanted);
      if (isFirst) log.check(state);
      if (step !== undefined) yield step;
    }
  };
  for await (const page of readUntil(log.stream, { until: to, signal })) {
    const records = begun ? page.records : skip(state, page, from);
    if (follower === undefined) state.apply(eventsOf(page), page.head);
    if (state.head() !== undefined) log.check(state);
    if (!begun && records.length > 0) {
      begun = true;
      follower?.begin();
    }
    yield* steps(ahead.take(records));
  }
  yield* steps(ahead.rest());
  if (!begun && from !== undefined && isMixed(from, to)) throw fromAfterTo(from, to);
  yield summaryOf(state);
}
