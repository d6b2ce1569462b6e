import type { HoldReason, ObjectId } from '@learnamp/directory-sync-domain';
import type { Viewer } from '../access/access.js';
import type { PageOptions } from '../views/page-of-people.js';

/** What waits: accounts that would be deactivated, or created. */
export type HeldKind = 'deactivations' | 'creations';

/** What speaks for the command that waits. */
export type HeldEvidence = {
  /** Why the person is out of the scope, and how often a second read agreed; `null`: in scope. */
  readonly leave: { readonly reason: 'removed' | 'deleted' | 'scope-changed'; readonly confirmations: number } | null;
  /** Sign-in is blocked in Entra. */
  readonly blocked: boolean;
  /** From the scope group to the person, while in scope. */
  readonly groupPath: ReadonlyArray<ObjectId>;
  /** What they are called, in the same order; `null` of one whose name was not read yet. */
  readonly groupNames: ReadonlyArray<string | null>;
};

/** Somebody who waits for a decision, why, since when (ISO 8601) and on what evidence. */
export type HeldPerson = {
  readonly userId: ObjectId;
  readonly displayName: string | null;
  readonly email: string | null;
  readonly learnAmpUserId: string | null;
  readonly kind: HeldKind;
  readonly reason: HoldReason | null;
  /** Graph's time of the round in which it was held. */
  readonly since: string;
  /** Owner or admin at Learn Amp: an approval of everybody leaves them out. */
  readonly byName: boolean;
  readonly role: string | null;
  readonly evidence: HeldEvidence;
};

/** How many people wait, of one kind and for one reason. */
export type HeldCount = { readonly kind: HeldKind; readonly reason: HoldReason | null; readonly people: number };

/** Everything that waits for a decision. */
export type Held = {
  readonly connectionId: string;
  /** Why nobody leaves at all: the scope group was deleted or cannot be read. Nobody can approve that away. */
  readonly scopeFrozen: HoldReason | null;
  readonly counts: ReadonlyArray<HeldCount>;
  /** Of the page, in the order of ids. */
  readonly people: ReadonlyArray<HeldPerson>;
  /** How many come behind the last of them. */
  readonly more: number;
};

/** How many of those who wait are listed, and on whose behalf. All are counted. */
export type ListHeldOptions = PageOptions & {
  /** Who looks: recorded in the access log. */
  readonly by?: Viewer | undefined;
};

/** A decision over what is held. */
export type HoldDecisionRequest = {
  /** These alone. Default: everybody who is held; an approval then leaves out owners and admins of Learn Amp. */
  readonly userIds?: ReadonlyArray<ObjectId> | undefined;
  /** Who decides, and why: recorded, and sealed. */
  readonly by: string;
  readonly reason: string;
};

/** Why somebody was left out of a decision. */
export type LeftUndecided = {
  readonly userId: ObjectId;
  /**
   * `not-held`: nothing of this person waits, or not any more. `by-name`: an owner or admin, to be named one by one.
   * `last-owner`: the only active owner, whom no approval frees.
   */
  readonly why: 'not-held' | 'by-name' | 'last-owner';
};

/** Who was decided about, and who was left out and why. */
export type HoldDecided = {
  readonly connectionId: string;
  /** Whom the decision covers, and nobody else; empty: nothing was recorded. */
  readonly decided: ReadonlyArray<{ readonly userId: ObjectId; readonly kind: HeldKind }>;
  readonly leftOut: ReadonlyArray<LeftUndecided>;
};
