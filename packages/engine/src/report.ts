import type { CommandKind, ObjectId, PersonPlan } from '@learnamp/directory-sync-domain';
import type { LeftOut } from '@learnamp/directory-sync-graph';
import type { Attention, AttentionKind, CommandCounts, Note, PeopleCounts, SyncReport } from './directory-sync.js';
import type { CycleResult } from './cycle.js';
import type { Tally } from './deliver/dispatch.js';
import { propertiesLeftOut } from './observe/left-out.js';
import { readingInWords } from './observe/share-of-tenant.js';
import type { EngineState } from './state/engine-state.js';

/** Kinds of note that need a look; deferrals are counted, and what was left alone or cut is told apart (`notesOf`). */
const attentionKinds: ReadonlySet<string> = new Set<AttentionKind>([
  'parked',
  'rejected',
  'unanswered',
  'identity-conflict',
  'leave-unconfirmed',
  'no-email',
  'protected',
]);

/** Kinds that mean: this person is not as the directory wants. */
export const couldNotBeSynced: ReadonlySet<AttentionKind> = new Set([
  'parked',
  'rejected',
  'unanswered',
  'identity-conflict',
]);

/** Who needs a look, in the order of ids: what the plans note, teams that Learn Amp refused, holds, and profiles that Graph would not show. */
export const attentionOf = (
  state: EngineState,
  plans: ReadonlyMap<ObjectId, PersonPlan>,
  unreadable: ReadonlySet<ObjectId>,
): ReadonlyArray<Attention> => {
  const { teams, rejectedTeams, unansweredTeams } = state.connection();
  const attention: Attention[] = [...unreadable].map((userId) => ({
    userId,
    kind: 'parked',
    reason: 'Microsoft Graph does not show the profile; it is asked again',
  }));
  for (const [userId, { team }] of plans) {
    const code = team === undefined || team.key in teams ? undefined : rejectedTeams[team.key];
    if (code !== undefined) attention.push({ userId, kind: 'rejected', reason: `EnsureTeam: ${code}` });
    else if (team !== undefined && team.key in unansweredTeams)
      attention.push({ userId, kind: 'unanswered', reason: 'EnsureTeam' });
  }
  for (const { notes } of plans.values())
    for (const { userId, kind, reason } of notes)
      if (attentionKinds.has(kind)) attention.push({ userId, kind: kind as AttentionKind, reason });
  for (const userId of state.deliveredIn('held')) {
    const { hold } = state.delivered(userId);
    if (hold !== undefined) attention.push({ userId, kind: 'held', reason: `${hold.kind}: ${hold.reason ?? 'held'}` });
  }
  return attention.sort((a, b) => (a.userId < b.userId ? -1 : a.userId > b.userId ? 1 : a.kind < b.kind ? -1 : 1));
};

/** How the people were read; then what was left alone or cut: attributes that Graph refuses, and people in the order of ids. */
export const notesOf = (
  { plans, reading }: Pick<CycleResult, 'plans' | 'reading'>,
  leftOut: LeftOut,
): ReadonlyArray<Note> => [
  ...(reading === undefined ? [] : [{ userId: null, kind: 'people-read' as const, reason: readingInWords(reading) }]),
  ...propertiesLeftOut(leftOut).map((name): Note => ({ userId: null, kind: 'attribute-left-out', reason: name })),
  ...[...plans.values()]
    .flatMap(({ notes }) => notes)
    .flatMap(({ userId, kind, reason }) =>
      kind === 'unmapped-language' || kind === 'shortened' || kind === 'unusable-hire-date'
        ? [{ userId, kind, reason }]
        : [],
    )
    .sort((a, b) => (a.userId < b.userId ? -1 : 1)),
];

export const peopleCounts = (state: EngineState, attention: ReadonlyArray<Attention>): PeopleCounts => {
  const { inScope, linked } = state.counts();
  const held = state.deliveredIn('held').length;
  const parked = new Set(attention.flatMap(({ userId, kind }) => (couldNotBeSynced.has(kind) ? [userId] : []))).size;
  return { inScope, linked, held, parked };
};

/** Sent, waiting and refused commands by kind. */
export const commandCounts = (
  tally: Tally,
  state: EngineState,
  plans: Iterable<PersonPlan>,
): Readonly<Partial<Record<CommandKind, CommandCounts>>> => {
  const counts: Partial<Record<CommandKind, { -readonly [K in keyof CommandCounts]: CommandCounts[K] }>> = {};
  const at = (kind: CommandKind) =>
    (counts[kind] ??= { planned: 0, succeeded: 0, rejected: 0, deferred: 0, held: 0, unsupported: 0 });
  for (const [kind, sent] of tally) Object.assign(at(kind), sent);
  // Whom Learn Amp put off in this cycle is among those who wait now, and is counted with them.
  const putOff = tally.get('SetOverrideManager')?.deferred ?? 0;
  if (putOff > 0) {
    at('SetOverrideManager').deferred -= putOff;
    at('SetOverrideManager').planned -= putOff;
  }
  for (const userId of state.deliveredIn('held')) {
    const { hold } = state.delivered(userId);
    if (hold === undefined) continue;
    const counted = at(hold.kind === 'deactivations' ? 'DeactivateUser' : 'CreateUser');
    counted.held++;
    counted.planned++;
  }
  for (const { notes } of plans)
    for (const { kind, reason } of notes)
      if (kind === 'deferred' && reason.startsWith('manager')) {
        const counted = at('SetOverrideManager');
        counted.deferred++;
        counted.planned++;
      }
  return counts;
};

/** The report of a cycle that recorded and sent nothing, and what it would have led to. */
export const asPreviewed = (
  would: SyncReport,
  people: PeopleCounts,
): { readonly report: SyncReport; readonly expected: Pick<SyncReport, 'events' | 'people'> } => {
  const commands = Object.entries(would.commands).map(([kind, counts]): readonly [string, CommandCounts] => [
    kind,
    { ...counts, succeeded: 0 },
  ]);
  return {
    report: { ...would, events: {}, commands: Object.fromEntries(commands), people },
    expected: { events: would.events, people: would.people },
  };
};

/** 3 and 4 describe what stands, so they repeat while it stands; 3 wins (cli.md, "Exit codes"). */
export const exitCodeOf = (state: EngineState, attention: ReadonlyArray<Attention>): SyncReport['exitCode'] => {
  if (state.connection().scopeHold !== undefined || attention.some(({ kind }) => kind === 'held')) return 3;
  return attention.some(({ kind }) => couldNotBeSynced.has(kind)) ? 4 : 0;
};
