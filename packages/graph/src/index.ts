export { cloudDefaults } from './cloud-defaults.js';
export type { Cloud } from './cloud-defaults.js';
export { adminConsentAddress } from './consent/admin-consent-address.js';
export type { ConsentApplication } from './consent/admin-consent-address.js';
export { readConsentAnswer } from './consent/consent-answer.js';
export type { ConsentAnswer } from './consent/consent-answer.js';
export { verifyTenant } from './consent/verify-tenant.js';
export type { TenantVerified } from './consent/verify-tenant.js';
export type {
  CheckOptions,
  DeltaPage,
  DirectorySource,
  GraphFailure,
  GroupRead,
  MembershipCheck,
  MembershipsRead,
  Priority,
  ProfileRead,
  ReadOptions,
} from './directory-source.js';
export type { GraphSettings, GraphTransportSettings, GraphWorld } from './graph-settings.js';
export { guardLink } from './link-guard.js';
export type { DeltaResource, UnsafeLink } from './link-guard.js';
export type { PersonLookups } from './lookups/person-lookups.js';
export { makeNetwork } from './network.js';
export type { Network } from './network.js';
export { discoverTenant } from './probes/discover-tenant.js';
export type { TenantDiscovered } from './probes/discover-tenant.js';
export { openGraphProbes } from './probes/graph-probes.js';
export type { GraphProbes, MemberCounts } from './probes/graph-probes.js';
export type { Nesting } from './probes/measure-nesting.js';
export type { UsersProbe } from './probes/probe-users.js';
export type { GroupFacts } from './probes/read-group-facts.js';
export type { TokenClaims } from './sign-in/token-claims.js';
export { openDirectorySource, openMicrosoftGraph } from './open-microsoft-graph.js';
export { permissionsFor } from './permissions.js';
export type { GraphPermission } from './permissions.js';
export type { MediaType, PhotoBytes, PhotoRead, PhotoSource } from './photos/photo-source.js';
export { nothingLeftOut, propertyOf } from './selected-attributes.js';
export type { LeftOut } from './selected-attributes.js';
export { credentialExpiry } from './sign-in/credential-expiry.js';
export type {
  CertificateSettings,
  ClientSecretSettings,
  ClientSettings,
  FederatedSettings,
  Provided,
} from './sign-in/credential-settings.js';
export { signInRefusals } from './sign-in/sign-in-refusals.js';
export type { SignInRefusal } from './sign-in/sign-in-refusals.js';
export {
  longestSubscriptionMs,
  openSubscriptionClient,
  subscribedChanges,
} from './subscriptions/subscription-client.js';
export type { GraphSubscription, NewSubscription, SubscriptionClient } from './subscriptions/subscription-client.js';
export type { SubscriptionRefused } from './subscriptions/subscription-refusal.js';
export { makeGovernor } from './transport/governor.js';
export type { Governor, GovernorOptions, GovernorSnapshot } from './transport/governor.js';
export type { GraphReader } from './transport/exchange.js';
export { openGraphTransport } from './transport/graph-transport.js';
export type { GraphLease, GraphTransport } from './transport/graph-transport.js';
