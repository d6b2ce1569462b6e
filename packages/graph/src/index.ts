export { cloudDefaults } from './cloud-defaults.js';
export type { Cloud } from './cloud-defaults.js';
export type {
  CheckOptions,
  DeltaPage,
  DirectorySource,
  GraphFailure,
  GroupRead,
  MembershipCheck,
  ProfileRead,
  ReadOptions,
} from './directory-source.js';
export type { GraphSettings, GraphWorld } from './graph-settings.js';
export { guardLink } from './link-guard.js';
export type { DeltaResource, UnsafeLink } from './link-guard.js';
export { makeNetwork } from './network.js';
export type { Network } from './network.js';
export { openMicrosoftGraph } from './open-microsoft-graph.js';
