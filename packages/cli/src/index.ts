export { runCommandLine } from './command-line/run-command-line.js';
export type { Parts } from './command-line/run-command-line.js';
export type { Terminal } from './command-line/terminal.js';
export type { Output } from './command-line/output.js';
export type { Configuration } from './configuration/configuration.js';
export type { EngineOptions, OpenEngine } from './open-engine.js';
export type { OpenConnection, OpenOptions } from './open-connection.js';
