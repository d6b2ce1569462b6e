import type { ObjectId, PersonalView } from '@learnamp/directory-sync-domain';

/** On whose behalf people's data is shown: recorded under this name. An `Actor` is one, too. */
export type Viewer = { readonly actor: string };

/** One look at people's data, as the access log tells it. */
export type AccessView = {
  /** In the access stream, which counts for itself. */
  readonly revision: string;
  readonly recordedAt: string;
  readonly view: PersonalView;
  /** Whose data; empty: everybody's. */
  readonly userIds: ReadonlyArray<ObjectId>;
  /** How many people that were. */
  readonly count: number;
  readonly actor: string;
};

/** Which looks at people are asked for. */
export type AccessesQuery = {
  /** Looks at one of these, those at everybody included. Default: all looks. */
  readonly userIds?: ReadonlyArray<ObjectId> | undefined;
  /** Recorded at this moment or later. */
  readonly from?: Date | undefined;
};

/** What is about to be shown. */
export type Access = {
  readonly view: PersonalView;
  /** Whose data; empty: everybody's. */
  readonly userIds: ReadonlyArray<ObjectId>;
  readonly count: number;
  readonly by: Viewer | undefined;
};
