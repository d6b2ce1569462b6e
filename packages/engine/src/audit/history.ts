import type { CommandKind, PlanContext } from '@learnamp/directory-sync-domain';
import { planPerson, planTeams } from '@learnamp/directory-sync-domain';
import type { StoredRecord } from '@learnamp/directory-sync-event-sourcing';
import { makeEngineState, type EngineState } from '../state/engine-state.js';
import { stateDigest } from '../state/state-digest.js';
import type { AuditedLog } from './audited-log.js';
import { isEmptyLog } from './check-moments.js';
import { foldTo, placeOf, type ReadPage } from './fold-to.js';
import { asTotals, countRecord, noCounts, type HistoryCounts } from './history-counts.js';
import type { HistoryQuery, HistoryStep, Standing } from './history-query.js';

/** What everybody's plan asks for now, by kind. */
const openCommands = (state: EngineState, context: PlanContext): Standing['open'] => {
  const counts: Partial<Record<CommandKind, number>> = {};
  const wanted = [];
  const { teams, rejectedTeams } = state.connection();
  for (const { userId } of state.people()) {
    const { commands, leaver, team } = planPerson(context, userId);
    for (const { kind } of leaver === undefined ? commands : [...commands, leaver])
      counts[kind] = (counts[kind] ?? 0) + 1;
    if (team !== undefined) wanted.push(team);
  }
  const missing = planTeams(wanted, (key) => key in teams || key in rejectedTeams).length;
  return missing === 0 ? counts : { EnsureTeam: missing, ...counts };
};

const standingOf = (state: EngineState, context: PlanContext): Standing => {
  const { inScope, linked, waiting } = state.counts();
  const held = { deactivations: 0, creations: 0 };
  const with_ = { parked: 0, deferred: 0, rejected: 0, conflicts: 0 };
  for (const person of state.deliveredPeople()) {
    if (person.hold?.standing === 'held') held[person.hold.kind] += 1;
    for (const field of ['parked', 'deferred', 'rejected'] as const)
      if (Object.keys(person[field]).length > 0) with_[field] += 1;
    if (person.conflict !== undefined) with_.conflicts += 1;
  }
  const unanswered = state.deliveredIn('unknown').length;
  return { inScope, linked, waiting, held, ...with_, unanswered, open: openCommands(state, context) };
};

/** Counts by day and in all, while pages are folded. */
const makeLedger = () => {
  const days = new Map<string, HistoryCounts>();
  const total = noCounts();
  const joined = new Set<string>();
  let first: StoredRecord | undefined;
  return {
    days,
    total,
    first: () => first,
    take: ({ records }: ReadPage): void => {
      first ??= records[0]?.record;
      for (const read of records) {
        const day = read.record.recordedAt.slice(0, 10);
        const counts = days.get(day) ?? noCounts();
        days.set(day, counts);
        for (const each of [counts, total]) countRecord(each, read, (userId) => joined.has(userId));
        const [subject] = read.record.metadata.subjects;
        if (read.record.type === 'UserJoinedGroup' && subject !== undefined) joined.add(subject);
      }
    },
  };
};

/** The closed loop from the beginning, in totals: what came in, what went out, what became of it, and what is left standing. */
export async function* historySteps(log: AuditedLog, query: HistoryQuery): AsyncGenerator<HistoryStep> {
  const state = makeEngineState();
  const ledger = makeLedger();
  const isEmpty = await isEmptyLog(log.stream, query, log.now());
  const options = { onPage: ledger.take, signal: query.signal };
  const last = isEmpty ? undefined : await foldTo(log.stream, state, query.to, options);
  log.check(state);
  const days = [...ledger.days].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [day, counts] of days) yield { _tag: 'Day', day, ...asTotals(counts) };
  const [from, to] = [ledger.first(), last].map((record) => (record === undefined ? null : placeOf(record)));
  yield {
    _tag: 'Total',
    from: from ?? null,
    to: to ?? null,
    days: days.length,
    ...asTotals(ledger.total),
    standing: standingOf(state, (await log.recorded()).contextAt(state)),
    stateDigest: stateDigest(state),
  };
}
