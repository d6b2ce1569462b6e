import type { Send } from '../http/send.js';
import type { TeamDirectory } from './team-directory.js';
import type { ExternalIdSlot, LearnAmpWorld } from './rest-settings.js';

/** What every call of one client shares. */
export type RestContext = {
  readonly send: Send;
  readonly slot: ExternalIdSlot;
  readonly world: LearnAmpWorld;
  readonly teams: TeamDirectory;
};
