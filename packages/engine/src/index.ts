export {
  decodePreferences,
  defaultPreferences,
  isActiveStatus,
  isProtectedRole,
  mappedAttributes,
  teamKeyOf,
  toObjectId,
  LearnAmpUserId,
  ObjectId,
} from '@learnamp/directory-sync-domain';
export type {
  CommandKind,
  ConfigurationMistake,
  HoldReason,
  Risk,
  PersonalView,
  Preferences,
} from '@learnamp/directory-sync-domain';
export type { CommandReason } from './views/command-reason.js';
export type { Difference, ReconcileOptions, ReconcileReport } from './reconcile/reconcile-report.js';
export type {
  AccountStatus,
  Command,
  CommandId,
  CommandOf,
  LearnAmpAccount,
  LearnAmpFailure,
  Outcome,
  Receipt,
  RejectionCode,
  TeamId,
  TeamKey,
} from '@learnamp/directory-sync-domain';
export { localMasterKey } from '@learnamp/directory-sync-event-sourcing';
export type { MasterKey } from '@learnamp/directory-sync-event-sourcing';
export type { InboxMark, NotificationInbox, PendingMarks } from '@learnamp/directory-sync-event-sourcing';
export { cloudDefaults, credentialExpiry } from '@learnamp/directory-sync-graph';
export type {
  CertificateSettings,
  ClientSecretSettings,
  ConsentApplication,
  DirectorySource,
  FederatedSettings,
  GovernorSnapshot,
  GraphReader,
  GraphPermission,
  GraphSettings,
  GraphSubscription,
  GraphTransportSettings,
  GraphWorld,
  Provided,
  SubscriptionClient,
} from '@learnamp/directory-sync-graph';
export { defaultScopes, withAvatars } from '@learnamp/directory-sync-learn-amp';
export type { Avatar, AvatarPicture, Avatars } from '@learnamp/directory-sync-learn-amp';
export type {
  AccountLookup,
  CheckOptions,
  DispatchedCommand,
  LearnAmpCheck,
  LearnAmpPort,
  LearnAmpSettings,
  LearnAmpTeam,
  LearnAmpWorld,
  PortAlert,
  PortOptions,
} from '@learnamp/directory-sync-learn-amp';
export type { CommandView } from './audit/command-view.js';
export type {
  ConnectionDifference,
  DiffQuery,
  DiffStep,
  DiffSummary,
  EdgeDifference,
  PersonDifference,
} from './audit/diff-query.js';
export type { FieldDifference } from './audit/field-differences.js';
export type {
  CommandTotals,
  HistoryDay,
  HistoryEnd,
  HistoryQuery,
  HistoryStep,
  HistoryTotals,
  Standing,
} from './audit/history-query.js';
export type { Moment, Place } from './audit/moment.js';
export type { ReplayedEvent, ReplayQuery, ReplayStep, ReplaySummary } from './audit/replay-query.js';
export type {
  ConnectionAt,
  DeliveredSide,
  DesiredSide,
  DirectorySide,
  PersonAt,
  StateQuery,
  StateStep,
} from './audit/state-views.js';
export type { NoLongerSent, WhatIfCommand, WhatIfQuery, WhatIfStep, WhatIfSummary } from './audit/what-if-query.js';
export type { ActivityDay, ActivityQuery } from './activity/activity.js';
export { adminConsentUrl, completeAdminConsent } from './admin-consent/admin-consent.js';
export type { AdminConsent, AdminConsentCompletion, AdminConsentRequest } from './admin-consent/admin-consent.js';
export { doctor } from './doctor/doctor.js';
export type { DoctorCheck, DoctorCheckName, SampledPerson, SampleOutcome } from './doctor/doctor-check.js';
export type { DoctorFiles, DoctorOptions } from './doctor/doctor-options.js';
export type { CertificateProbe, CertificateSeen } from './doctor/probe-certificate.js';
export type { AccessesQuery, AccessView, Viewer } from './access/access.js';
export { createDirectorySync } from './create-directory-sync.js';
export { checkLearnAmp, openLearnAmpRest, openMicrosoftGraph } from './default-world.js';
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
  DeliveryStanding,
  Note,
  PeopleCounts,
  PeopleOptions,
  PersonStatus,
  PersonView,
  Preview,
  PreviewedCommand,
  PreviewTotals,
  Progress,
  RefusedLinks,
  RestartedRound,
  ProjectionName,
  RebuildOptions,
  RebuildReport,
  Status,
  SyncError,
  SyncOptions,
  SyncReport,
  SyncTrigger,
  WebhookHealth,
  World,
} from './directory-sync.js';
export type { FindUsersOptions } from './find-users.js';
export type { Disconnected } from './connection/disconnect.js';
export type { SubscriptionsRemoved } from './subscriptions/remove-subscriptions.js';
export type {
  Held,
  ListHeldOptions,
  HeldCount,
  HeldEvidence,
  HeldKind,
  HeldPerson,
  HoldDecided,
  HoldDecisionRequest,
  LeftUndecided,
} from './hold/held.js';
export type { ListParkedOptions, Parked, ParkedPerson, Retried, RetryRequest } from './parked/parked.js';
export type { PeoplePage, PeopleSearch } from './people/people-search.js';
export type { PersonSidesOptions } from './people/person-sides.js';
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
export { rememberedLearnAmpWait } from './remembered-wait.js';
export type { RememberedWait } from './remembered-wait.js';
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
export type { Erasure } from './personal-data/erasure.js';
export { compareFolds, presentEvolvers } from './rebuild/compare-folds.js';
export type { Evolvers, FoldsCompared } from './rebuild/compare-folds.js';
export type { ProjectionState, ProjectionView, StoppedAt } from './rebuild/projection-view.js';
export type { RowDifference } from './rebuild/row-difference.js';
export type { SubscriptionStatus } from './subscriptions/subscription-status.js';
export type { PersonSync, PersonSyncOptions, PersonSyncOutcome } from './one-person/person-sync.js';
export type { PersonExport } from './why/person-export.js';
export type {
  LiveCheck,
  LiveStep,
  Why,
  WhyAnswer,
  WhyCommand,
  WhyEvent,
  WhyFields,
  WhyLooked,
  WhyOptions,
  WhyReason,
  WhyReceipt,
  WhyWait,
} from './why/why.js';
export { version } from './version.js';
export type { OfferedHead } from './schedule/offer-head.js';
export { importLog } from './log-transfer/import-log.js';
export type { ImportLogOptions, ImportReport } from './log-transfer/import-log.js';
export { SignedHead } from './log-transfer/signed-head.js';
export type { KeptHead } from './verify/check-head.js';
export type { Attributes, OpenSpan, Reading, Telemetry } from './telemetry/telemetry.js';
export type { AttributeName, CounterName, HistogramName, ObservedName, SpanName } from './telemetry/telemetry-names.js';
export type { VerifyOptions } from './verify/run-verify.js';
export type { VerifyCheck, VerifyCheckName, VerifyFinding, VerifyReport } from './verify/verify-report.js';
