import type { Held, HeldCount, HoldDecided } from '@learnamp/directory-sync';
import { holdReasonWords } from '@learnamp/directory-sync/words';
import { evidenceWords, heldKindWords, leftOutWords } from './hold-words.js';
import { counted, printable } from './printable.js';
import { moreLine } from './shown-at-most.js';
import { table } from './table.js';

const HEAD = ['name', 'e-mail', 'what', 'because', 'since', 'evidence', 'object id'];

const countLine = ({ kind, reason, people }: HeldCount): string => {
  const { one, many } = heldKindWords[kind];
  return `  ${counted(people, one, many)}: ${reason === null ? 'held' : holdReasonWords[reason]}`;
};

const frozen = ({ scopeFrozen }: Held): ReadonlyArray<string> =>
  scopeFrozen === null
    ? []
    : [
        `Nobody leaves while this stands: ${holdReasonWords[scopeFrozen]}. Put the group right in Entra, or configure another one.`,
      ];

const NEXT =
  'To approve them: directory-sync held approve --by NAME --reason R (with --user U for some of them). To keep them as they are: directory-sync held reject --by NAME --reason R.';

/** What `held` prints. */
export const heldText = (held: Held): string => {
  const { people, counts } = held;
  if (people.length === 0)
    return [`Nothing waits for a decision in ${printable(held.connectionId)}.`, ...frozen(held)].join('\n');
  const rows = people.map((person) => [
    person.displayName ?? '',
    person.email ?? '',
    heldKindWords[person.kind].one,
    person.reason ?? 'held',
    person.since,
    evidenceWords(person),
    person.userId,
  ]);
  return [
    `${counted(people.length + held.more, 'person waits', 'people wait')} for a decision in ${printable(held.connectionId)}:`,
    ...counts.map(countLine),
    ...frozen(held),
    '',
    table(HEAD, rows),
    '',
    ...moreLine(held.more),
    NEXT,
  ].join('\n');
};

const verbs = {
  approve: { done: 'approved', none: 'Nothing was approved' },
  reject: { done: 'rejected: they stay as they are until they change again', none: 'Nothing was rejected' },
} as const;

/** What `held approve` and `held reject` print before anything is delivered. */
export const decidedText = (action: 'approve' | 'reject', { decided, leftOut }: HoldDecided): string => {
  const kinds = (['deactivations', 'creations'] as const).flatMap((kind) => {
    const count = decided.filter((each) => each.kind === kind).length;
    return count === 0 ? [] : [counted(count, heldKindWords[kind].one, heldKindWords[kind].many)];
  });
  const first = kinds.length === 0 ? `${verbs[action].none}.` : `${kinds.join(' and ')} ${verbs[action].done}.`;
  return [first, ...leftOut.map(({ userId, why }) => `Left out: ${userId}: ${leftOutWords[why]}.`)].join('\n');
};
