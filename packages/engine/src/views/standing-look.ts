import type { ConnectionState, DirectoryEvent, ObjectId, PersonPlan } from '@learnamp/directory-sync-domain';
import type { EventLog, EventStream, Head } from '@learnamp/directory-sync-event-sourcing';
import { sameHead } from '@learnamp/directory-sync-event-sourcing';
import { setImmediate } from 'node:timers/promises';
import { planBasis } from '../deliver/idle.js';
import type { Attention, DirectorySyncOptions } from '../directory-sync.js';
import { attentionOf } from '../report.js';
import type { EngineState } from '../state/engine-state.js';
import { planOver, whoMayNeedAnything } from './standing.js';
import { touchedSince, type Touched } from './touched-since.js';

type PlannedOver = Pick<
  ConnectionState,
  'teams' | 'noSeatsSince' | 'unsupported' | 'settingsRevision' | 'otherOwners' | 'epoch'
>;

type Looked = {
  readonly head: Head | undefined;
  readonly basis: string;
  readonly over: PlannedOver;
  /** The plans that are not idle. */
  readonly plans: Map<ObjectId, PersonPlan>;
  readonly attention: ReadonlyArray<Attention>;
};

/** People planned before others have their turn. */
const SLICE = 200;

/** What begins and ends cycles, and is about nobody: no plan rests on it. */
const ofNoPlan: ReadonlySet<string> = new Set<DirectoryEvent['type']>([
  'SyncRequested',
  'SyncStarted',
  'SyncCompleted',
  'DeltaCursorMoved',
  'ConnectionPaused',
  'ConnectionResumed',
]);

/** What plans rest on beside people. */
const plannedOver = (state: EngineState): PlannedOver => {
  const { teams, noSeatsSince, unsupported, settingsRevision, otherOwners, epoch } = state.connection();
  return { teams, noSeatsSince, unsupported, settingsRevision, otherOwners, epoch };
};

const isSame = (one: PlannedOver, other: PlannedOver): boolean => JSON.stringify(one) === JSON.stringify(other);

/**
 * Who needs a look, kept between questions: the first one plans whoever may need anything, in slices that let others have
 * their turn; later ones plan those again of whom something was said since, and those whose plans rest on theirs.
 * Invariant: equals `standingAttention` over the same state.
 */
export const makeStandingLook = (
  { log, preferences }: Pick<DirectorySyncOptions, 'preferences'> & { readonly log: EventLog },
  stream: EventStream<DirectoryEvent>,
): ((state: EngineState) => Promise<ReadonlyArray<Attention>>) => {
  let looking: Promise<Looked | undefined> = Promise.resolve(undefined);
  const basis = planBasis(preferences);

  const lookAtAll = async (state: EngineState): Promise<Looked> => {
    const head = state.head();
    const over = plannedOver(state);
    const plans = new Map<ObjectId, PersonPlan>();
    const plan = planOver(state, preferences);
    let planned = 0;
    for (const userId of whoMayNeedAnything(state, preferences)) {
      plan(userId, plans);
      planned += 1;
      if (planned % SLICE === 0) await setImmediate();
    }
    return { head, basis, over, plans, attention: attentionOf(state, plans, new Set()) };
  };

  const lookAgain = async (state: EngineState, known: Looked, { subjects, types }: Touched): Promise<Looked> => {
    const head = state.head();
    const again = new Set(subjects as ReadonlySet<ObjectId>);
    for (const userId of state.dependantsOf(again)) again.add(userId);
    // Whatever somebody waits for, is refused or is sent may rest on others: whose address is free, who made which team.
    if (subjects.size > 0 || ![...types].every((type) => ofNoPlan.has(type)))
      for (const userId of known.plans.keys()) again.add(userId);
    const plan = planOver(state, preferences);
    let planned = 0;
    for (const userId of again) {
      plan(userId, known.plans);
      planned += 1;
      if (planned % SLICE === 0) await setImmediate();
    }
    return { ...known, head, attention: attentionOf(state, known.plans, new Set()) };
  };

  const next = async (state: EngineState, known: Looked | undefined): Promise<Looked> => {
    const head = state.head();
    if (known?.head === undefined || head === undefined || !isSame(known.over, plannedOver(state)))
      return lookAtAll(state);
    if (sameHead(known.head, head)) return known;
    const touched = await touchedSince(log, stream, { before: known.head, now: head });
    return touched === undefined ? lookAtAll(state) : lookAgain(state, known, touched);
  };

  return async (state) => {
    const before = looking.catch(() => undefined);
    const looked = before.then((known) => next(state, known));
    looking = looked;
    return (await looked).attention;
  };
};
