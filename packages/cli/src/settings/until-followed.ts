import type { SettingsSaved } from '@learnamp/directory-sync-console';
import type { Terminal } from '../command-line/terminal.js';
import type { SettingsNotes } from './settings-notes.js';

type TakesEffect = Extract<SettingsSaved, { readonly _tag: 'Saved' }>['takesEffect'];

const LOOK_EVERY_MS = 200;
/** A cycle that is under way ends within this, where Graph and Learn Amp answer. */
const PATIENCE_MS = 15_000;

/** Leaves what was saved for an engine of another process, and waits until it goes on by it: what is said of it is so. */
export const untilFollowed = async (
  version: string,
  notes: SettingsNotes,
  isLive: () => Promise<boolean>,
  { wait, stopSignal }: Pick<Terminal, 'wait' | 'stopSignal'>,
): Promise<TakesEffect> => {
  await notes.leaveSaved(version);
  const signal = stopSignal();
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    if ((await notes.followed()) === version || !(await isLive())) return 'next-sync';
    if (waited >= PATIENCE_MS || signal.aborted) return 'restart';
    await wait(LOOK_EVERY_MS, signal);
  }
};
