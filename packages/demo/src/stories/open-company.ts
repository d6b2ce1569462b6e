import {
  createDirectorySync,
  defaultPreferences,
  defaultScopes,
  type DirectorySync,
  mappedAttributes,
  openLearnAmpRest,
  openMemoryStores,
  openMicrosoftGraph,
  toObjectId,
} from '@learnamp/directory-sync';
import { startSimulator, type Simulator } from '@learnamp/directory-sync-simulator';

/** A company of so many people, the engine on it, and a clock that waits for nobody. */
export type Company = {
  readonly simulator: Simulator;
  readonly engine: DirectorySync;
  /** In the scope group from the beginning. */
  readonly people: ReadonlyArray<string>;
  readonly passHours: (hours: number) => void;
  readonly close: () => Promise<void>;
};

const HOUR = 3_600_000;
/** Within one cycle, by the clock of the story. */
const PATIENCE_MS = 30_000;

const idOf = (text: string) => {
  const id = toObjectId(text);
  if (id === undefined) throw new Error(`${text} is no object id.`);
  return id;
};

/** Adds somebody to the tenant, and to a group. */
export const hire = ({ directory }: Simulator, name: string, groupId: string): string => {
  const [givenName = name, surname = null] = name.split(' ');
  const userPrincipalName = `${name.toLowerCase().replaceAll(' ', '.')}@fabrikam.example`;
  const userId = directory.addUser({
    displayName: name,
    givenName,
    surname,
    userPrincipalName,
    mail: userPrincipalName,
  });
  directory.addMember(groupId, userId);
  return userId;
};

/**
 * The genuine engine and clients. Both systems are asked in this process and the log is in memory, so that a story of days and
 * thousands takes seconds; everything else is as it is anywhere.
 */
export const openCompany = async (size: number, unprotected = false): Promise<Company> => {
  const { deactivationHold } = defaultPreferences;
  const preferences = { ...defaultPreferences, deactivationHold: { ...deactivationHold, enabled: !unprotected } };
  const started = Date.now();
  let passed = 0;
  const now = (): Date => new Date(started + passed);
  const simulator = await startSimulator({
    seed: 7,
    now,
    graph: { pageSize: { min: 500, max: 500 }, sliceSize: { min: 1000, max: 1000 }, duplicates: false, replays: false },
    company: { people: 0, outsiders: 0, guest: false, mononym: false, things: false, existingAccounts: 0, photos: 0 },
  });
  const { tenantId, graphUrl, authorityUrl, clientId, clientSecret, learnAmpUrl } = simulator;
  const people = Array.from({ length: size }, (_, n) =>
    hire(simulator, `Person Number${n + 1}`, simulator.scopeGroupId),
  );
  const world = {
    fetch: simulator.fetch,
    now,
    sleep: (milliseconds: number): Promise<void> => {
      passed += milliseconds;
      return Promise.resolve();
    },
  };
  const engine = createDirectorySync({
    connectionId: 'fabrikam',
    tenantId: idOf(tenantId),
    groupId: idOf(simulator.scopeGroupId),
    preferences,
    ...openMemoryStores(),
    directory: openMicrosoftGraph(
      {
        tenantId,
        cloud: 'global',
        baseUrl: graphUrl,
        auth: { kind: 'client-secret', authority: authorityUrl, clientId, clientSecret },
        customAttributes: mappedAttributes(defaultPreferences),
        patienceMs: PATIENCE_MS,
      },
      world,
    ),
    learnAmp: openLearnAmpRest(
      {
        baseUrl: learnAmpUrl,
        auth: {
          kind: 'client-credentials',
          clientId: simulator.learnAmpClientId,
          clientSecret: simulator.learnAmpClientSecret,
          scope: defaultScopes,
        },
        externalId: defaultPreferences.externalId,
        patienceMs: PATIENCE_MS,
      },
      world,
    ),
    settings: { graphBaseUrl: graphUrl, graphCredential: `client-secret ${clientId}`, learnAmpBaseUrl: learnAmpUrl },
    world: { now },
  });
  return {
    simulator,
    engine,
    people,
    passHours: (hours) => {
      passed += hours * HOUR;
    },
    close: async () => {
      await engine.close();
      await simulator.close();
    },
  };
};
