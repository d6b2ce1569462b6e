export { startSimulator } from './simulator.js';
export type { Simulator, SimulatorOptions } from './simulator.js';
export type { Company, CompanyOptions } from './company/company.js';
export type { ConfigurationChoices, SimulatorConfiguration } from './configuration.js';
export type { DirectoryModel, NewGroup, NewUser, Permission } from './directory/directory-model.js';
export type {
  DirectoryGroup,
  DirectoryObject,
  DirectoryThing,
  DirectoryUser,
  GroupProperties,
  ObjectKind,
  Photo,
  Presence,
} from './directory/directory-objects.js';
export type { UserProperties, UserProperty } from './directory/user-properties.js';
export type { AdminConsent, ConsentChoice } from './graph/admin-consent.js';
export type { Expiry } from './graph/delta-tokens.js';
export type { CallEndpoint, EndpointAnswer, EndpointCall } from './graph/call-endpoint.js';
export type { GraphFreedom, GraphServerOptions } from './graph/graph-behaviour.js';
export type { Subscription, Subscriptions } from './graph/subscriptions.js';
export type { BatchItemRecord, SimulatedRequest, SimulatedResponse, System } from './http/exchange.js';
export type { FaultAction, FaultHandle, FaultPlan, FaultRule } from './http/fault-plan.js';
export type { RequestCounts, RequestLog, RequestQuery, RequestRecord } from './http/request-log.js';
export type { Effect, Effects, Repeat } from './learn-amp/effects.js';
export type { LearnAmpServerOptions } from './learn-amp/learn-amp-behaviour.js';
export { languageCodes, provisioningScopes } from './learn-amp/learn-amp-behaviour.js';
export type {
  Account,
  AccountAvatar,
  AccountStatus,
  AvatarWrite,
  Deactivation,
  Invitation,
  LearnAmpModel,
  NewAccount,
  NewTeam,
  Role,
  Team,
  Write,
} from './learn-amp/learn-amp-model.js';
export { type Random, randomFrom } from './random.js';
