import { defaultPreferences, openMemoryStores, type DirectorySync } from '@learnamp/directory-sync';
import type {
  ConnectionSettings,
  ConnectionSettingsStore,
  ConsoleConnection,
  ConsoleOptions,
} from '@learnamp/directory-sync-console';
import type { Simulator } from '@learnamp/directory-sync-simulator';
import { graphSettingsOf, learnAmpSettingsOf } from './simulator-settings.js';

type Choices = {
  /** Opens an engine by what was saved. */
  readonly open: (settings: ConnectionSettings) => DirectorySync;
  /** What stands when the host begins. Default: nobody has said anything yet. */
  readonly first?: Partial<ConnectionSettings>;
};

/** A host that keeps the settings of one company in memory, as it would in a row of its own database. */
export const hostOf = (
  simulator: Simulator,
  { open, first = {} }: Choices,
): Pick<ConsoleOptions, 'connections' | 'settings'> & {
  readonly saved: () => ConnectionSettings;
  /** As somebody does who changes the row by hand. */
  readonly change: (settings: Partial<ConnectionSettings>) => void;
} => {
  const { cache } = openMemoryStores();
  let settings: ConnectionSettings = { tenantId: null, groupId: null, preferences: defaultPreferences, ...first };
  let version = 1;
  let connection: ConsoleConnection | undefined;
  const change = (next: ConnectionSettings): void => {
    settings = next;
    version += 1;
    const { tenantId, groupId, preferences } = next;
    if (tenantId !== null && groupId !== null)
      connection = { connectionId: 'fabrikam', name: 'Fabrikam', tenantId, groupId, preferences, engine: open(next) };
  };
  const stored = () => ({ connectionId: 'fabrikam', name: 'Fabrikam', settings, version: String(version) });
  const store: ConnectionSettingsStore = {
    list: () => Promise.resolve([stored()]),
    read: (id) => Promise.resolve(id === 'fabrikam' ? stored() : undefined),
    save: (_, next, seen) => {
      if (seen.version !== String(version)) return Promise.resolve({ _tag: 'ChangedMeanwhile' });
      change(next);
      return Promise.resolve({ _tag: 'Saved', takesEffect: 'next-sync' });
    },
    reach: () =>
      Promise.resolve({
        graph: graphSettingsOf(simulator, 5_000),
        learnAmp: learnAmpSettingsOf(simulator, settings.preferences.externalId, 5_000),
        withCache: (use) => use(cache),
      }),
  };
  if (settings.tenantId !== null) change(settings);
  return {
    connections: () => (connection === undefined ? [] : [connection]),
    settings: store,
    saved: () => settings,
    change: (parts) => change({ ...settings, ...parts }),
  };
};
