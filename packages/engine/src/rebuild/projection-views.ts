import type { DirectoryEvent } from '@learnamp/directory-sync-domain';
import type { EventStream, FoldView, Head } from '@learnamp/directory-sync-event-sourcing';
import { LogFailure } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import type { Connection } from '../connection/open-connection.js';
import type { ProjectionName } from '../directory-sync.js';
import { decodeError, logError } from '../failure.js';
import { stops } from '../record/read-stream.js';
import { foldVersion, projectionTables } from '../state/tables.js';
import {
  checkpointView,
  projectionState,
  type FoldFacts,
  type ProjectionView,
  type StoppedAt,
} from './projection-view.js';

type Stream = EventStream<DirectoryEvent>;

/** Milliseconds after which nobody seems to be folding. */
const MOVING = 30_000;
/** Events looked at behind a checkpoint: where folding stopped, it is the next one. */
const LOOKED_AT = 1_000n;

const names = Object.keys(projectionTables) as ReadonlyArray<ProjectionName>;

const recordedAt = async (stream: Stream, revision: bigint): Promise<number> => {
  for await (const page of stream.pages({ from: revision, to: revision, size: 1 }))
    for (const read of page) return Date.parse((read._tag === 'Failed' ? read.failure.record : read.record).recordedAt);
  return 0;
};

const secondsBetween = async (stream: Stream, from: bigint, to: bigint): Promise<number> =>
  Math.max(0, Math.round(((await recordedAt(stream, to)) - (await recordedAt(stream, from))) / 1_000));

const stoppedAt = async (stream: Stream, from: bigint): Promise<StoppedAt | null> => {
  for await (const page of stream.pages({ from, to: from + LOOKED_AT }))
    for (const read of page)
      if (read._tag === 'Failed' && stops(read.failure)) {
        const { revision, type } = read.failure.record;
        return { revision: revision.toString(), type, reason: decodeError(read.failure).message };
      }
  return null;
};

type Place = { readonly head: Head | undefined; readonly now: number; readonly furthest: bigint };

const viewOf = async (
  stream: Stream,
  { head, now, furthest }: Place,
  fold: FoldView | undefined,
): Promise<ReadonlyArray<ProjectionView>> => {
  const reached = fold?.checkpoint?.revision ?? -1n;
  const events = Number((head?.revision ?? -1n) - reached);
  const isBehind = head !== undefined && events > 0;
  const stopped = isBehind ? await stoppedAt(stream, reached + 1n) : null;
  const seconds = isBehind ? await secondsBetween(stream, reached < 0n ? 0n : reached, head.revision) : 0;
  const isOurs = fold === undefined || fold.version === foldVersion;
  const facts = (movedAt: string): FoldFacts => ({
    isOurs,
    stopped: stopped !== null,
    isMoving: now - Date.parse(movedAt) < MOVING,
    isOvertaken: isBehind && furthest > reached,
  });
  const state = fold === undefined ? 'new' : projectionState(fold.stage, facts(fold.movedAt));
  return names.map((name) => ({
    name,
    version: fold?.version ?? foldVersion,
    state,
    checkpoint: checkpointView(fold?.checkpoint),
    behind: { events: Math.max(0, events), seconds },
    since: fold?.since ?? null,
    stoppedAt: isOurs ? stopped : null,
  }));
};

/** Where every projection stands, in every version there are rows of: those of this version first. Writes nothing. */
export const projectionViews = async ({ stream, projections }: Connection): Promise<ReadonlyArray<ProjectionView>> => {
  const head = await stream.head()();
  if (E.isLeft(head)) throw logError(head.left);
  const folds = await projections.folds(stream.name);
  const ours = folds.filter(({ version }) => version === foldVersion);
  const others = folds.filter(({ version }) => version !== foldVersion);
  const furthest = others.reduce((most, { checkpoint }) => {
    const revision = checkpoint?.revision ?? -1n;
    return revision > most ? revision : most;
  }, -1n);
  const place = { head: head.right, now: Date.now(), furthest };
  const shown = ours.some(({ stage }) => stage === 'standing') ? [...ours, ...others] : [undefined, ...ours, ...others];
  try {
    const views: ProjectionView[] = [];
    for (const fold of shown) views.push(...(await viewOf(stream, place, fold)));
    return views;
  } catch (error) {
    if (error instanceof LogFailure) throw logError(error.failure);
    throw error;
  }
};
