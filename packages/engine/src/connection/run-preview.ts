import type { Command, ObjectId } from '@learnamp/directory-sync-domain';
import { makeMemoryKeyStore } from '@learnamp/directory-sync-event-sourcing';
import { runCycle } from '../cycle.js';
import type { Preview, PreviewedCommand } from '../directory-sync.js';
import { readOnlyLinkCache } from '../link-cache.js';
import { makePreviewPort } from '../preview-port.js';
import { makeShadowRecorder } from '../record/recorder.js';
import { asPreviewed, peopleCounts } from '../report.js';
import type { EngineState } from '../state/engine-state.js';
import { describeCommand } from '../views/describe-command.js';
import { standingAttention } from '../views/standing.js';
import { cycleContextOf } from './cycle-context-of.js';
import { cycleHeader } from './cycle-header.js';
import type { CycleRequest } from './cycle-request.js';
import { measureCycle } from './measure-cycle.js';
import type { Connection } from './open-connection.js';
import { CONCURRENCY } from './run-sync.js';

const asSent = (state: EngineState, command: Command): PreviewedCommand => {
  const userId = command.kind === 'EnsureTeam' ? undefined : command.userId;
  return {
    kind: command.kind,
    userId,
    displayName: nameOf(state, userId),
    held: false,
    summary: describeCommand(command),
  };
};

const nameOf = (state: EngineState, userId: ObjectId | undefined): string | undefined =>
  userId === undefined ? undefined : (state.person(userId)?.attributes.displayName ?? undefined);

const heldBack = (state: EngineState): ReadonlyArray<PreviewedCommand> =>
  state.deliveredIn('held').flatMap((userId): ReadonlyArray<PreviewedCommand> => {
    const { hold } = state.delivered(userId);
    if (hold === undefined) return [];
    const leaves = hold.kind === 'deactivations';
    return [
      {
        kind: leaves ? 'DeactivateUser' : 'CreateUser',
        userId,
        displayName: nameOf(state, userId),
        held: true,
        summary: leaves ? 'deactivate: waits for approval' : 'create: waits for approval',
      },
    ];
  });

/** The same cycle over a state of its own, with nothing recorded and nothing sent. */
export const runPreview = async (connection: Connection, request: CycleRequest): Promise<Preview> => {
  const { options, world, links, leftOut } = connection;
  const report = measureCycle(connection, request);
  const state = await connection.view();
  const now = peopleCounts(state, standingAttention(state, options.preferences));
  const recorder = makeShadowRecorder(state, world.now);
  const noKeys = makeMemoryKeyStore();
  recorder.openCycle(await cycleHeader(options, state, noKeys, request), world.newId());
  const commands: Command[] = [];
  const context = cycleContextOf(connection, { state, recorder }, request, {
    links: readOnlyLinkCache(links),
    leftOut: { ...leftOut, put: () => Promise.resolve() },
    isPaused: () => false,
    learnAmp: makePreviewPort(options.learnAmp, {
      note: (command) => commands.push(command),
      looksUp: state.connection().initialSyncDone && !request.full,
    }),
  });
  const result = await runCycle(context, { keys: noKeys, concurrency: CONCURRENCY });
  return {
    ...asPreviewed(report({ recorder, state, result }), now),
    commands: [...commands.map((command) => asSent(state, command)), ...heldBack(state)],
  };
};
