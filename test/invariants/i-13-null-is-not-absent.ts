import type { EventView } from '@learnamp/directory-sync';
import { attributeOf, commandOf, dataOf, textOf } from './event-data.js';
import { type Invariant, wrongIf, type Wrong } from './invariant.js';
import type { Ledger } from './ledger.js';

type Mapping = Readonly<Record<string, ReadonlyArray<string> | null>>;

const isSaid = (value: unknown): boolean => value === null || typeof value === 'string';

/** A value that Entra never had does not empty what an account holds. */
const ofClearing = (event: EventView, before: Ledger): ReadonlyArray<Wrong> => {
  const command = event.type === 'CommandSucceeded' ? commandOf(event) : undefined;
  const userId = textOf(command?.['userId']);
  if (command?.kind !== 'UpdateProfile' || userId === undefined) return [];
  const mapping = (before.preferences()['attributes'] ?? {}) as Mapping;
  return (command['clear'] as ReadonlyArray<string>).flatMap((field) => {
    const sources = mapping[field] ?? [];
    const { everHad } = before.personOf(userId);
    return wrongIf(
      !sources.some((source) => everHad.has(source)),
      `${field} of ${userId} is emptied, and never had a value`,
    );
  });
};

export const nullIsNotAbsent: Invariant = {
  id: 'I-13',
  says: 'null and not mentioned are two things, from the parser to the planner',
  watch: () => ({
    onEvent: (event, before) => {
      if (event.erased === true) return [];
      const { from, to, attributes } = dataOf(event);
      const joined = event.type === 'UserJoinedGroup' ? Object.entries(attributes as object) : [];
      return [
        ...wrongIf(
          attributeOf(event) !== undefined && !(isSaid(from) && isSaid(to)),
          `${event.type} carries a value that is neither text nor null`,
        ),
        ...joined.flatMap(([name, value]) => wrongIf(!isSaid(value), `${name} is neither text nor null`)),
        ...ofClearing(event, before),
      ];
    },
  }),
};
