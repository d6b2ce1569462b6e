import type {
  DirectorySource,
  GraphFailure,
  SubscriptionClient,
  SubscriptionRefused,
} from '@learnamp/directory-sync-graph';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** Told of the host alone: of a link that was refused nothing else is shown or kept. */
export type OnRefused = (host: string) => void;

const watching =
  (onRefused: OnRefused) =>
  <Args extends ReadonlyArray<unknown>, F extends GraphFailure | SubscriptionRefused, A>(
    ask: (...args: Args) => TaskEither<F, A>,
  ) =>
  (...args: Args): TaskEither<F, A> =>
  async () => {
    const answer = await ask(...args)();
    if (E.isLeft(answer) && answer.left._tag === 'UnsafeLink') onRefused(answer.left.host);
    return answer;
  };

/** The same source; whoever counts is told of each answer whose link was refused. */
export const watchLinks = (source: DirectorySource, onRefused: OnRefused): DirectorySource => {
  const watch = watching(onRefused);
  return {
    ...source,
    readGroup: watch(source.readGroup),
    readNestedGroups: watch(source.readNestedGroups),
    countUsers: watch(source.countUsers),
    latestUsers: watch(source.latestUsers),
    usersPage: watch(source.usersPage),
    groupsPage: watch(source.groupsPage),
    readProfiles: watch(source.readProfiles),
    checkMembership: watch(source.checkMembership),
    readMemberships: watch(source.readMemberships),
    photos: { read: watch(source.photos.read), fetch: watch(source.photos.fetch) },
  };
};

/** The same for the subscriptions of a tenant. */
export const watchSubscriptionLinks = (client: SubscriptionClient, onRefused: OnRefused): SubscriptionClient => {
  const watch = watching(onRefused);
  return { ...client, list: watch(client.list) };
};
