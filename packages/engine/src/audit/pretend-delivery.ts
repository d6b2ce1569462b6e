import type { Command, CommandId, ObjectId, Preferences } from '@learnamp/directory-sync-domain';
import { encodePreferences, plannerVersion, subjectOf } from '@learnamp/directory-sync-domain';
import { canonicalJson } from '@learnamp/directory-sync-event-sourcing';
import { setImmediate } from 'node:timers/promises';
import { chunksOf } from '../chunks-of.js';
import { deliver } from '../deliver/deliver.js';
import type { Job, Sender } from '../deliver/dispatch.js';
import { makePlanner, type Planner } from '../deliver/plan-now.js';
import { receiptEvents } from '../deliver/receipt-events.js';
import { graphTimeOf, type PlanningContext } from '../observe/cycle-context.js';
import { makeShadowRecorder, type Pending } from '../record/recorder.js';
import type { EngineState } from '../state/engine-state.js';
import { pretendedOutcome } from './pretended-outcome.js';

/** Of whom delivery is pretended before others have their turn. */
const SLICE = 500;

/** A command that would go out, or wait for the reason that is named. */
export type Pretended = { readonly command: Command; readonly held: string | undefined };

/** Takes what would be sent, and records in the state of its own that all of it went well. */
const makePretendingSender = (
  planning: PlanningContext,
  { note, onSlice }: { readonly note: (command: Command) => void; readonly onSlice: () => void },
): Sender => {
  let number = 0;
  const sent = (command: Command) => {
    note(command);
    number += 1;
    return { command, commandId: `what-if:${number}` as CommandId, mac: '', unknown: false };
  };
  return {
    observeDoubted: () => Promise.resolve(false),
    send: async (jobs: ReadonlyArray<Job>) => {
      const graphTime = graphTimeOf(planning);
      for (const slice of chunksOf(jobs, SLICE)) {
        const dispatched = slice.flatMap(({ commands }) => commands.map(sent));
        if (dispatched.length === 0) continue;
        const items = dispatched.map(({ command, commandId, mac }) => ({
          ...{ commandId, mac },
          ...{ subject: subjectOf(command), kind: command.kind },
        }));
        await planning.recorder.record((): ReadonlyArray<Pending> => [
          { type: 'CommandsDispatched', data: { plannerVersion, graphTime, items } },
          ...dispatched.flatMap((each) => receiptEvents(each, pretendedOutcome(each.command), graphTime)),
        ]);
        onSlice();
        await setImmediate();
      }
    },
  };
};

const heldBack = (state: EngineState, planner: Planner): ReadonlyArray<Pretended> =>
  state.deliveredIn('held').flatMap((userId: ObjectId): ReadonlyArray<Pretended> => {
    const { hold } = state.delivered(userId);
    const plan = planner.planOf(userId);
    const command =
      hold?.kind === 'deactivations' ? plan?.leaver : plan?.commands.find(({ kind }) => kind === 'CreateUser');
    return command === undefined ? [] : [{ command, held: hold?.reason ?? 'held' }];
  });

/**
 * A delivery without anywhere to deliver to: over a state that nobody else sees, with the order, the rounds and the holds of
 * the real one. Learn Amp cannot be reached from here, and nothing is recorded in the log.
 */
export const pretendDelivery = async (
  state: EngineState,
  preferences: Preferences,
  { now, onPlanned }: Pick<PlanningContext, 'now' | 'onPlanned'>,
): Promise<ReadonlyArray<Pretended>> => {
  const recorder = makeShadowRecorder(state, now);
  recorder.openCycle(() => [], 'what-if');
  const planning: PlanningContext = {
    ...{ state, preferences, recorder, now, onPlanned },
    full: false,
    clock: { graphTime: undefined },
  };
  const encoded = encodePreferences(preferences);
  // Saving preferences is an event: teams that were refused before are asked for again.
  await recorder.record((): ReadonlyArray<Pending> => {
    const known = state.connection().preferences;
    const isNews = known === undefined || canonicalJson(known) !== canonicalJson(encoded);
    return isNews ? [{ type: 'PreferencesChanged', data: { preferences: encoded, actor: 'what-if' } }] : [];
  });
  const sent: Command[] = [];
  const planner = makePlanner(planning);
  await deliver(
    planning,
    planner,
    makePretendingSender(planning, {
      note: (command) => sent.push(command),
      onSlice: () => onPlanned?.(state.counts().everInScope),
    }),
  );
  return [...sent.map((command) => ({ command, held: undefined })), ...heldBack(state, planner)];
};
