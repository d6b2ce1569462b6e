import type { Send } from '../http/send.js';
import type { Turns } from './make-turns.js';
import type { TeamDirectory } from './team-directory.js';
import type { ExternalIdSlot, LearnAmpWorld } from './rest-settings.js';

/** What every call of one client shares. */
export type RestContext = {
  readonly send: Send;
  readonly slot: ExternalIdSlot;
  readonly world: LearnAmpWorld;
  readonly teams: TeamDirectory;
  /** One owner is deactivated at a time: two at once would each see the other stay. */
  readonly ownersInTurn: Turns;
};
