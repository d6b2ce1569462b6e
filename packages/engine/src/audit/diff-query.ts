import type { ObjectId } from '@learnamp/directory-sync-domain';
import type { FieldDifference } from './field-differences.js';
import type { Moment, Place } from './moment.js';

/** The two moments that are compared, both inclusive. `to` must not lie before `from` (`wrong-moment`). */
export type DiffQuery = {
  readonly from: Moment;
  readonly to: Moment;
  /** Only these people, and the edges that lead to them. Default: everybody. */
  readonly userIds?: ReadonlyArray<ObjectId> | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** What differs of the connection itself: group, preferences, cursors, pause. */
export type ConnectionDifference = { readonly _tag: 'Connection'; readonly fields: ReadonlyArray<FieldDifference> };

/** What differs of one person. */
export type PersonDifference = {
  readonly _tag: 'Person';
  readonly userId: ObjectId;
  /** As it is at the later moment. */
  readonly displayName: string | null;
  /** `added` and `gone`: came into the scope, or left it. */
  readonly change: 'added' | 'gone' | 'changed';
  readonly fields: ReadonlyArray<FieldDifference>;
};

/** A member of a group, at one of the moments and not at the other. */
export type EdgeDifference = {
  readonly _tag: 'Edge';
  readonly change: 'added' | 'gone';
  readonly groupId: ObjectId;
  readonly memberId: ObjectId;
  readonly kind: string;
};

/** The last step of a comparison: how many people were added, went and changed, and how many edges of groups. */
export type DiffSummary = {
  readonly _tag: 'Summary';
  /** `null`: the log is empty. */
  readonly from: Place | null;
  readonly to: Place | null;
  readonly added: number;
  readonly gone: number;
  readonly changed: number;
  readonly edges: number;
};

/** The connection, where it differs; people in the order of their ids; edges; the counts. */
export type DiffStep = ConnectionDifference | PersonDifference | EdgeDifference | DiffSummary;
