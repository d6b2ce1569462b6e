export {
  decodePreferences,
  defaultPreferences,
  mappedAttributes,
  toObjectId,
  LearnAmpUserId,
  ObjectId,
} from '@learnamp/directory-sync-domain';
export type { CommandKind, ConfigurationMistake, Preferences } from '@learnamp/directory-sync-domain';
export type { InboxMark, NotificationInbox, PendingMarks } from '@learnamp/directory-sync-event-sourcing';
export { cloudDefaults } from '@learnamp/directory-sync-graph';
export type {
  DirectorySource,
  GovernorSnapshot,
  GraphSettings,
  GraphSubscription,
  GraphTransportSettings,
  GraphWorld,
  SubscriptionClient,
} from '@learnamp/directory-sync-graph';
export { defaultScopes, withAvatars } from '@learnamp/directory-sync-learn-amp';
export type { Avatar, AvatarPicture, Avatars } from '@learnamp/directory-sync-learn-amp';
export type { LearnAmpPort, LearnAmpSettings, LearnAmpWorld } from '@learnamp/directory-sync-learn-amp';
export { createDirectorySync } from './create-directory-sync.js';
export { openLearnAmpRest, openMicrosoftGraph } from './default-world.js';
export { DirectorySyncError } from './directory-sync.js';
export { eventTypes } from './event-types.js';
export type {
  Actor,
  Attention,
  AttentionKind,
  CommandCounts,
  DirectorySync,
  DirectorySyncOptions,
  ErrorCode,
  EventView,
  EventsQuery,
  Liveness,
  Logger,
  Note,
  PeopleCounts,
  PersonStatus,
  PersonView,
  Preview,
  PreviewedCommand,
  Progress,
  ProjectionName,
  RebuildOptions,
  RebuildReport,
  ReplayStep,
  Status,
  SyncError,
  SyncOptions,
  SyncReport,
  SyncTrigger,
  WebhookHealth,
  World,
} from './directory-sync.js';
export { openMemoryStores } from './memory.js';
export type { Stores } from './memory.js';
export { clientStateDigest, makeNotificationHandler, toNodeListener } from './notifications/notification-handler.js';
export type {
  KnownSubscription,
  NodeListenerOptions,
  NotificationCounters,
  NotificationHandler,
  NotificationHandlerOptions,
} from './notifications/notification-handler.js';
export { openGraphTenant } from './open-graph-tenant.js';
export type { GraphTenant } from './open-graph-tenant.js';
export type {
  Alert,
  ConnectionOptions,
  EndedCycle,
  EngineWorld,
  Schedule,
  SyncEngine,
  SyncEngineOptions,
} from './schedule/sync-engine.js';
export { openSyncEngine } from './schedule/open-sync-engine.js';
export { openSubscriptionKeeper } from './subscriptions/subscription-keeper.js';
export type { SubscriptionKeeper, SubscriptionKeeperOptions } from './subscriptions/subscription-keeper.js';
export type { RowDifference } from './rebuild/row-difference.js';
export type { SubscriptionStatus } from './subscriptions/subscription-status.js';
export { version } from './version.js';
