import { makeClock } from './clock.js';
import { type Company, type CompanyOptions, makeCompany } from './company/company.js';
import { type ConfigurationChoices, makeConfiguration, type SimulatorConfiguration } from './configuration.js';
import type { DirectoryModel } from './directory/directory-model.js';
import { makeDirectoryModel } from './directory/make-directory-model.js';
import { type CallEndpoint, callOverHttp } from './graph/call-endpoint.js';
import { makeAccessTokens } from './graph/access-tokens.js';
import { type AdminConsent, makeAdminConsent } from './graph/admin-consent.js';
import { type AppCredentials, makeAppCredentials } from './graph/app-credentials.js';
import { type Expiry, makeDeltaTokens } from './graph/delta-tokens.js';
import { graphBehaviour, type GraphFreedom, type GraphServerOptions } from './graph/graph-behaviour.js';
import type { GraphContext } from './graph/graph-context.js';
import { grantedRoles } from './graph/granted-roles.js';
import { graphSystemOf, makeGraphHandler } from './graph/graph-server.js';
import { makeSubscriptions, type Subscriptions } from './graph/subscriptions.js';
import { type FaultPlan, makeFaultPlan } from './http/fault-plan.js';
import { startHttpServer } from './http/http-server.js';
import { type InProcessServer, makeInProcessFetch } from './http/in-process-fetch.js';
import { makeRequestLog, type RequestLog } from './http/request-log.js';
import { learnAmpBehaviour, type LearnAmpServerOptions } from './learn-amp/learn-amp-behaviour.js';
import type { LearnAmpModel } from './learn-amp/learn-amp-model.js';
import { makeLearnAmpModel } from './learn-amp/make-learn-amp-model.js';
import { learnAmpSystemOf, makeLearnAmpHandler } from './learn-amp/learn-amp-server.js';
import { makeLearnAmpTokens } from './learn-amp/oauth.js';
import { randomFrom } from './random.js';

export type SimulatorOptions = {
  /** The same seed and options give the same company, ids, pages and orders. */
  readonly seed: number;
  readonly company?: CompanyOptions;
  readonly graph?: GraphServerOptions;
  readonly learnAmp?: LearnAmpServerOptions;
  /** Ports are the system's choice. `none`: nothing listens, `fetch` alone answers, and the addresses are always the same. */
  readonly port?: 0 | 'none';
  /** The time both systems live in; real by default. */
  readonly now?: () => Date;
  /** How the endpoints of subscriptions are reached. Default: over HTTP, on this machine alone. */
  readonly callEndpoint?: CallEndpoint;
};

export type Simulator = {
  /** With the version: `http://127.0.0.1:PORT/v1.0`. */
  readonly graphUrl: string;
  /** The sign-in service: `POST {authorityUrl}/{tenantId}/oauth2/v2.0/token`. */
  readonly authorityUrl: string;
  /** Without the version: `POST {learnAmpUrl}/oauth/token`, `GET {learnAmpUrl}/v1/users`. */
  readonly learnAmpUrl: string;
  readonly tenantId: string;
  readonly scopeGroupId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly learnAmpClientId: string;
  readonly learnAmpClientSecret: string;
  /** Both systems without sockets, at the same addresses: for tests that make very many requests. */
  readonly fetch: typeof globalThis.fetch;
  readonly company: Company;
  readonly directory: DirectoryModel;
  readonly learnAmp: LearnAmpModel;
  readonly requests: RequestLog;
  readonly faults: FaultPlan;
  readonly subscriptions: Subscriptions;
  /** How often Graph took a freedom that the documents leave it. */
  readonly freedoms: () => ReadonlyMap<GraphFreedom, number>;
  /** Secrets, certificates and trusted identity providers of the app; `clientSecret` is among them. */
  readonly appCredentials: AppCredentials;
  /** What an administrator does on the consent page. */
  readonly adminConsent: AdminConsent;
  /** Kills every delta token handed out so far; by default refused with 400 `syncStateNotFound`. */
  readonly expireDeltaTokens: (expiry?: Expiry) => void;
  readonly expirePageTokens: () => void;
  /** Kills every access token of both systems. */
  readonly revokeAccessTokens: () => void;
  /** Bearers for a client that is given one instead of signing in. */
  readonly graphToken: () => string;
  readonly learnAmpToken: () => string;
  /** Moves the time of both systems forward: tokens and subscriptions age. */
  readonly advanceClock: (milliseconds: number) => void;
  readonly config: (choices?: ConfigurationChoices) => SimulatorConfiguration;
  readonly close: () => Promise<void>;
};

/** Counts by name: the n-th round of one query is the n-th, however many others run beside it. */
const makeTurns = (): ((name: string) => number) => {
  const turns = new Map<string, number>();
  return (name) => {
    const turn = (turns.get(name) ?? 0) + 1;
    turns.set(name, turn);
    return turn;
  };
};

/** Of an address that nothing listens at, the port says which system it would be. */
const listen = (port: SimulatorOptions['port'], unheard: number, system: InProcessServer) =>
  port === 'none'
    ? Promise.resolve({ origin: `http://127.0.0.1:${unheard}`, close: () => Promise.resolve() })
    : startHttpServer({ port: port ?? 0, ...system });

/**
 * Starts a made-up company behind two HTTP servers on loopback.
 *
 * @example
 * const simulator = await startSimulator({ seed: 1, company: { people: 40 } });
 * const [id] = simulator.company.people;
 * simulator.directory.updateUser(id, { department: 'Finance' });
 * await simulator.close();
 */
export const startSimulator = async (options: SimulatorOptions): Promise<Simulator> => {
  const { seed } = options;
  const clock = makeClock(options.now);
  const ids = randomFrom(seed, 'tenant');
  const [tenantId, clientId, scopeGroupId] = [ids.uuid(), ids.uuid(), ids.uuid()];
  const clientSecret = `graph~secret+/=&${ids.uuid().slice(0, 8)}`;
  const learnAmpClientId = ids.uuid().replaceAll('-', '');
  const learnAmpClientSecret = ids.uuid().replaceAll('-', '');
  const graphOptions = options.graph ?? {};
  const behaviour = graphBehaviour(graphOptions);

  const directory = makeDirectoryModel({
    seed,
    scopeGroup: { id: scopeGroupId, displayName: 'Learn Amp users', description: 'Has accounts in Learn Amp' },
    now: clock.now,
    edgesAreReported: (reason, memberId) => {
      const chosen =
        reason === 'purged-member' ? graphOptions.purgesEndMemberships : graphOptions.deletionsDetachGroups;
      return chosen ?? randomFrom(seed, `${reason}/${memberId}`).chance(0.5);
    },
  });
  const learnAmp = makeLearnAmpModel(clock.now);
  const company = makeCompany({ directory, learnAmp }, seed, options.company ?? {});

  const log = makeRequestLog();
  const faults = makeFaultPlan();
  const deltaTokens = makeDeltaTokens(seed, clock, behaviour.deltaTokenDays);
  const appCredentials = makeAppCredentials({ clock, tenantId, clientId, clientSecret });
  const accessTokens = makeAccessTokens({
    seed,
    clock,
    seconds: behaviour.accessTokenSeconds,
    tenantId,
    clientId,
    refusalOf: appCredentials.refusalOf,
    roles: () => grantedRoles(directory),
    opaque: behaviour.opaqueTokens,
  });
  const adminConsent = makeAdminConsent({ seed, directory, tenantId, clientId });
  const origins = { graph: '', learnAmp: '' };
  const freedoms = new Map<GraphFreedom, number>();
  const graph: GraphContext = {
    seed,
    directory,
    clock,
    behaviour,
    tenantId,
    clientId,
    baseUrl: () => `${origins.graph}/v1.0`,
    turn: makeTurns(),
    callEndpoint: options.callEndpoint ?? callOverHttp,
    took: (freedom) => void freedoms.set(freedom, (freedoms.get(freedom) ?? 0) + 1),
  };
  const subscriptions = makeSubscriptions(graph);
  const graphSystem: InProcessServer = {
    origin: () => origins.graph,
    systemOf: graphSystemOf,
    handle: makeGraphHandler({ graph, deltaTokens, accessTokens, adminConsent, subscriptions, strike: faults.strike }),
    log,
    faults,
  };
  const graphServer = await listen(options.port, 1, graphSystem);
  origins.graph = graphServer.origin;

  const learnAmpServerBehaviour = learnAmpBehaviour(options.learnAmp ?? {});
  const learnAmpTokens = makeLearnAmpTokens({
    seed,
    clock,
    seconds: learnAmpServerBehaviour.accessTokenSeconds,
    clientId: learnAmpClientId,
    clientSecret: learnAmpClientSecret,
    scopes: learnAmpServerBehaviour.scopes,
  });
  const learnAmpSystem: InProcessServer = {
    origin: () => origins.learnAmp,
    systemOf: learnAmpSystemOf,
    handle: makeLearnAmpHandler({ model: learnAmp, clock, behaviour: learnAmpServerBehaviour, tokens: learnAmpTokens }),
    log,
    faults,
  };
  const learnAmpServer = await listen(options.port, 2, learnAmpSystem);
  origins.learnAmp = learnAmpServer.origin;

  const facts = {
    tenantId,
    graphUrl: `${graphServer.origin}/v1.0`,
    authorityUrl: graphServer.origin,
    learnAmpUrl: learnAmpServer.origin,
    clientId,
    clientSecret,
    learnAmpClientId,
    learnAmpClientSecret,
  };
  return {
    ...facts,
    scopeGroupId,
    fetch: makeInProcessFetch([graphSystem, learnAmpSystem], clock.now),
    company,
    directory,
    learnAmp,
    requests: log,
    faults,
    subscriptions,
    freedoms: () => freedoms,
    expireDeltaTokens: deltaTokens.expireDeltaTokens,
    expirePageTokens: deltaTokens.expirePageTokens,
    revokeAccessTokens: () => {
      accessTokens.revokeAll();
      learnAmpTokens.revokeAll();
    },
    appCredentials,
    adminConsent: { decide: adminConsent.decide },
    graphToken: accessTokens.issue,
    learnAmpToken: learnAmpTokens.issue,
    advanceClock: clock.advance,
    config: (choices = {}) => makeConfiguration({ ...facts, groupId: scopeGroupId }, choices),
    close: async () => {
      await Promise.all([graphServer.close(), learnAmpServer.close()]);
    },
  };
};
