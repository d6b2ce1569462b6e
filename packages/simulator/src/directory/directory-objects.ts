import type { UserProperties } from './user-properties.js';

/** `deleted` is in the recycle bin and can be restored; `purged` is gone for good. */
export type Presence = 'live' | 'deleted' | 'purged';

export type ObjectKind = 'user' | 'group' | 'device' | 'servicePrincipal' | 'orgContact';

export type Photo = {
  readonly bytes: Buffer;
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
  /** With its quotes, such as `"BA09D118"`. Another one at each upload. */
  readonly etag: string;
};

export type DirectoryUser = {
  readonly kind: 'user';
  readonly id: string;
  readonly presence: Presence;
  /** `null` was cleared, absent was never set. */
  readonly properties: UserProperties;
  readonly managerId: string | undefined;
  readonly photo: Photo | undefined;
  readonly deletedDateTime: string | undefined;
};

export type GroupProperties = {
  readonly displayName: string;
  readonly description?: string | null;
  readonly mailNickname?: string;
  /** Membership of such a group is shown only with `Member.Read.Hidden`. */
  readonly visibility?: 'Public' | 'Private' | 'HiddenMembership' | null;
  /** `Unified` and `DynamicMembership`; by default none: a security group with members by hand. */
  readonly groupTypes?: ReadonlyArray<string>;
  /** Default false. */
  readonly mailEnabled?: boolean;
  /** Default true. */
  readonly securityEnabled?: boolean;
};

export type DirectoryGroup = {
  readonly kind: 'group';
  readonly id: string;
  readonly presence: Presence;
  readonly properties: GroupProperties;
  readonly createdDateTime: string;
  readonly deletedDateTime: string | undefined;
  /** Direct members of every kind, those in the recycle bin included: a soft-deleted member keeps its place. */
  readonly memberIds: ReadonlySet<string>;
};

/** A member that is neither a person nor a group. */
export type DirectoryThing = {
  readonly kind: 'device' | 'servicePrincipal' | 'orgContact';
  readonly id: string;
  readonly presence: 'live';
  readonly displayName: string;
};

export type DirectoryObject = DirectoryUser | DirectoryGroup | DirectoryThing;

export const odataType = (kind: ObjectKind): string => `#microsoft.graph.${kind}`;
