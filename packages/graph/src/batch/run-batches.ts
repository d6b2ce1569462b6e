import * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure, ReadOptions } from '../directory-source.js';
import type { GraphBase } from '../graph-base.js';
import type { GraphWorld } from '../graph-settings.js';
import { withSignal } from '../transport/graph-client.js';
import type { Ask } from '../transport/graph-client.js';
import { lesserPatience, makePatience } from '../transport/patience.js';
import type { Governor } from '../transport/governor.js';
import { untilSettled } from '../transport/until-settled.js';
import type { Attempt } from '../transport/until-settled.js';
import { askBatch, MOST_ITEMS } from './batch-round.js';
import type { BatchItem, ItemAnswer, ItemOutcome } from './batch-round.js';

export type BatchParts = {
  readonly base: GraphBase;
  readonly ask: Ask;
  readonly world: GraphWorld;
  readonly governor: Governor;
  readonly patienceMs: number | undefined;
  readonly waitsAsTold?: boolean | undefined;
  readonly closing: AbortSignal;
};

export type BatchOptions = ReadOptions & { readonly onBatch?: ((answered: number) => void) | undefined };

/** How many batches are on their way at once. */
const CONCURRENCY = 4;

/** What became of one task: the answers of its items, or `undefined` where they failed to the end. */
export type TaskAnswers = ReadonlyArray<ItemAnswer> | undefined;

type Outcomes = ReadonlyArray<ItemOutcome>;
const answersOf = (outcomes: Outcomes): ReadonlyArray<ItemAnswer> | undefined => {
  const answers = outcomes.flatMap((outcome) => (outcome._tag === 'Answered' ? [outcome.answer] : []));
  return answers.length === outcomes.length ? answers : undefined;
};

/** Why a wave has to be followed by another one: the longest wait that any of its items was told. */
const againFor = (outcomes: Outcomes): Extract<Attempt<never>, { readonly _tag: 'Again' }> | undefined => {
  const again = outcomes.flatMap((outcome) => (outcome._tag === 'Again' ? [outcome] : []));
  const [first] = again;
  if (first === undefined) return undefined;
  const waits = again.flatMap(({ waitMs }) => (waitMs === undefined ? [] : [waitMs]));
  return {
    _tag: 'Again',
    cause: again.some(({ throttled }) => throttled) ? 'throttled' : 'unreachable',
    waitMs: waits.length === 0 ? undefined : Math.max(...waits),
    detail: first.detail,
  };
};

/** What a batch was told holds for the whole tenant, as if the request itself had been told. */
const tellGovernor = (governor: Governor, again: ReturnType<typeof againFor>): void => {
  if (again?.waitMs !== undefined) governor.closeFor(again.waitMs);
  else if (again?.cause === 'throttled') governor.backOff();
};

/**
 * Runs tasks of one or two items each through batches of 20 items, four at a time, in waves: what was not answered is
 * asked again together after the longest wait it was told. Patience starts anew with every task that was answered.
 * A task that only ever failed while others were answered is `undefined` in the result; if none was answered, the whole fails.
 */
export const runBatches = async (
  parts: BatchParts,
  tasks: ReadonlyArray<ReadonlyArray<BatchItem>>,
  options: BatchOptions | undefined,
): Promise<E.Either<GraphFailure, ReadonlyArray<TaskAnswers>>> => {
  const results = new Array<TaskAnswers>(tasks.length).fill(undefined);
  let pending = tasks.map((task, index) => ({ task, index }));
  let answered = 0;

  const wave = async (signal: AbortSignal): Promise<E.Either<GraphFailure, Outcomes>> => {
    const perBatch = Math.max(1, Math.floor(MOST_ITEMS / Math.max(1, ...pending.map(({ task }) => task.length))));
    const chunks = Array.from({ length: Math.ceil(pending.length / perBatch) }, (_, n) =>
      pending.slice(n * perBatch, (n + 1) * perBatch),
    );
    const unanswered: Array<{ task: ReadonlyArray<BatchItem>; index: number }> = [];
    const troubled: Array<ItemOutcome> = [];
    let next = 0;
    let failure: GraphFailure | undefined;
    const worker = async (): Promise<void> => {
      for (let chunk = chunks[next++]; chunk !== undefined && failure === undefined; chunk = chunks[next++]) {
        const asked = await askBatch(
          { ...parts, now: parts.world.now },
          chunk.flatMap(({ task }) => task),
          { signal, priority: options?.priority, patienceMs: options?.patienceMs },
        );
        if (E.isLeft(asked)) {
          failure ??= asked.left;
          return;
        }
        let at = 0;
        let fresh = 0;
        for (const entry of chunk) {
          const outcomes = asked.right.slice(at, at + entry.task.length);
          at += entry.task.length;
          results[entry.index] = answersOf(outcomes);
          if (results[entry.index] === undefined) {
            unanswered.push(entry);
            troubled.push(...outcomes);
          } else fresh += 1;
        }
        tellGovernor(parts.governor, againFor(asked.right));
        answered += fresh;
        if (fresh > 0) options?.onBatch?.(fresh);
      }
    };
    await Promise.all(Array.from({ length: Math.min(CONCURRENCY, chunks.length) }, worker));
    if (failure !== undefined) return E.left(failure);
    pending = unanswered.sort((a, b) => a.index - b.index);
    return E.right(troubled);
  };

  const run = async (signal: AbortSignal): Promise<E.Either<GraphFailure, ReadonlyArray<TaskAnswers>>> => {
    const patience = makePatience(
      parts.world,
      lesserPatience(parts.patienceMs, options?.patienceMs),
      signal,
      parts.waitsAsTold === true && options?.patienceMs === undefined,
    );
    const attempt = async (): Promise<Attempt<ReadonlyArray<TaskAnswers>>> => {
      const before = answered;
      const outcome = await wave(signal);
      if (E.isLeft(outcome)) return { _tag: 'Settled', result: outcome };
      if (answered > before) patience.progress();
      return againFor(outcome.right) ?? { _tag: 'Settled', result: E.right(results) };
    };
    const all = await untilSettled(attempt, { patience, gate: parts.governor, world: parts.world });
    return E.isLeft(all) && all.left._tag === 'GraphUnreachable' && answered > 0 ? E.right(results) : all;
  };

  return tasks.length === 0 ? E.right([]) : withSignal(parts.closing, options?.signal, run);
};
