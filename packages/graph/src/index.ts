export type {
  DeltaPage,
  DirectorySource,
  GraphFailure,
  GroupRead,
  MembershipCheck,
  ProfileRead,
  ReadOptions,
} from './directory-source.js';
export type { GraphSettings, GraphWorld } from './graph-settings.js';
