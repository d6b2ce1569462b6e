/** What `directory-sync --config` reads, pointed at the simulator. */
export type SimulatorConfiguration = {
  readonly configuration: Readonly<Record<string, unknown>>;
  /** Values of the environment variables the configuration names. */
  readonly env: Readonly<Record<string, string>>;
};

export type ConfigurationChoices = {
  readonly connectionId?: string;
  /** Default `{ "kind": "sqlite", "path": "./directory-sync.db" }`. */
  readonly eventLog?: Readonly<Record<string, unknown>>;
  readonly preferences?: Readonly<Record<string, unknown>>;
  /** Other top-level keys, merged in last. */
  readonly extra?: Readonly<Record<string, unknown>>;
};

export type ConfigurationFacts = {
  readonly tenantId: string;
  readonly groupId: string;
  readonly graphUrl: string;
  readonly authorityUrl: string;
  readonly learnAmpUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly learnAmpClientId: string;
  readonly learnAmpClientSecret: string;
};

export const makeConfiguration = (
  facts: ConfigurationFacts,
  choices: ConfigurationChoices,
): SimulatorConfiguration => ({
  configuration: {
    connectionId: choices.connectionId ?? 'fabrikam',
    tenantId: facts.tenantId,
    groupId: facts.groupId,
    eventLog: choices.eventLog ?? { kind: 'sqlite', path: './directory-sync.db' },
    graph: {
      cloud: 'global',
      baseUrl: facts.graphUrl,
      auth: {
        kind: 'client-secret',
        authority: facts.authorityUrl,
        clientId: facts.clientId,
        clientSecret: { env: 'GRAPH_CLIENT_SECRET' },
      },
    },
    learnAmp: {
      baseUrl: facts.learnAmpUrl,
      auth: {
        kind: 'client-credentials',
        clientId: facts.learnAmpClientId,
        clientSecret: { env: 'LEARN_AMP_CLIENT_SECRET' },
      },
    },
    preferences: choices.preferences ?? {},
    ...choices.extra,
  },
  env: { GRAPH_CLIENT_SECRET: facts.clientSecret, LEARN_AMP_CLIENT_SECRET: facts.learnAmpClientSecret },
});
