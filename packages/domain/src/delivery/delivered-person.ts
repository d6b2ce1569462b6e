import type { Command, CommandKind, ProfileField } from '../commands.js';
import type { HoldReason } from '../events/delivery-events.js';
import type { CommandId, LearnAmpUserId, ObjectId, TeamId, TeamKey } from '../ids.js';
import type { AccountStatus, LearnAmpAccount } from '../learn-amp-account.js';
import type { RejectionCode } from '../receipts.js';

/** Where a person's deactivation or creation stands with the people who approve. */
export type Hold = {
  readonly kind: 'deactivations' | 'creations';
  readonly standing: 'held' | 'approved' | 'rejected';
  readonly reason: HoldReason | undefined;
  /** Graph's time of the round in which it was held. */
  readonly since: string;
};

export type Rejected = {
  readonly command: Command;
  readonly code: RejectionCode;
  readonly fields: ReadonlyArray<string>;
  /** Revision at which it was refused last. */
  readonly revision: string;
  /** Graph's time of the round that sent it last. */
  readonly at: string;
  /** How often this very command was refused in a row. */
  readonly times: number;
};

export type Unanswered = {
  /** Cycles in a row. */
  readonly times: number;
  /** Graph's time of the last of them. */
  readonly at: string;
  readonly revision: string;
};

export type Deferred = {
  readonly on: string;
  readonly waitingFor: ObjectId | null;
  /** Learn Amp itself said so to a command that was sent; otherwise the plan did, and nothing was sent. */
  readonly answered: boolean;
  readonly revision: string;
};

/** An avatar that this engine sent. `null` is "not known": of a command without a receipt, or from before a deactivation. */
export type DeliveredPhoto = {
  /** The mark of the photo it was made from (`PhotoChanged`). */
  readonly mark: string | null;
  /** The keyed hash of its bytes: equal bytes under another mark need no call. */
  readonly contentHash: string | null;
};

/** A text that was written, and that each look since then showed otherwise, in one and the same way. */
export type NotKept = {
  readonly wanted: string | null;
  readonly shown: string | null;
  /** Looks in a row, each after a write. */
  readonly times: number;
};

/**
 * What Learn Amp holds of one person, as far as receipts and looks tell. `undefined` is "not known", `null` is "has none".
 * Invariant: a slot of a dispatched command is in `unknown` until its receipt or a look at Learn Amp; nothing is planned on it.
 */
export type DeliveredPerson = {
  readonly userId: ObjectId;
  readonly link: LearnAmpUserId | undefined;
  /** An account that is not linked yet and matches, or `null`: looked, and there is none. `undefined`: not looked. */
  readonly candidate: LearnAmpAccount | null | undefined;
  /** The linked account was looked for by its id and is not there. */
  readonly gone: boolean;
  readonly status: AccountStatus | undefined;
  /** This engine deactivated the account; otherwise somebody at Learn Amp did. */
  readonly deactivatedHere: boolean;
  readonly role: string | null | undefined;
  readonly email: string | undefined;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  readonly profile: Readonly<Partial<Record<ProfileField, string | null>>>;
  /** Fields whose present value this engine wrote: only those are emptied without an explicit null. */
  readonly owned: ReadonlyArray<string>;
  /** The language of the directory that Learn Amp did not take; it is not asked for again while it is the same. */
  readonly refusedLanguage: string | undefined;
  /** By slot (`jobTitle`, `custom:NAME`): what Learn Amp made something else of. */
  readonly notKept: Readonly<Record<string, NotKept>>;
  readonly teamKey: TeamKey | undefined;
  readonly teamId: TeamId | null | undefined;
  readonly managerLearnAmpUserId: LearnAmpUserId | null | undefined;
  /** The account the override points to since this engine set it; whoever it is handed to afterwards does not change that. */
  readonly managerSetAccount: LearnAmpUserId | undefined;
  /** Revision at which this engine set it. */
  readonly managerSetRevision: string;
  /** Revision at which the present override was learnt. */
  readonly managerRevision: string;
  readonly customFields: Readonly<Record<string, string | null>>;
  /** The last avatar this engine sent. `null`: it was cleared again. `undefined`: it never sent one. */
  readonly photo: DeliveredPhoto | null | undefined;
  readonly unknown: Readonly<Partial<Record<CommandKind, CommandId>>>;
  /** A creation was dispatched and it is not known which account came of it: look before the next attempt. */
  readonly createUncertain: boolean;
  /** Graph's time of the round in which anything was sent last. */
  readonly dispatchedAt: string;
  /** Somebody asked for another try, and what stands at Learn Amp is in doubt: the next cycle looks. */
  readonly lookAgain: boolean;
  readonly rejected: Readonly<Partial<Record<CommandKind, Rejected>>>;
  /** What Learn Amp gave no answer to, though it answered others. */
  readonly unanswered: Readonly<Partial<Record<CommandKind, Unanswered>>>;
  readonly deferred: Readonly<Partial<Record<CommandKind, Deferred>>>;
  readonly parked: Readonly<Partial<Record<CommandKind, string>>>;
  readonly conflict: { readonly conflict: string; readonly learnAmpUserId: LearnAmpUserId | null } | undefined;
  /** When what stands of refusals, parking and conflicts began, by the clock of the log; `''`: nothing does. */
  readonly troubledSince: string;
  readonly hold: Hold | undefined;
  /** Revision of the last look at Learn Amp that told something new, or of the last command that was carried out. */
  readonly observedRevision: string;
  /** Revision since which the linked account is active. */
  readonly activeSince: string;
  /** Revision at which the linked account was last deactivated: whoever it managed has another override since. */
  readonly deactivatedAt: string;
  /** Revision of the last event folded into this state. */
  readonly foldedTo: string;
};

export const initialDelivered = (userId: string): DeliveredPerson => ({
  userId: userId as ObjectId,
  link: undefined,
  candidate: undefined,
  gone: false,
  status: undefined,
  deactivatedHere: false,
  role: undefined,
  email: undefined,
  firstName: undefined,
  lastName: undefined,
  profile: {},
  owned: [],
  refusedLanguage: undefined,
  notKept: {},
  teamKey: undefined,
  teamId: undefined,
  managerLearnAmpUserId: undefined,
  managerSetAccount: undefined,
  managerSetRevision: '',
  managerRevision: '',
  customFields: {},
  photo: undefined,
  unknown: {},
  createUncertain: false,
  dispatchedAt: '',
  lookAgain: false,
  rejected: {},
  unanswered: {},
  deferred: {},
  parked: {},
  conflict: undefined,
  troubledSince: '',
  hold: undefined,
  observedRevision: '',
  activeSince: '',
  deactivatedAt: '',
  foldedTo: '',
});
