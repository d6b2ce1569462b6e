import type { DirectorySync, EventView, SyncReport } from '@learnamp/directory-sync';
import {
  type Account,
  type CompanyOptions,
  type DirectoryModel,
  type GraphServerOptions,
  type LearnAmpModel,
  type LearnAmpServerOptions,
  type NewUser,
  type Simulator,
  startSimulator,
  type Write,
} from '@learnamp/directory-sync-simulator';
import { expect, onTestFinished } from 'vitest';
import { type Connect, connect, sqliteFolder } from './connect.js';
import { inWords, openInvariants, type Look, type WorldOptions } from '../invariants/look-at-world.js';
import { lastingStores } from './lasting-stores.js';

type Sync = NonNullable<Parameters<DirectorySync['sync']>[0]>;

export type StageOptions = Omit<Connect, 'stores'> & {
  readonly seed?: number;
  /** By default an empty tenant: nobody but the owner and an admin of Learn Amp. */
  readonly company?: CompanyOptions;
  /** By default everything the documents allow: duplicates, replays, any order and page size. */
  readonly graph?: GraphServerOptions;
  readonly learnAmp?: LearnAmpServerOptions;
  /** Real SQLite files by default. */
  readonly storage?: 'files' | 'memory';
  /** What must not be seen anywhere, for `checkInvariants`. */
  readonly watched?: Omit<WorldOptions, 'connectionId' | 'now'>;
};

/** One made-up company, one engine on it through the genuine clients, and what can happen to both. */
export type Stage = {
  readonly simulator: Simulator;
  readonly directory: DirectoryModel;
  readonly learnAmp: LearnAmpModel;
  /** The folder of the SQLite files; `''` in memory. */
  readonly folder: string;
  readonly engine: () => DirectorySync;
  /** One cycle; afterwards what may never happen is checked not to have happened. */
  readonly sync: (options?: Sync) => Promise<SyncReport>;
  /** Ends the process; the files stay. */
  readonly close: () => Promise<void>;
  /** A new process over the same files, with other settings where given; the settings stay. */
  readonly reopen: (overrides?: Omit<Connect, 'stores'>) => Promise<DirectorySync>;
  /** Adds a person and makes them a direct member of a group, by default the scope group. */
  readonly hire: (name: string, properties?: Partial<NewUser>, groupId?: string) => string;
  /** So many people with nothing special about them. */
  readonly crew: (count: number, properties?: Partial<NewUser>, groupId?: string) => ReadonlyArray<string>;
  readonly leave: (userId: string) => void;
  /** The account that carries the person's id, or else their address. */
  readonly accountOf: (userId: string) => Account | undefined;
  /** The same, or an error that names the person. */
  readonly account: (userId: string) => Account;
  /** The name of the account's primary team. */
  readonly teamOf: (userId: string) => string | undefined;
  /** The person's override manager at Learn Amp, as an account. */
  readonly managerOf: (userId: string) => Account | undefined;
  /** Everything in the log, or these types alone. */
  readonly events: (...types: ReadonlyArray<string>) => Promise<ReadonlyArray<EventView>>;
  /** Writes to Learn Amp since the last call. */
  readonly newWrites: () => ReadonlyArray<Write>;
  /** I-01 to I-20 over all that was seen since the last call; before the log of requests is reset. */
  readonly checkInvariants: (more?: Omit<Look, 'engine' | 'log'>) => Promise<void>;
};

/** A Graph server that does nothing it need not do: for tests that count. */
export const calm: GraphServerOptions = {
  pageSize: { min: 500, max: 500 },
  sliceSize: { min: 1000, max: 1000 },
  duplicates: false,
  shuffle: false,
  emptyPages: false,
  replays: false,
  removedInFirstRound: false,
  longNames: false,
  lateValues: false,
};

export const nobody: CompanyOptions = {
  people: 0,
  outsiders: 0,
  guest: false,
  mononym: false,
  things: false,
  existingAccounts: 0,
  photos: 0,
};

const openStorage = async (kind: 'files' | 'memory') => {
  if (kind === 'files') return sqliteFolder();
  const stores = lastingStores();
  return { folder: '', open: () => Promise.resolve(stores), remove: () => Promise.resolve() };
};

const addressOf = (name: string): string => {
  const plain = name
    .normalize('NFD')
    .replace(/[^\p{Letter}\d ]/gu, '')
    .toLowerCase();
  return `${plain.split(' ').filter(Boolean).join('.')}@fabrikam.example`;
};

/** `Ann Lee` becomes Ann, Lee and ann.lee@fabrikam.example. */
export const personNamed = (name: string, properties: Partial<NewUser> = {}): NewUser => {
  const [givenName = name, ...rest] = name.split(' ');
  const userPrincipalName = addressOf(name);
  return {
    displayName: name,
    userPrincipalName,
    mail: userPrincipalName,
    givenName,
    surname: rest.join(' ') || null,
    ...properties,
  };
};

const digestOfReplay = async (engine: DirectorySync): Promise<string | undefined> => {
  for await (const step of engine.replay()) if (step._tag === 'Summary') return step.stateDigest;
  return undefined;
};

/** Replaying the log gives exactly what the engine holds. */
export const expectReplayEqualsLive = async (engine: DirectorySync): Promise<void> => {
  expect(await digestOfReplay(engine)).toBe(await engine.stateDigest());
};

export const openStage = async (options: StageOptions = {}): Promise<Stage> => {
  const {
    seed = 1,
    company = nobody,
    graph,
    learnAmp: learnAmpOptions,
    storage = 'files',
    watched,
    ...first
  } = options;
  const simulator = await startSimulator({
    seed,
    company,
    ...(graph === undefined ? {} : { graph }),
    ...(learnAmpOptions === undefined ? {} : { learnAmp: learnAmpOptions }),
  });
  const { directory, learnAmp } = simulator;
  const files = await openStorage(storage);
  let settings: Omit<Connect, 'stores'> = first;
  let stores = await files.open();
  let engine = connect(simulator, { ...settings, stores });
  const reports: SyncReport[] = [];
  const { connectionId } = first;
  const look = openInvariants(simulator, { ...watched, connectionId });
  let seen = 0;
  let crewed = 0;
  let changed = false;

  /** Of everything recorded by this engine. */
  const checkReplay = async (): Promise<void> => {
    if (changed) await expectReplayEqualsLive(engine);
    changed = false;
  };
  const close = async (): Promise<void> => {
    await checkReplay();
    await engine.close();
  };
  onTestFinished(async () => {
    await close();
    await simulator.close();
    await files.remove();
  });

  const accountOf = (userId: string): Account | undefined => {
    const user = directory.find(userId);
    const address = user?.kind === 'user' ? (user.properties.userPrincipalName ?? '') : '';
    return learnAmp.accountByExternalId(userId) ?? learnAmp.accountByEmail(address);
  };
  const account = (userId: string): Account => {
    const found = accountOf(userId);
    if (found === undefined) throw new Error(`${userId} has no account at Learn Amp.`);
    return found;
  };
  const hire: Stage['hire'] = (name, properties, groupId = directory.scopeGroupId) => {
    const userId = directory.addUser(personNamed(name, properties));
    directory.addMember(groupId, userId);
    return userId;
  };

  return {
    simulator,
    directory,
    learnAmp,
    folder: files.folder,
    engine: () => engine,
    sync: async (sync) => {
      const report = await engine.sync(sync);
      expect(simulator.requests.count({ system: 'learnAmp', method: 'DELETE' })).toBe(0);
      expect(report.exitCode === 1).toBe(report.error !== undefined);
      reports.push(report);
      changed ||= Object.keys(report.events).length > 0;
      return report;
    },
    close,
    reopen: async (overrides = {}) => {
      await close();
      settings = { ...settings, ...overrides };
      stores = await files.open();
      engine = connect(simulator, { ...settings, stores });
      return engine;
    },
    hire,
    crew: (count, properties, groupId) =>
      Array.from({ length: count }, () => {
        crewed += 1;
        return hire(`Crew Member${crewed}`, properties, groupId);
      }),
    leave: (userId) => directory.removeMember(directory.scopeGroupId, userId),
    accountOf,
    account,
    teamOf: (userId) => {
      const { primaryTeamId } = account(userId);
      return primaryTeamId === null ? undefined : learnAmp.team(primaryTeamId)?.name;
    },
    managerOf: (userId) => {
      const { managerId } = account(userId);
      return managerId === null ? undefined : learnAmp.account(managerId);
    },
    events: async (...types) => {
      const found: EventView[] = [];
      for await (const event of engine.events(types.length === 0 ? {} : { types })) found.push(event);
      return found;
    },
    newWrites: () => {
      const all = learnAmp.writes();
      const fresh = all.slice(seen);
      seen = all.length;
      return fresh;
    },
    checkInvariants: async (more = {}) => {
      const told = [...reports.splice(0), ...(more.reports ?? [])];
      expect(inWords(await look({ ...more, engine, log: stores.log, reports: told }))).toBe('');
    },
  };
};
