import assert from 'node:assert/strict';
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';

/** The test runner's functions: the suites depend on no runner. */
export type Runner = {
  readonly describe: (title: string, body: () => void) => unknown;
  readonly it: (title: string, body: () => Promise<void>) => unknown;
};

export type Case<TSubject> = { readonly title: string; readonly run: (subject: TSubject) => Promise<void> };

/** Registers each case as a test with a subject of its own, closed whatever happens. */
export const registerCases = <TSubject extends { readonly close: () => Promise<void> }>(
  { describe, it }: Runner,
  title: string,
  suite: { readonly open: () => Promise<TSubject>; readonly cases: ReadonlyArray<Case<TSubject>> },
): void => {
  describe(title, () => {
    for (const { title: sentence, run } of suite.cases) {
      it(sentence, async () => {
        const subject = await suite.open();
        try {
          await run(subject);
        } finally {
          await subject.close();
        }
      });
    }
  });
};

/** The value of a task that is expected to succeed. */
export const succeed = async <F, A>(task: TE.TaskEither<F, A>): Promise<A> => {
  const answer = await task();
  if (E.isRight(answer)) return answer.right;
  return assert.fail(`expected success, got ${describeFailure(answer.left)}`);
};

/** The failure of a task that is expected to fail. */
export const fail = async <F, A>(task: TE.TaskEither<F, A>): Promise<F> => {
  const answer = await task();
  return E.isLeft(answer) ? answer.left : assert.fail('expected a failure');
};

const describeFailure = (failure: unknown): string =>
  JSON.stringify(failure, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value instanceof Error ? value.message : value,
  );
