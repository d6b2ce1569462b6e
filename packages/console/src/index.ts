export { makeConsole } from './make-console.js';
export type { Console, ConsoleConnection, ConsoleOptions, Role, Visitor } from './console-options.js';
export type {
  Activity,
  CommandLine,
  Company,
  CompanyDetails,
  ConsoleCode,
  Events,
  Job,
  JobKind,
  JobResult,
  People,
  Person,
  Problem,
  Session,
} from './contract.js';
