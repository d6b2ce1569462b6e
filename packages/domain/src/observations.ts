import type { Attributes } from './attributes.js';
import type { ObjectId } from './ids.js';

/**
 * What an answer of Graph said about a person's manager.
 * - `NotMentioned`: no information (graph.md 1.4: absent means unchanged).
 * - `Entries`: `manager@delta`: the id without `@removed`, and the ids with it.
 * - `Known`: a direct read with the manager expanded; `null` is "has none".
 */
export type ManagerMention =
  | { readonly _tag: 'NotMentioned' }
  | { readonly _tag: 'Entries'; readonly assigned: ObjectId | undefined; readonly removed: ReadonlyArray<ObjectId> }
  | { readonly _tag: 'Known'; readonly managerId: ObjectId | null };

/** A person as one entry of one answer described them. */
export type UserObserved = {
  readonly _tag: 'UserObserved';
  readonly userId: ObjectId;
  /** Attributes the entry mentions; a key that is absent was not mentioned. `""` and white space arrive as `null`. */
  readonly attributes: Attributes;
  readonly accountEnabled?: boolean | undefined;
  readonly manager: ManagerMention;
  /** The answer lists everything that was selected: a selected attribute it does not mention is empty. */
  readonly complete: boolean;
};

/** `@removed` in `users/delta`: `changed` is soft (restorable), `deleted` is permanent. */
export type UserRemoved = {
  readonly _tag: 'UserRemoved';
  readonly userId: ObjectId;
  readonly reason: 'soft' | 'permanent';
};

export type MemberKind = 'user' | 'group' | 'other';

/** One entry of `members@delta`. A kind that Graph left out is resolved by the reader before it becomes an observation. */
export type MemberObserved = {
  readonly memberId: ObjectId;
  readonly kind: MemberKind;
  readonly present: boolean;
};

/** A group as one entry of `groups/delta` described it: a slice of its direct members, in the order given. */
export type GroupObserved = {
  readonly _tag: 'GroupObserved';
  readonly groupId: ObjectId;
  /** Absent: this entry does not mention it. */
  readonly name?: string | undefined;
  readonly members: ReadonlyArray<MemberObserved>;
};

export type GroupRemoved = {
  readonly _tag: 'GroupRemoved';
  readonly groupId: ObjectId;
  readonly reason: 'soft' | 'permanent';
};

export type UserObservation = UserObserved | UserRemoved;
export type GroupObservation = GroupObserved | GroupRemoved;
