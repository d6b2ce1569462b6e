/** What the notification handler checks a notification by. */
export type KnownSubscription = {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly resource: 'users' | 'groups';
  /** SHA-256 in hex of every `clientState` that is valid now. */
  readonly clientStateDigests: ReadonlyArray<string>;
};
