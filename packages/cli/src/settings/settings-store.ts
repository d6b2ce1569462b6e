import type { ConnectionSettingsStore, Reach, SettingsSaved, StoredConnection } from '@learnamp/directory-sync-console';
import type { Configuration } from '../configuration/configuration.js';
import { isSetUp, saidId } from '../configuration/not-set-up.js';
import { graphSettings, learnAmpSettings } from '../connection-settings.js';
import type { SettingsFile } from './settings-file.js';

/** One connection of the command, with the file it came from. */
export type Slot = {
  readonly file: SettingsFile;
  readonly connectionId: string;
  /** Opens it by its new settings, in the place of what was open. */
  readonly change: (configuration: Configuration) => Promise<void>;
};

type WithCache = Reach['withCache'];
type TakesEffect = Extract<SettingsSaved, { readonly _tag: 'Saved' }>['takesEffect'];

type Choices = {
  /** Told what was saved, once this process goes on by it. */
  readonly takesEffect: (slot: Slot, saved: { readonly version: string }, withCache: WithCache) => Promise<TakesEffect>;
  /** The engine that runs in this process. */
  readonly engine?: Reach['engine'];
};

/** Of connections in memory: gone with the process, as everything else there is. */
const inMemory = (): WithCache => {
  let cache: Promise<Parameters<Parameters<WithCache>[0]>[0]> | undefined;
  return async (use) =>
    use(await (cache ??= import('@learnamp/directory-sync').then((all) => all.openMemoryStores().cache)));
};

const inFile =
  (path: string): WithCache =>
  async (use) => {
    const { openSqliteLocalCache } = await import('@learnamp/directory-sync/sqlite');
    const cache = await openSqliteLocalCache({ path });
    return use(cache).finally(() => cache.close());
  };

const stored = async ({ file }: Slot): Promise<StoredConnection> => {
  const { configuration, version } = await file.read();
  return {
    connectionId: configuration.connectionId,
    settings: {
      tenantId: saidId(configuration, 'tenantId'),
      groupId: saidId(configuration, 'groupId'),
      preferences: configuration.preferences,
    },
    version,
  };
};

/** The console's settings in the configuration files of this command. Secrets stay what they are there: names of variables and files. */
export const makeSettingsStore = (
  slots: ReadonlyArray<Slot>,
  { takesEffect, engine }: Choices,
): ConnectionSettingsStore => {
  const memory = inMemory();
  const cacheOf = ({ storage }: Configuration): WithCache =>
    storage.kind === 'memory' ? memory : inFile(storage.localPath);
  const of = (connectionId: string): Slot | undefined => slots.find((slot) => slot.connectionId === connectionId);
  return {
    list: () => Promise.all(slots.map(stored)),
    read: async (connectionId) => {
      const slot = of(connectionId);
      return slot === undefined ? undefined : stored(slot);
    },
    save: async (connectionId, settings, { version }) => {
      const slot = of(connectionId);
      if (slot === undefined) return { _tag: 'NotSaved', message: 'There is no such connection.' };
      const saved = await slot.file.save(settings, version);
      if (saved._tag !== 'Saved') return saved;
      if (isSetUp(saved.configuration)) await slot.change(saved.configuration);
      return { _tag: 'Saved', takesEffect: await takesEffect(slot, saved, cacheOf(saved.configuration)) };
    },
    reach: async (connectionId) => {
      const slot = of(connectionId);
      if (slot === undefined) throw new Error('There is no such connection.');
      const { configuration } = await slot.file.read();
      const patienceMs = configuration.patienceSeconds * 1_000;
      const { publicUrl } = configuration.notifications;
      return {
        graph: graphSettings(configuration, patienceMs),
        learnAmp: learnAmpSettings(configuration, patienceMs),
        notifications: publicUrl === undefined ? undefined : { publicUrl },
        withCache: cacheOf(configuration),
        engine,
      };
    },
  };
};
