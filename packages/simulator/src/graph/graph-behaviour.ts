/** How the Graph server behaves where Microsoft's documents leave it open or say that it varies. */
export type GraphServerOptions = {
  /** Objects in a page of a delta round. By default each round draws its own range, down to one object a page. */
  readonly pageSize?: { readonly min: number; readonly max: number };
  /** Members in one slice of a group; by default drawn for each round. */
  readonly sliceSize?: { readonly min: number; readonly max: number };
  /** The same object more than once in a round. Default true. */
  readonly duplicates?: boolean;
  /** Objects in any order. Default true. */
  readonly shuffle?: boolean;
  /** Pages without objects before the last one. Default true. */
  readonly emptyPages?: boolean;
  /** Changes of earlier rounds again, in rounds that have changes of their own. Default true. */
  readonly replays?: boolean;
  /** Deleted objects as `@removed` in a first round. Default true. */
  readonly removedInFirstRound?: boolean;
  /** `/users/microsoft.graph.delta` and `/users/delta()` in links. Default true. */
  readonly longNames?: boolean;
  /** Values as of the moment a page is served, not of the round's begin; changes during a round come twice. Default true. */
  readonly lateValues?: boolean;
  /**
   * Mentions of one round that contradict each other, in any order, in one page or several, and pages that come twice: an
   * addition and a removal of one member, where both happened since the last round; a person who was deleted or restored as
   * removed and as alive; an old job title beside the new one. Only a direct read tells which holds. Default false.
   */
  readonly contradictions?: boolean;
  /** Whether a restored user shows in `users/delta`: with `$select` it may not. Default true. */
  readonly restoredUsersShow?: boolean;
  /** Whether a purged member shows as removed from its groups. Default: at random. */
  readonly purgesEndMemberships?: boolean;
  /** Whether deleting a nested group shows as a removal in its parents. Default: at random. */
  readonly deletionsDetachGroups?: boolean;
  /** Whether a restored user's memberships are told again. Default false: they are simply there. */
  readonly restoresTellMemberships?: boolean;
  /** `@removed` of a deleted security group: documents of different years name both. Default `changed`. */
  readonly deletedGroupReason?: 'changed' | 'deleted';
  /** Life of a delta token. Default 7 days. */
  readonly deltaTokenDays?: number;
  /** Life of an access token in seconds. Default 3599. */
  readonly accessTokenSeconds?: number;
  /** Access tokens that are no JWT: a client may not rely on reading them. Default false. */
  readonly opaqueTokens?: boolean;
  /** Photo metadata of a person without one: a 404, or the empty 1x1 picture. Default: at random. */
  readonly missingPhoto?: '404' | '1x1';
};

/** What the server did although it need not have. */
export type GraphFreedom =
  'duplicate' | 'shuffle' | 'empty-page' | 'replay' | 'removed-at-start' | 'contradiction' | 'one-item-page';

export type GraphBehaviour = {
  readonly pageSize: { readonly min: number; readonly max: number } | undefined;
  readonly sliceSize: { readonly min: number; readonly max: number } | undefined;
  readonly duplicates: boolean;
  readonly shuffle: boolean;
  readonly emptyPages: boolean;
  readonly replays: boolean;
  readonly removedInFirstRound: boolean;
  readonly longNames: boolean;
  readonly lateValues: boolean;
  readonly contradictions: boolean;
  readonly restoredUsersShow: boolean;
  readonly restoresTellMemberships: boolean;
  readonly deletedGroupReason: 'changed' | 'deleted';
  readonly deltaTokenDays: number;
  readonly accessTokenSeconds: number;
  readonly opaqueTokens: boolean;
  readonly missingPhoto: '404' | '1x1' | undefined;
};

export const graphBehaviour = (options: GraphServerOptions): GraphBehaviour => ({
  pageSize: options.pageSize,
  sliceSize: options.sliceSize,
  duplicates: options.duplicates ?? true,
  shuffle: options.shuffle ?? true,
  emptyPages: options.emptyPages ?? true,
  replays: options.replays ?? true,
  removedInFirstRound: options.removedInFirstRound ?? true,
  longNames: options.longNames ?? true,
  lateValues: options.lateValues ?? true,
  contradictions: options.contradictions ?? false,
  restoredUsersShow: options.restoredUsersShow ?? true,
  restoresTellMemberships: options.restoresTellMemberships ?? false,
  deletedGroupReason: options.deletedGroupReason ?? 'changed',
  deltaTokenDays: options.deltaTokenDays ?? 7,
  accessTokenSeconds: options.accessTokenSeconds ?? 3599,
  opaqueTokens: options.opaqueTokens ?? false,
  missingPhoto: options.missingPhoto,
});
