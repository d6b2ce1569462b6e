import type {
  Command,
  CommandKind,
  DirectoryEventOf,
  ObjectId,
  PlanContext,
  TeamKey,
} from '@learnamp/directory-sync-domain';
import { planPerson, planTeams, plannerVersion } from '@learnamp/directory-sync-domain';
import type { DataKey } from '@learnamp/directory-sync-event-sourcing';
import type { RecordedPreferences } from '../audit/recorded-preferences.js';
import { commandIdOf, commandMac } from '../deliver/command-id.js';
import { dueAgainOf } from '../deliver/due-again.js';
import type { Envelope } from '../record/recorder.js';
import type { EngineState } from '../state/engine-state.js';
import type { CycleSoFar } from './cycle-so-far.js';
import type { ErasedPeople } from './erased-people.js';
import type { OwnerKeys } from './owner-keys.js';
import type { TeamWishes } from './team-wishes.js';
import type { Collector } from './verify-report.js';

export type Dispatch = Extract<Envelope, { readonly type: 'CommandsDispatched' }>;
type Item = DirectoryEventOf<'CommandsDispatched'>['data']['items'][number];

export type CommandCheckAt = {
  readonly connectionId: string;
  readonly connectionOwner: string;
  /** Folded up to the event before the dispatch. */
  readonly state: EngineState;
  readonly recorded: RecordedPreferences;
  readonly cycle: CycleSoFar;
  readonly wishes: TeamWishes;
  readonly erased: ErasedPeople;
  readonly collector: Collector;
};

export const dispatchOwner = ({ kind, subject }: Item, connectionOwner: string): string =>
  kind === 'EnsureTeam' ? connectionOwner : subject;

/** The photo lane plans with what the port can do by then; everything else with what it could when the cycle began. */
const avatarKinds: ReadonlySet<CommandKind> = new Set(['SetAvatar', 'ClearAvatar']);

const managerKinds: ReadonlySet<CommandKind> = new Set(['SetOverrideManager', 'ClearOverrideManager']);

/** The plans of the moment before one dispatch. */
const planningAt = (
  { state, recorded, cycle, wishes }: CommandCheckAt,
  { items, graphTime }: Pick<Dispatch['data'], 'items' | 'graphTime'>,
) => {
  const people = new Set(items.flatMap(({ kind, subject }) => (kind === 'EnsureTeam' ? [] : [subject as ObjectId])));
  const askAgain = new Set(
    [...people].flatMap((userId) => dueAgainOf(state, userId, graphTime)).filter(cycle.stoodBefore),
  );
  const now = recorded.contextAt(state);
  const context: PlanContext = { ...now, askAgain, unsupported: new Set(cycle.unsupported()) };
  const plans = new Map<string, ReadonlyArray<Command>>();
  let teams: ReadonlyArray<Command> | undefined;

  const commandsOf = (userId: ObjectId, isAvatar: boolean): ReadonlyArray<Command> => {
    const place = `${userId}/${isAvatar}`;
    const known = plans.get(place);
    if (known !== undefined) return known;
    const { commands, leaver } = planPerson(isAvatar ? { ...now, askAgain } : context, userId);
    const planned = leaver === undefined ? commands : [...commands, leaver];
    plans.set(place, planned);
    return planned;
  };

  const teamCommands = (): ReadonlyArray<Command> => {
    const keys = items.flatMap(({ kind, subject }) => (kind === 'EnsureTeam' ? [subject as TeamKey] : []));
    const { rejectedTeams } = state.connection();
    teams ??= planTeams(
      wishes.of(new Set(keys), context),
      (key) => context.team(key) !== undefined || (!cycle.isFull() && key in rejectedTeams),
    );
    return teams;
  };

  return ({ kind, subject }: Item): Command | undefined =>
    kind === 'EnsureTeam'
      ? teamCommands().find((command) => command.kind === kind && command.teamKey === subject)
      : commandsOf(subject as ObjectId, avatarKinds.has(kind)).find((command) => command.kind === kind);
};

/** Whether a plan rested on somebody whose data is erased by now, beside the person it is for. */
const restsOnErased = ({ state, erased }: CommandCheckAt, { kind, subject }: Item): boolean => {
  if (!erased.isAnybody()) return false;
  if (kind === 'EnsureTeam') return true;
  if (!managerKinds.has(kind)) return false;
  const person = state.person(subject as ObjectId);
  const { managerSetAccount } = state.delivered(subject as ObjectId);
  const held = managerSetAccount === undefined ? undefined : state.holderOfAccount(managerSetAccount);
  return [person?.managerId, person?.previousManagerId, held].some((id) => typeof id === 'string' && erased.has(id));
};

/** Why a command cannot be derived again, for a reason of design; `undefined`: it can. */
const outOfReach = (at: CommandCheckAt, dispatch: Dispatch, item: Item): string | undefined => {
  if (dispatch.data.plannerVersion !== plannerVersion) return 'planned by another version (receipt and chain only)';
  if (item.kind !== 'EnsureTeam' && at.erased.has(item.subject)) return 'of erased people (chain only)';
  if (at.recorded.at(at.state).instead !== undefined)
    return 'under preferences that this version cannot read (receipt and chain only)';
  return undefined;
};

/**
 * Derives each dispatched command again (design D3): the plan of what was known by then, with the preferences recorded by then,
 * has it, with the same content and the same id.
 */
export const checkDispatch = (at: CommandCheckAt, dispatch: Dispatch, keysOf: OwnerKeys): void => {
  const { connectionId, connectionOwner, state, collector } = at;
  const planned = planningAt(at, dispatch.data);

  const mistake = (item: Item, keys: ReadonlyArray<DataKey>): string | undefined => {
    const command = planned(item);
    if (command === undefined) return 'the plan of that moment has no such command.';
    const key = keys.find((each) => commandMac(each, command) === item.mac);
    if (key === undefined) return 'the plan of that moment has it with another content.';
    return commandIdOf({ connectionId, state }, command, key) === item.commandId
      ? undefined
      : 'its id does not follow from what was known by then.';
  };

  for (const item of dispatch.data.items) {
    collector.checked();
    const reason = outOfReach(at, dispatch, item);
    const wrong = reason === undefined ? mistake(item, keysOf(dispatchOwner(item, connectionOwner))) : undefined;
    if (reason !== undefined) collector.count(reason);
    else if (wrong === undefined) collector.count('derived again');
    else if (restsOnErased(at, item)) collector.count('resting on erased people (receipt and chain only)');
    else
      collector.differs({
        revision: dispatch.revision.toString(),
        type: dispatch.type,
        what: `${item.kind} of ${item.subject}: ${wrong}`,
      });
  }
};
