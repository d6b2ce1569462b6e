import type { LearnAmpFailure, Receipt } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { DispatchedCommand, LearnAmpPort, PortOptions } from '../learn-amp-port.js';
import { inTime, OutOfTime, type Deadline } from './in-time.js';

const unreachable = (deadlineMs: number): LearnAmpFailure => ({
  _tag: 'LearnAmpUnreachable',
  detail: `The implementation of Learn Amp gave no answer within ${String(Math.round(deadlineMs / 1000))} seconds.`,
});

/** Nothing is known of the first; those behind it may have been tried or not, and stand as sent in any case. */
const unknown = (commands: ReadonlyArray<DispatchedCommand>): ReadonlyArray<Receipt> =>
  commands.slice(0, 1).map(({ commandId }) => ({ commandId, outcome: { _tag: 'Unknown' } }));

const orElse = async <A>(call: Promise<A>, late: () => A): Promise<A> => {
  try {
    return await call;
  } catch (cause) {
    if (cause instanceof OutOfTime) return late();
    throw cause;
  }
};

type Pages<A> = AsyncIterable<E.Either<LearnAmpFailure, ReadonlyArray<A>>>;

/** Each page in time. One that is not ends the list with a failure, and nobody waits for the list to close. */
async function* pagesInTime<A>(
  deadline: Deadline,
  read: (options: PortOptions) => Pages<A>,
  { signal }: PortOptions,
): Pages<A> {
  const stop = new AbortController();
  const signals = signal === undefined ? [stop.signal] : [signal, stop.signal];
  const pages = read({ signal: AbortSignal.any(signals) })[Symbol.asyncIterator]();
  let isLate = false;
  try {
    for (;;) {
      const next = await orElse<IteratorResult<E.Either<LearnAmpFailure, ReadonlyArray<A>>> | undefined>(
        inTime(deadline, signal, () => pages.next()),
        () => undefined,
      );
      isLate = next === undefined;
      if (next?.done === true) return;
      yield next === undefined ? E.left(unreachable(deadline.deadlineMs)) : next.value;
      if (isLate) return;
    }
  } finally {
    stop.abort();
    const closing = Promise.resolve(pages.return?.()).catch(() => undefined);
    if (!isLate) await inTime(deadline, signal, () => closing).catch(() => undefined);
  }
}

/**
 * A host's port of which nothing is waited for without end: a promise that never settles would hold its connection for ever.
 * Commands that are not answered in time are unknown, as after any lost answer: they are looked up before anything is sent again,
 * and none of a call that may still be under way is sent a second time here. What comes in later is dropped.
 */
export const withDeadline = (port: LearnAmpPort, deadline: Deadline): LearnAmpPort => {
  const { deadlineMs } = deadline;
  const asked =
    <A>(call: (options: PortOptions) => TE.TaskEither<LearnAmpFailure, A>, options: PortOptions | undefined) =>
    (): Promise<E.Either<LearnAmpFailure, A>> =>
      orElse(
        inTime(deadline, options?.signal, (signal) => call({ signal })()),
        () => E.left(unreachable(deadlineMs)),
      );
  const { readAvatar, executeAll, alert } = port;
  return {
    hasOwnDeadlines: true,
    avatars: port.avatars,
    requestCount: () => port.requestCount(),
    accounts: (options = {}) => pagesInTime(deadline, (given) => port.accounts(given), options),
    teams: (options = {}) => pagesInTime(deadline, (given) => port.teams(given), options),
    findAccount: (lookup, options) => asked((given) => port.findAccount(lookup, given), options),
    readAvatar: readAvatar && ((id, options) => asked((given) => readAvatar.call(port, id, given), options)),
    execute: (commands, options) =>
      orElse(
        inTime(deadline, options?.signal, (signal) => port.execute(commands, { signal })),
        () => unknown(commands),
      ),
    executeAll:
      executeAll &&
      ((subjects, options) =>
        orElse(
          inTime(deadline, options?.signal, (signal) => executeAll.call(port, subjects, { signal })),
          () => subjects.map(unknown),
        )),
    alert: alert && ((told) => alert.call(port, told)),
    close: () =>
      orElse(
        inTime(deadline, undefined, () => port.close()),
        () => undefined,
      ),
  };
};
