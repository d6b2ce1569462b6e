import type { DeliveredPerson, DirectoryPerson, ObjectId } from '@learnamp/directory-sync-domain';
import type { ProjectionRows } from '@learnamp/directory-sync-event-sourcing';
import { makeMemoryRows } from '@learnamp/directory-sync-event-sourcing';
import { makeEngineState, type EngineState } from '../state/engine-state.js';
import { tables } from '../state/tables.js';
import type { AuditedLog } from './audited-log.js';
import { isEmptyLog } from './check-moments.js';
import { connectionAt } from './connection-at.js';
import { foldTo } from './fold-to.js';
import type { Moment } from './moment.js';
import { personAt, type BothSides, type Surroundings } from './person-at.js';
import type { RecordedPreferences } from './recorded-preferences.js';
import type { PersonAt, StateQuery, StateStep } from './state-views.js';

/** What people are looked at with in a state. */
export const surroundingsOf = (state: EngineState, recorded: RecordedPreferences): Surroundings => {
  const { groupId } = state.connection();
  return {
    context: recorded.contextAt(state),
    reach: groupId === undefined ? undefined : state.membership.reach(groupId),
  };
};

export const bothSides = (rows: Pick<ProjectionRows, 'get'>, userId: ObjectId): BothSides => ({
  person: rows.get(tables.people, userId) as DirectoryPerson | undefined,
  delivered: rows.get(tables.delivered, userId) as DeliveredPerson | undefined,
});

/** Everybody either side told of, in the order of ids. */
export function* everybodyIn(rows: Pick<ProjectionRows, 'scan'>): Generator<ObjectId> {
  const others = rows.scan(tables.delivered);
  let other = others.next();
  for (const [userId] of rows.scan(tables.people)) {
    for (; other.done !== true && other.value[0] < userId; other = others.next()) yield other.value[0] as ObjectId;
    if (other.done !== true && other.value[0] === userId) other = others.next();
    yield userId as ObjectId;
  }
  for (; other.done !== true; other = others.next()) yield other.value[0] as ObjectId;
}

/** What was known and delivered of each person at a moment: a fold up to it, and a look at each. Nothing is written. */
export async function* stateAt(log: AuditedLog, at: Moment, query: StateQuery): AsyncGenerator<StateStep> {
  const rows = makeMemoryRows();
  const state = makeEngineState(rows);
  const isEmpty = await isEmptyLog(log.stream, { to: at }, log.now());
  const last = isEmpty ? undefined : await foldTo(log.stream, state, at, { signal: query.signal });
  log.check(state);
  yield connectionAt(state, last);
  const surroundings = surroundingsOf(state, await log.recorded());
  for (const userId of query.userIds ?? everybodyIn(rows)) {
    const person: PersonAt | undefined = personAt(surroundings, userId, bothSides(rows, userId));
    if (person !== undefined) yield person;
  }
}
