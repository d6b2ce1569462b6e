import type { CommandKind } from '../commands.js';
import type { DeliveredPerson } from '../delivery/delivered-person.js';
import type { DesiredPerson } from '../desired-person.js';
import type { DirectoryPerson } from '../directory/directory-person.js';
import type { LearnAmpUserId, ObjectId, TeamId, TeamKey } from '../ids.js';
import type { Preferences } from '../preferences/preferences.js';

/**
 * Bumped whenever the same state would give other commands: `verify` plans again only what its own version planned.
 * 2: command ids move with the last command that was carried out.
 * 3: what was refused is asked about once more after 1, 7 and 28 days, and at once under other settings.
 * 4: a text that Learn Amp makes another of each time is not written a fourth time.
 */
export const plannerVersion = 4;

/** Everything `plan` may look at: folded state, by key. Nothing here changes while a plan is made. */
export type PlanContext = {
  readonly preferences: Preferences;
  readonly person: (userId: ObjectId) => DirectoryPerson | undefined;
  readonly delivered: (userId: ObjectId) => DeliveredPerson;
  readonly desired: (person: DirectoryPerson) => DesiredPerson;
  readonly team: (key: TeamKey) => { readonly teamId: TeamId; readonly name: string } | undefined;
  /** The person whose linked account holds this address (lower case) at Learn Amp. */
  readonly holderOfEmail: (email: string) => ObjectId | undefined;
  readonly holderOfAccount: (learnAmpUserId: LearnAmpUserId) => ObjectId | undefined;
  readonly unsupported: ReadonlySet<CommandKind>;
  /** The revision and type of an event of theirs that cannot be read: their state is not known, and nothing is planned on it. */
  readonly unreadable?:
    ((userId: ObjectId) => { readonly revision: string; readonly type: string } | undefined) | undefined;
  /** Revision of the last change of preferences, of a base URL or of a credential: what was refused before it is asked anew. */
  readonly settingsRevision?: (() => string) | undefined;
  /** Learn Amp has no seat for anybody new: accounts are neither made nor reactivated until it has one (FC-93). */
  readonly hasNoSeats?: (() => boolean) | undefined;
  /** Refusals (`refusalKey`) that are asked once more because it is time to (`isDueAgain`). */
  readonly askAgain?: ReadonlySet<string> | undefined;
  /** What an address (lower case) may stand as on a recorded `neverDeactivate`; absent where addresses stand in clear. */
  readonly hashed?: ((address: string) => ReadonlyArray<string>) | undefined;
};
