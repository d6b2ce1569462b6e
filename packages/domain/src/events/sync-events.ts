import { defineEvent } from '@learnamp/directory-sync-event-sourcing';
import * as t from 'io-ts';
import { ObjectId } from '../ids.js';

export const Source = t.keyof({ users: null, groups: null });
export type Source = t.TypeOf<typeof Source>;

/**
 * - `initial`: the first read of this source; nothing was known before, so it may be resumed at a page.
 * - `incremental`: from a delta link; may be resumed at a page.
 * - `full`: a read from the beginning over known state; it decides by absence and is never resumed half-way (design D4).
 */
export const RoundKind = t.keyof({ initial: null, incremental: null, full: null });
export type RoundKind = t.TypeOf<typeof RoundKind>;

export const Trigger = t.keyof({ manual: null, schedule: null, notification: null, full: null });
export type Trigger = t.TypeOf<typeof Trigger>;

export const EngineStarted = defineEvent({
  type: 'EngineStarted',
  data: t.strict({ epoch: t.number, version: t.string }),
});
export const SyncRequested = defineEvent({
  type: 'SyncRequested',
  /** `full`: asked for a read from the beginning; `userId`: for this one person alone. */
  data: t.exact(t.intersection([t.type({ actor: t.string }), t.partial({ full: t.boolean, userId: ObjectId })])),
  subjects: ({ userId }) => (userId === undefined ? [] : [userId]),
  sealing: { kind: 'fields', fields: ['actor'] },
});
export const SyncStarted = defineEvent({ type: 'SyncStarted', data: t.strict({ trigger: Trigger }) });

/** Where a source stands. `link` is Graph's whole URL, sealed; `graphTime` the `Date` of the answer: the clock of the hold. */
export const DeltaCursorMoved = defineEvent({
  type: 'DeltaCursorMoved',
  data: t.strict({
    source: Source,
    /** `users`, or `groups:` and a number: names one cursor of the source. */
    cursor: t.string,
    groupIds: t.readonlyArray(ObjectId),
    link: t.string,
    /** Of the query behind the link: base URL, selected attributes, groups. A differing fingerprint is never used. */
    fingerprint: t.string,
    issuedAt: t.string,
    graphTime: t.string,
    round: t.strict({ id: t.string, kind: RoundKind }),
    reached: t.keyof({ page: null, deltaLink: null }),
  }),
  subjects: (data) => data.groupIds,
  sealing: { kind: 'fields', fields: ['link'] },
});

/** A cursor is no longer followed: its groups stand in another one, or left the closure. */
export const DeltaCursorDropped = defineEvent({
  type: 'DeltaCursorDropped',
  data: t.strict({ source: Source, cursor: t.string }),
});

export const SyncCompleted = defineEvent({
  type: 'SyncCompleted',
  data: t.strict({ rounds: t.number, graphTime: t.string }),
});
/** `host`: where a link led that was refused; of the link itself nothing is recorded. */
export const SyncAborted = defineEvent({
  type: 'SyncAborted',
  data: t.exact(t.intersection([t.type({ reason: t.string }), t.partial({ host: t.string })])),
});
export const ResyncRequired = defineEvent({
  type: 'ResyncRequired',
  data: t.strict({ source: Source, cursor: t.string, reason: t.string }),
});
export const NotificationsReceived = defineEvent({
  type: 'NotificationsReceived',
  data: t.strict({ count: t.number, first: t.string, last: t.string }),
});

const subscription = { subscriptionId: t.string, resource: t.string, expiresAt: t.string };
export const SubscriptionCreated = defineEvent({
  type: 'SubscriptionCreated',
  /** The digest is SHA-256 in hex of the random `clientState`: enough to check a notification, not to forge one. */
  data: t.exact(t.intersection([t.type(subscription), t.partial({ clientStateDigest: t.string })])),
});
export const SubscriptionRenewed = defineEvent({ type: 'SubscriptionRenewed', data: t.strict(subscription) });
/** `subscriptionId` is empty where one could not be made at all; `reason` says why there is none. */
export const SubscriptionLost = defineEvent({
  type: 'SubscriptionLost',
  data: t.strict({ subscriptionId: t.string, resource: t.string, reason: t.string }),
});
/** Permission or secret refused. Losing the right to look is never a reason to deactivate. */
export const CredentialFailed = defineEvent({
  type: 'CredentialFailed',
  data: t.strict({ system: t.keyof({ graph: null, 'learn-amp': null }), code: t.string }),
});
