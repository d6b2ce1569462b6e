import type { Command } from '@learnamp/directory-sync-domain';
import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';
import { runCycle } from '../cycle.js';
import type { AccountsLook } from '../deliver/observe-accounts.js';
import type { Preview, PreviewedCommand } from '../directory-sync.js';
import { readOnlyLinkCache } from '../link-cache.js';
import { uncountedRounds } from '../observe/begun-rounds.js';
import { makePreviewPort } from '../preview-port.js';
import { makeShadowRecorder } from '../record/recorder.js';
import { asPreviewed, peopleCounts } from '../report.js';
import { quietTelemetry } from '../telemetry/telemetry.js';
import { previewedCommand, previewedHolds, previewTotals } from '../views/previewed-command.js';
import { standingAttention } from '../views/standing.js';
import { cycleContextOf } from './cycle-context-of.js';
import { cycleHeader } from './cycle-header.js';
import type { CycleRequest } from './cycle-request.js';
import { measureCycle, nothingDone } from './measure-cycle.js';
import type { Connection } from './open-connection.js';
import { previewKeys } from './preview-keys.js';
import { CONCURRENCY } from './run-sync.js';
import { whyNoPreview } from './why-not-begin.js';

/** Where the photo lane stands is read, and left as it is. */
const readOnlyCache = ({ get }: LocalCache): LocalCache => ({
  get,
  put: () => Promise.resolve(),
  take: get,
  scrub: () => Promise.resolve(),
  close: () => Promise.resolve(),
});

/** The same cycle over a state of its own, with nothing recorded and nothing sent. */
export const runPreview = async (connection: Connection, request: CycleRequest): Promise<Preview> => {
  const { options, world, links, leftOut } = connection;
  const report = measureCycle(connection, request);
  const state = await connection.view();
  const now = peopleCounts(state, standingAttention(state, options.preferences));
  const against = await whyNoPreview(connection, state, request.signal);
  if (against !== undefined)
    return { ...asPreviewed(report(nothingDone(against, state)), now), commands: [], totals: previewTotals([]) };
  const recorder = makeShadowRecorder(state, world.now);
  const keys = previewKeys(options.keys);
  recorder.openCycle(await cycleHeader(options, state, keys, request), world.newId());
  const commands: PreviewedCommand[] = [];
  let look: AccountsLook | undefined;
  const driftOf = (command: Command): ReadonlyArray<string> =>
    command.kind === 'EnsureTeam' ? [] : (look?.differences.get(command.userId) ?? []);
  const context = cycleContextOf(connection, { state, recorder }, request, {
    links: readOnlyLinkCache(links),
    begunRounds: uncountedRounds,
    leftOut: { ...leftOut, put: () => Promise.resolve() },
    isPaused: () => false,
    telemetry: quietTelemetry,
    learnAmp: makePreviewPort(options.learnAmp, {
      note: (command) => commands.push(previewedCommand(state, command, driftOf(command))),
      looksUp: state.connection().initialSyncDone && !request.full,
    }),
  });
  const result = await runCycle(context, {
    keys,
    concurrency: CONCURRENCY,
    onLook: (made) => {
      look = made;
    },
    photos: request.photos ? { cache: readOnlyCache(options.cache), yields: () => false } : undefined,
  });
  const all = [...commands, ...previewedHolds(state)];
  return { ...asPreviewed(report({ recorder, state, result }), now), commands: all, totals: previewTotals(all) };
};
