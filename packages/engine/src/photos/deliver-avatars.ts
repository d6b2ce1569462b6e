import type { Command, CommandOf, ObjectId } from '@learnamp/directory-sync-domain';
import { phaseOf, planPerson } from '@learnamp/directory-sync-domain';
import type { DataKey } from '@learnamp/directory-sync-event-sourcing';
import { chunksOf } from '../chunks-of.js';
import { makeAnswers } from '../deliver/answers.js';
import { jobOf, makeDispatcher, type Dispatcher, type Tally } from '../deliver/dispatch.js';
import { DirectorySyncError } from '../directory-sync.js';
import { stopIfAborted } from '../observe/cycle-context.js';
import { checkAvatar } from './check-avatar.js';
import { fetchAvatar } from './fetch-avatar.js';
import type { PhotoLane } from './photo-lane.js';
import { photoPort, type Prepared } from './photo-port.js';

/** Pictures in memory and calls under way at once. */
const AT_ONCE = 4;
/** So many fours in a row without any answer, and the lane ends: it is not one person's photo then. */
const MOST_FAILURES = 2;

const AVATARS = phaseOf.SetAvatar;

type AvatarCommand = CommandOf<'SetAvatar'> | CommandOf<'ClearAvatar'>;
const isAvatar = (command: Command): command is AvatarCommand => phaseOf[command.kind] === AVATARS;

const addTally = (into: Tally, from: Tally): void => {
  for (const [kind, counts] of from) {
    const before = into.get(kind);
    into.set(kind, {
      planned: counts.planned + (before?.planned ?? 0),
      succeeded: counts.succeeded + (before?.succeeded ?? 0),
      rejected: counts.rejected + (before?.rejected ?? 0),
      deferred: counts.deferred + (before?.deferred ?? 0),
      unsupported: counts.unsupported + (before?.unsupported ?? 0),
    });
  }
};

export type AvatarDelivery = {
  /** Sets and clears the avatars of these people, as planned now. `false`: the turn was given back before the end. */
  readonly deliver: (userIds: ReadonlyArray<ObjectId>, keys: ReadonlyMap<string, DataKey>) => Promise<boolean>;
  /** Adds what was done to the cycle's count. */
  readonly finish: () => void;
};

/**
 * Avatars, four at a time: fetched, dispatched, answered, and forgotten. Invariant: no more than four pictures are in memory,
 * and a picture is fetched before its command is dispatched, so one that cannot be fetched leaves no unknown slot.
 */
export const makeAvatarDelivery = ({ cycle, planner, dispatcher, keys, yields }: PhotoLane): AvatarDelivery => {
  const prepared = new Map<ObjectId, Prepared>();
  // An avatar without an answer says nothing of the person's account, nor of the rest of the cycle.
  const answers = makeAnswers();
  const sender: Dispatcher = makeDispatcher(
    { ...cycle, answers, learnAmp: photoPort(cycle.learnAmp, prepared), progress: () => undefined },
    keys,
    AT_ONCE,
  );
  // Of now: what the port can do may have been noted since the cycle began.
  const context = { ...planner.context, unsupported: new Set(cycle.state.connection().unsupported) };
  let failures = 0;

  const planned = (userId: ObjectId): ReadonlyArray<AvatarCommand> =>
    planPerson(context, userId).commands.filter(isAvatar);

  /** Whether these can go out now: the pictures are there, or nothing has to be fetched. */
  const prepare = async (commands: ReadonlyArray<AvatarCommand>, dataKeys: ReadonlyMap<string, DataKey>) => {
    const ready: AvatarCommand[] = [];
    let unreachable = 0;
    const one = async (command: AvatarCommand): Promise<void> => {
      const key = dataKeys.get(command.userId);
      if (key === undefined) return;
      const fetched =
        command.kind === 'ClearAvatar'
          ? await checkAvatar(cycle, command, key)
          : await fetchAvatar(cycle, command, key);
      if (fetched._tag === 'NotNow') {
        if (fetched.unreachable) unreachable += 1;
        return;
      }
      prepared.set(command.userId, fetched);
      ready.push(command);
    };
    await Promise.all(commands.map(one));
    return { ready, failed: unreachable === commands.length };
  };

  const send = async (commands: ReadonlyArray<AvatarCommand>): Promise<boolean> => {
    planner.sending(commands);
    try {
      await sender.send(commands.map((command) => jobOf(command.userId, [command])));
      return !commands.some(({ userId }) => answers.isMissing(userId));
    } catch (error) {
      // One account's avatar without an answer is that account's trouble, until the next ones have the same.
      if (error instanceof DirectorySyncError && error.code === 'learn-amp-unreachable') return false;
      throw error;
    }
  };

  const four = async (commands: ReadonlyArray<AvatarCommand>, dataKeys: ReadonlyMap<string, DataKey>) => {
    try {
      const { ready, failed } = await prepare(commands, dataKeys);
      const answered = ready.length === 0 ? !failed : await send(ready);
      failures = answered ? 0 : failures + 1;
    } finally {
      prepared.clear();
    }
    if (failures >= MOST_FAILURES)
      throw new DirectorySyncError('learn-amp-unreachable', 'Photos or avatars gave no answer several times in a row.');
  };

  return {
    deliver: async (userIds, dataKeys) => {
      for (const commands of chunksOf(userIds.flatMap(planned), AT_ONCE)) {
        if (yields()) return false;
        stopIfAborted(cycle);
        await four(commands, dataKeys);
        if (cycle.state.connection().unsupported.includes('SetAvatar')) return true;
      }
      return true;
    },
    finish: () => addTally(dispatcher.tally, sender.tally),
  };
};
