import type { Configuration } from '../configuration/configuration.js';
import type { OpenedEngine } from '../open-engine.js';
import type { Followed } from '../settings/follow-settings.js';
import { openSettingsFile } from '../settings/settings-file.js';
import type { RunContext } from './run.js';

/** The connections of a running engine with the files they came from; `files` as given, in the order of the configurations. */
export const runSlots = (
  engine: OpenedEngine,
  files: ReadonlyArray<string>,
  { terminal, configurations, loadPreferencesDecoder, onConfiguration }: RunContext,
): ReadonlyArray<Followed> =>
  configurations.map((opened, index): Followed => {
    const { connectionId } = opened;
    const place = { file: files[index] ?? '', folder: terminal.folder, environment: terminal.environment };
    let present: Configuration = opened;
    return {
      file: openSettingsFile(place, opened, loadPreferencesDecoder),
      connectionId,
      change: async (next) => {
        onConfiguration(next);
        await engine.change(next);
        present = next;
      },
      present: () => present,
      notes: () => engine.notes(connectionId),
    };
  });
