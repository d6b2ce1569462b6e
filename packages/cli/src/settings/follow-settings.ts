import type { Terminal } from '../command-line/terminal.js';
import type { Configuration } from '../configuration/configuration.js';
import type { SettingsNotes } from './settings-notes.js';
import type { Slot } from './settings-store.js';

const EVERY_MS = 1_000;

/** A connection of a running engine. */
export type Followed = Slot & {
  /** What it goes on by now. */
  readonly present: () => Configuration;
  /** `undefined`: it has no files that another process could leave something in. */
  readonly notes: () => SettingsNotes | undefined;
};

type Told = {
  readonly onFollowed: (connectionId: string) => void;
  readonly onRefused: (connectionId: string, problem: unknown) => void;
};

const settingsOf = ({ tenantId, groupId, preferences }: Configuration): string =>
  JSON.stringify({ tenantId, groupId, preferences });

/**
 * Follows what a console of another process saved, and nothing else: a file that is being changed by hand is not the one that
 * was saved, so half of such a change never takes effect.
 */
const makeLook = (slot: Followed, { onFollowed, onRefused }: Told, signal: AbortSignal) => {
  /** Looked at already: what was refused is not tried again. */
  let known: string | undefined;
  return async (): Promise<void> => {
    const notes = slot.notes();
    const saved = await notes?.saved();
    if (notes === undefined || saved === undefined || saved === known) return;
    const { version, configuration } = await slot.file.read();
    if (version !== saved) return;
    known = saved;
    if (settingsOf(configuration) !== settingsOf(slot.present())) {
      try {
        await slot.change(configuration);
      } catch (problem) {
        // An engine that is being stopped takes no connection: the next start follows the file.
        if (!signal.aborted) onRefused(slot.connectionId, problem);
        return;
      }
      onFollowed(slot.connectionId);
    }
    await slot.notes()?.leaveFollowed(saved);
  };
};

/** Looks each second until the signal aborts. A local database that cannot be read is looked at again; the engine tells of it. */
export const followSettings = async (
  slots: ReadonlyArray<Followed>,
  told: Told,
  { wait }: Pick<Terminal, 'wait'>,
  signal: AbortSignal,
): Promise<void> => {
  const looks = slots.map((slot) => makeLook(slot, told, signal));
  while (!signal.aborted) {
    await Promise.all(looks.map((look) => look().catch(() => undefined)));
    await wait(EVERY_MS, signal);
  }
};
