import { makeNetwork } from '../network.js';
import { openMicrosoftGraph } from '../open-microsoft-graph.js';
import type { DirectorySource } from '../directory-source.js';
import type { GraphSettings, GraphWorld } from '../graph-settings.js';
import { startServer } from './scripted-server.js';
import type { Script, ScriptedServer } from './scripted-server.js';
import type { Governor } from '../transport/governor.js';
import { openGraphTransport } from '../transport/graph-transport.js';
import type { GraphTransport } from '../transport/graph-transport.js';

export const tenantId = '5f1c0b2a-0000-4000-8000-00000000aaaa';

/** A clock that moves when somebody sleeps, and never otherwise; sleeping takes no time. */
export const makeTestWorld = (fetch: GraphWorld['fetch']): GraphWorld & { readonly slept: Array<number> } => {
  const slept: Array<number> = [];
  let at = Date.parse('2026-11-24T10:00:00Z');
  let ids = 0;
  return {
    fetch,
    slept,
    now: () => new Date(at),
    random: () => 0.5,
    sleep: (milliseconds, signal) => {
      if (signal?.aborted) return Promise.reject(new Error('aborted'));
      slept.push(milliseconds);
      at += milliseconds;
      return Promise.resolve();
    },
    newId: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
  };
};

export type ScriptedGraph = {
  readonly server: ScriptedServer;
  readonly source: DirectorySource;
  readonly world: ReturnType<typeof makeTestWorld>;
  /** `/v1.0` of the server. */
  readonly baseUrl: string;
};

const opened: Array<() => Promise<void>> = [];

/** Ends what the tests of a file opened. */
export const closeAll = async (): Promise<void> => {
  for (const close of opened.splice(0).reverse()) await close();
};

export const openServer = async (script: Script): Promise<ScriptedServer> => {
  const server = await startServer(script);
  opened.push(server.close);
  return server;
};

const settingsFor = (baseUrl: string, changes: Partial<GraphSettings>, authority?: ScriptedServer): GraphSettings => {
  const auth: GraphSettings['auth'] =
    authority === undefined
      ? { kind: 'token', token: 'fixed-token' }
      : { kind: 'client-secret', authority: authority.origin, clientId: 'client', clientSecret: 's3cret/+ value' };
  return { tenantId, cloud: 'global', baseUrl, auth, customAttributes: [], patienceMs: 30_000, ...changes };
};

/** The real transport over real HTTP, for several readers. */
export const openScriptedTransport = async (
  script: Script,
  changes: Partial<GraphSettings> = {},
  authority?: ScriptedServer,
  governor?: Governor,
): Promise<Omit<ScriptedGraph, 'source'> & { readonly transport: GraphTransport }> => {
  const server = await openServer(script);
  const network = makeNetwork();
  const world = makeTestWorld(network.fetch);
  const baseUrl = `${server.origin}/v1.0`;
  const transport = openGraphTransport(settingsFor(baseUrl, changes, authority), { ...world, governor });
  opened.push(network.close, transport.close);
  return { server, transport, world, baseUrl };
};

/** The real source over real HTTP, against a server that answers as the script says. */
export const openScripted = async (
  script: Script,
  changes: Partial<GraphSettings> = {},
  authority?: ScriptedServer,
): Promise<ScriptedGraph> => {
  const server = await openServer(script);
  const network = makeNetwork();
  const world = makeTestWorld(network.fetch);
  const baseUrl = `${server.origin}/v1.0`;
  const source = openMicrosoftGraph(settingsFor(baseUrl, changes, authority), world);
  opened.push(network.close, source.close);
  return { server, source, world, baseUrl };
};

/** A page by its link. Written apart: in a union with a text, the property name alone means `String.prototype.link`. */
export const by = (url: string): { readonly link: string } => ({ link: url });
