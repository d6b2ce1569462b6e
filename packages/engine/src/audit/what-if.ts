import type { CommandKind, ObjectId, Preferences } from '@learnamp/directory-sync-domain';
import { mappedAttributes, standardAttributes, subjectOf } from '@learnamp/directory-sync-domain';
import { canonicalJson } from '@learnamp/directory-sync-event-sourcing';
import { DirectorySyncError } from '../directory-sync-error.js';
import type { EngineState } from '../state/engine-state.js';
import { commandView } from './command-view.js';
import { pretendDelivery, type Pretended } from './pretend-delivery.js';
import type { WhatIfQuery, WhatIfStep, WhatIfSummary } from './what-if-query.js';

/** What a what-if works with: states to try things on, and no way to Learn Amp, to Microsoft Graph or to the log. */
export type WhatIfParts = {
  /** The present state, each time one of its own: nothing of it is written anywhere. */
  readonly view: () => Promise<EngineState>;
  readonly present: Preferences;
  readonly now: () => Date;
};

const isTeam = ({ command }: Pretended): boolean => command.kind === 'EnsureTeam';

/** Teams, then people in the order of their ids, each with the order in which theirs would go out. */
const inOrder = (commands: ReadonlyArray<Pretended>): ReadonlyArray<Pretended> =>
  [...commands].sort((one, other) => {
    if (isTeam(one) !== isTeam(other)) return isTeam(one) ? -1 : 1;
    const [a, b] = [subjectOf(one.command), subjectOf(other.command)];
    return a < b ? -1 : a > b ? 1 : 0;
  });

const placeOf = ({ command }: Pretended): string => `${command.kind} ${subjectOf(command)}`;

const countsOf = (commands: ReadonlyArray<Pretended>): WhatIfSummary['commands'] => {
  const counts: Partial<Record<CommandKind, { sent: number; held: number }>> = {};
  for (const { command, held } of commands) {
    const count = (counts[command.kind] ??= { sent: 0, held: 0 });
    count[held === undefined ? 'sent' : 'held'] += 1;
  }
  return counts;
};

const nameIn = (state: EngineState, { command }: Pretended): string | null =>
  command.kind === 'EnsureTeam' ? null : (state.person(command.userId)?.attributes.displayName ?? null);

const peopleOf = (commands: ReadonlyArray<Pretended>): number =>
  new Set(
    commands.flatMap(({ command }): ReadonlyArray<ObjectId> => (command.kind === 'EnsureTeam' ? [] : [command.userId])),
  ).size;

/** Attributes the log knows the values of, as far as there are any. */
const readWith = (present: Preferences): ReadonlySet<string> =>
  new Set<string>([...standardAttributes, ...mappedAttributes(present)]);

/**
 * The same preferences without attributes nobody has read: an unread value is no empty one. A field that rests on such
 * attributes alone is left as it is; an account cannot be without an address, so there the present attributes stand in.
 */
const asFarAsRead = (preferences: Preferences, present: Preferences): Preferences => {
  const read = readWith(present);
  const isRead = (attribute: string): boolean => read.has(attribute);
  const attributes = Object.fromEntries(
    Object.entries(preferences.attributes).map(([field, names]) => [field, names.filter(isRead)]),
  ) as unknown as Preferences['attributes'];
  const email = attributes.email.length > 0 ? attributes.email : present.attributes.email;
  return {
    ...preferences,
    attributes: { ...attributes, email },
    customFields: Object.fromEntries(Object.entries(preferences.customFields).filter(([name]) => isRead(name))),
  };
};

/** Everybody is planned twice, with the other preferences and with the present ones: `before` counts how often already. */
const controlsOf = (
  { now }: WhatIfParts,
  { onProgress, signal }: WhatIfQuery,
  { state, before }: { readonly state: EngineState; readonly before: number },
) => {
  const everybody = state.counts().everInScope;
  const onPlanned = (people: number): void => {
    if (signal?.aborted === true)
      throw new DirectorySyncError('stopped', 'The what-if was stopped before its end; nothing was changed by it.');
    onProgress?.({ step: 'plan', done: before * everybody + Math.min(people, everybody), total: 2 * everybody });
  };
  onPlanned(0);
  return { now, onPlanned };
};

/**
 * What saving other preferences would send now, against what was delivered, and what it would send no longer. The same plans,
 * order and holds as a sync that finds nothing new in the directory; nothing is read, sent or recorded.
 */
export async function* whatIfSteps(parts: WhatIfParts, query: WhatIfQuery): AsyncGenerator<WhatIfStep> {
  const { preferences } = query;
  const state = await parts.view();
  const head = state.head();
  const known = asFarAsRead(preferences, parts.present);
  const wanted = inOrder(await pretendDelivery(state, known, controlsOf(parts, query, { state, before: 0 })));
  const present = inOrder(
    await pretendDelivery(await parts.view(), parts.present, controlsOf(parts, query, { state, before: 1 })),
  );
  const [same, places] = [new Set(present.map(({ command }) => canonicalJson(command))), new Set(wanted.map(placeOf))];
  for (const each of wanted) {
    const anyway = same.has(canonicalJson(each.command));
    const displayName = nameIn(state, each);
    yield { _tag: 'Command', ...commandView(each.command), displayName, held: each.held ?? null, anyway };
  }
  const noLonger: Partial<Record<CommandKind, number>> = {};
  for (const each of present.filter((other) => !places.has(placeOf(other)))) {
    noLonger[each.command.kind] = (noLonger[each.command.kind] ?? 0) + 1;
    yield { _tag: 'NoLonger', ...commandView(each.command), displayName: nameIn(state, each) };
  }
  yield {
    _tag: 'Summary',
    head: head === undefined ? null : { revision: head.revision.toString(), hash: head.hash },
    commands: countsOf(wanted),
    people: peopleOf(wanted),
    noLonger,
    notYetRead: mappedAttributes(preferences).filter((attribute) => !readWith(parts.present).has(attribute)),
  };
}
