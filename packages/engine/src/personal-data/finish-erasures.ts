import type { ObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { KeyStoreFailure } from '@learnamp/directory-sync-event-sourcing';
import type { Connection } from '../connection/open-connection.js';
import { forgetAnswers } from '../connection/sync-answers.js';
import { logError } from '../failure.js';
import { foldTail } from '../open-stream.js';
import type { EngineState } from '../state/engine-state.js';
import { foldVersion } from '../state/tables.js';
import { doomedKeys } from './doomed-keys.js';

/** What it works with of a connection. */
export type Erasing = Pick<Connection, 'options' | 'stream' | 'projections' | 'rows'>;
type Logging = Pick<Connection, 'logger'>;

/** Erased people looked at together. */
const BATCH = 500;

const answer = async <A>(ask: TE.TaskEither<KeyStoreFailure, A>): Promise<A> => {
  const given = await ask();
  if (E.isLeft(given)) throw logError(given.left);
  return given.right;
};

type Erased = readonly [userId: ObjectId, revision: bigint];

/** Resolves with whether somebody who came back meanwhile lost what was recorded since. */
const destroyKeys = async ({ options, stream }: Erasing, batch: ReadonlyArray<Erased>): Promise<boolean> => {
  const { keys } = options;
  const owned = await answer(keys.ofOwners(batch.map(([userId]) => userId)));
  let lostSince = false;
  for (const [userId, revision] of batch) {
    const { keyIds, usedSince } = await doomedKeys(stream, userId, revision, owned.get(userId) ?? []);
    if (keyIds.length > 0) await answer(keys.destroy(userId, keyIds));
    lostSince ||= usedSince;
  }
  return lostSince;
};

/** Folds of other versions, and of a rebuild that is under way, hold what they were folded from. */
const wipe = async ({ options, stream, projections }: Erasing): Promise<void> => {
  const isPresent = (fold: { readonly version: string; readonly stage: string }): boolean =>
    fold.version === foldVersion && fold.stage === 'standing';
  await projections.discard(stream.name, isPresent);
  while (await projections.sweep());
  await forgetAnswers(options.cache, options.connectionId);
  await options.cache.scrub();
};

/** The rows know what the log cannot tell any more: without it whoever is in the group joins again, and is read anew. */
const foldAnew = async ({ rows, stream }: Erasing, state: EngineState): Promise<void> => {
  (await rows()).clear();
  state.forget();
  await foldTail(stream, state);
};

/**
 * Finishes every erasure that is recorded: destroys the keys, then sees to it that nothing of the data is left on this machine.
 * The rows themselves were emptied by the fold of `PersonErased`. Each step may be repeated, and a person is crossed off only
 * after the last one, so whatever dies on the way is finished by the next start or cycle. Costs one look at the rows where
 * nothing is due.
 */
export const finishErasures = async (erasing: Erasing, state: EngineState): Promise<void> => {
  const due = state.work.erasing();
  if (due.length === 0) return;
  let lostSince = false;
  for (let at = 0; at < due.length; at += BATCH)
    if (await destroyKeys(erasing, due.slice(at, at + BATCH))) lostSince = true;
  await wipe(erasing);
  if (lostSince) await foldAnew(erasing, state);
  state.work.settleErasures(due.map(([userId]) => userId));
};

/** For who has something else to do: what is left undone is tried again by the next cycle or start. */
export const tryToFinishErasures = (erasing: Erasing & Logging, state: EngineState): Promise<void> =>
  finishErasures(erasing, state).catch((cause: unknown) => {
    const kind = cause instanceof Error ? cause.name : typeof cause;
    erasing.logger.warn(
      { connectionId: erasing.options.connectionId, cause: kind },
      'An erasure could not be finished; it is tried again.',
    );
  });
