import type { UserProperty } from '../directory/user-properties.js';
import type { GroupProperty } from './views.js';

type Shared = {
  /** The objects of interest; all of them where no filter was given. */
  readonly ids: ReadonlySet<string> | undefined;
  /** `Prefer: return=minimal`: only what changed. */
  readonly minimal: boolean;
  /** Names the query's randomness. */
  readonly name: string;
  /** `$select` and `$filter` as given: a restart of the round repeats them. */
  readonly options: string;
};

export type UsersQuery = Shared & {
  readonly kind: 'users';
  readonly properties: ReadonlyArray<UserProperty>;
  readonly manager: boolean;
};

export type GroupsQuery = Shared & {
  readonly kind: 'groups';
  readonly properties: ReadonlyArray<GroupProperty>;
  readonly members: boolean;
};

/** What a delta query asks for; bound to its first call and carried by every token after it. */
export type DeltaQuery = UsersQuery | GroupsQuery;
