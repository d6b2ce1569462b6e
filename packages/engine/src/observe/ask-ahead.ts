import type { ObjectId } from '@learnamp/directory-sync-domain';
import type { DeltaPage, DirectorySource, GraphFailure } from '@learnamp/directory-sync-graph';
import type { UserObservation } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { ask, type CycleContext } from './cycle-context.js';

/**
 * What a reading from the beginning has to know before its first page. None of these answers rests on another one, so they are
 * asked for at once and take as long as one of them; what of them counts, and in which order, is decided as if they came later.
 */
export type AskedAhead = {
  /** The cursor of now, asked for before any page of a group or of people. */
  readonly latestUsers: TaskEither<GraphFailure, DeltaPage<UserObservation>> | undefined;
  readonly countUsers: TaskEither<GraphFailure, number> | undefined;
  /** Everything below the roots, by the directory's index. */
  readonly groupsBelow: (() => Promise<ReadonlyArray<ObjectId>>) | undefined;
};

/** Sent now; whoever asks waits for the one answer. */
const sent = <A>(read: TaskEither<GraphFailure, A>): TaskEither<GraphFailure, A> => {
  const answer = read();
  // A failure that nobody asks about says nothing.
  answer.catch(() => undefined);
  return () => answer;
};

/** Everything below the roots, so that a chain is not read link by link; nothing of a root where that fails. */
const belowOf = async (
  context: CycleContext,
  reads: ReadonlyArray<TaskEither<GraphFailure, ReadonlyArray<ObjectId>>>,
): Promise<ReadonlyArray<ObjectId>> => {
  const below: ObjectId[] = [];
  for (const nested of reads) {
    const read = await nested();
    if (E.isRight(read)) for (const groupId of read.right) below.push(groupId);
    else if (read.left._tag === 'GraphAborted') await ask(() => Promise.resolve(read));
    else context.logger.debug({ failure: read.left._tag }, 'The nested groups are found level by level.');
  }
  return below;
};

const nestedIn =
  ({ directory }: { readonly directory: DirectorySource }, signal: AbortSignal | undefined) =>
  (root: ObjectId): TaskEither<GraphFailure, ReadonlyArray<ObjectId>> =>
    directory.readNestedGroups(root, { signal });

export const groupsBelow = (context: CycleContext, roots: ReadonlyArray<ObjectId>): Promise<ReadonlyArray<ObjectId>> =>
  belowOf(context, roots.map(nestedIn(context, context.signal)));

export type Ahead = {
  /** The users are read from the beginning. */
  readonly users: boolean;
  /** Roots of groups that are read from the beginning. */
  readonly roots: ReadonlyArray<ObjectId>;
};

export const askAhead = (
  context: CycleContext,
  { users, roots }: Ahead,
  signal: AbortSignal | undefined,
): AskedAhead => {
  const { directory } = context;
  const nested = roots.map((root) => sent(nestedIn(context, signal)(root)));
  return {
    latestUsers: users ? sent(directory.latestUsers({ signal })) : undefined,
    countUsers: users ? sent(directory.countUsers({ signal })) : undefined,
    groupsBelow: roots.length === 0 ? undefined : () => belowOf(context, nested),
  };
};
