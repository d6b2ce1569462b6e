export { makeConsole } from './make-console.js';
export type { Console, ConsoleConnection, ConsoleOptions, Role, Visitor } from './console-options.js';
export type {
  ConnectionSettings,
  ConnectionSettingsStore,
  Reach,
  SaveRequest,
  SettingsSaved,
  StoredConnection,
} from './connection-settings.js';
export type {
  Activity,
  CommandLine,
  Company,
  CompanyDetails,
  ConsentBegun,
  ConsentGiven,
  ConsoleCode,
  Events,
  Job,
  JobKind,
  JobResult,
  People,
  Person,
  Problem,
  Session,
  Settings,
  SettingsKept,
} from './contract.js';
