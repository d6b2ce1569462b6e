import type { CommandKind } from '@learnamp/directory-sync-domain';
import { refusalKey } from '@learnamp/directory-sync-domain';
import type { Envelope } from '../record/recorder.js';

/** What a planner of the cycle under way knows beside the folded state: read off the log, since it lived in memory then. */
export type CycleSoFar = {
  readonly follow: (event: Envelope) => void;
  readonly isFull: () => boolean;
  /** What the port could not do when the cycle began: a planner keeps to that. */
  readonly unsupported: () => ReadonlyArray<CommandKind>;
  /** Whether a refusal stood when the cycle began: only then is it asked about once more. */
  readonly stoodBefore: (key: string) => boolean;
};

export const makeCycleSoFar = (): CycleSoFar => {
  let full = false;
  let present: ReadonlyArray<CommandKind> = [];
  let atStart: ReadonlyArray<CommandKind> = [];
  const refusedSince = new Set<string>();
  return {
    follow: (event) => {
      if (event.type === 'SyncStarted') {
        full = event.data.trigger === 'full';
        atStart = present;
        refusedSince.clear();
      }
      if (event.type === 'LearnAmpCapabilitiesObserved') present = event.data.unsupported;
      if (event.type === 'CommandRejected' && event.data.command.kind !== 'EnsureTeam')
        refusedSince.add(refusalKey(event.data.command.userId, event.data.command.kind));
    },
    isFull: () => full,
    unsupported: () => atStart,
    stoodBefore: (key) => !refusedSince.has(key),
  };
};
