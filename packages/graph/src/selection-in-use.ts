/**
 * What is asked of people, less what Graph refuses (FC-28): an attribute that does not exist in this tenant, or that a
 * reading cannot give, costs itself alone and stops nothing else.
 *
 * Invariant: what is left out only ever grows between two calls of `leaveOut`, and never holds what a person cannot be told
 * without, so asking again comes to an end.
 */
import { standardAttributes } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure } from './directory-source.js';
import type { LeftOut, Selection } from './selected-attributes.js';
import { nothingLeftOut, propertyOf, selectAttributes } from './selected-attributes.js';

type Reading = 'delta' | 'direct';
type Asking<A> = (selection: Selection) => Promise<E.Either<GraphFailure, A>>;

export type SelectionInUse = {
  readonly current: () => Selection;
  readonly leftOut: () => LeftOut;
  readonly leaveOut: (leftOut: LeftOut) => void;
  /**
   * Asks, and asks again without what was refused. `probe` is the cheapest question with the same `$select`: where a
   * refusal names no property, the custom ones are tried with it one by one.
   */
  readonly asking: <A>(reading: Reading, ask: Asking<A>, probe: Asking<unknown>) => Promise<E.Either<GraphFailure, A>>;
};

/** Who somebody is, whether they may sign in, and whom they report to: a query without these is no use. */
const ESSENTIAL: ReadonlySet<string> = new Set(['id', 'displayName', 'userPrincipalName', 'accountEnabled', 'manager']);

const standard: ReadonlySet<string> = new Set(standardAttributes);

const refusalIn = (result: E.Either<GraphFailure, unknown>) =>
  E.isLeft(result) && result.left._tag === 'GraphProtocol' ? result.left.refusedQuery : undefined;

export const makeSelectionInUse = (customAttributes: ReadonlyArray<string>): SelectionInUse => {
  let leftOut = nothingLeftOut;
  const custom = [...new Set(customAttributes.map(propertyOf))].filter((property) => !standard.has(property)).sort();

  /** From the next item on; within a page nothing is made of those before, since what is left out is not tracked. */
  const noText = (path: string): void => {
    leftOut = { ...leftOut, values: [...new Set([...(leftOut.values ?? []), path])].sort() };
  };
  const selected = (): Selection => ({ ...selectAttributes(customAttributes, leftOut), noText });

  const without = (reading: Reading, more: ReadonlyArray<string>): LeftOut => ({
    ...leftOut,
    [reading]: [...new Set([...leftOut[reading], ...more])].sort(),
  });

  /** Which of the custom properties a refusal without a name is about; none where it is about something else. */
  const search = async (reading: Reading, probe: Asking<unknown>): Promise<ReadonlyArray<string>> => {
    const open = custom.filter((property) => !leftOut[reading].includes(property));
    const takes = async (kept: ReadonlyArray<string>): Promise<E.Either<GraphFailure, unknown>> =>
      probe(
        selectAttributes(
          customAttributes,
          without(
            reading,
            open.filter((property) => !kept.includes(property)),
          ),
        ),
      );
    if (open.length === 0 || E.isLeft(await takes([]))) return [];
    const refused: string[] = [];
    for (const property of open) if (refusalIn(await takes([property])) !== undefined) refused.push(property);
    // Each by itself is taken, all of them together are not: no one of them is to blame.
    return refused.length === 0 ? open : refused;
  };

  return {
    current: selected,
    leftOut: () => leftOut,
    leaveOut: (given) => {
      leftOut = given;
    },
    asking: async (reading, ask, probe) => {
      const before = leftOut;
      let first: E.Either<GraphFailure, never> | undefined;
      for (;;) {
        const result = await ask(selected());
        const refusal = refusalIn(result);
        if (E.isRight(result) || refusal === undefined) return result;
        first ??= result;
        const named = refusal.property === undefined ? await search(reading, probe) : [refusal.property];
        const refused = named.filter((property) => !ESSENTIAL.has(property) && !leftOut[reading].includes(property));
        if (refused.length === 0) {
          // Asking for less did not help: the refusal spoke of something else, whatever it named.
          leftOut = before;
          return first;
        }
        leftOut = without(reading, refused);
      }
    },
  };
};
