import type { ObjectId } from '@learnamp/directory-sync-domain';
import type * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure, ReadOptions } from '../directory-source.js';
import type { TokenClaims } from '../sign-in/token-claims.js';
import type { GraphTransport } from '../transport/graph-transport.js';
import { openReadCount } from '../read-count.js';
import { openMeasureNesting, type Nesting } from './measure-nesting.js';
import { openProbeUsers, type UsersProbe } from './probe-users.js';
import { openReadGroupFacts, type GroupFacts } from './read-group-facts.js';
import { openReadOrganization } from './read-organization.js';
import { openSampleMembers } from './sample-members.js';

type Probed<A> = Promise<E.Either<GraphFailure, A>>;

/** Of a group: direct members, direct people, and people on every level. */
export type MemberCounts = { readonly members: number; readonly direct: number; readonly all: number };

/**
 * Single reads for somebody who asks whether everything is in place: each takes a bounded number of requests whatever the
 * tenant's size, writes nothing, and is evidence of nothing that is decided about anybody.
 */
export type GraphProbes = {
  readonly signIn: (options?: ReadOptions) => Probed<TokenClaims>;
  /** The tenant as Graph names it; `undefined`: the app may not read that, and need not. */
  readonly organization: (options?: ReadOptions) => Probed<string | undefined>;
  readonly users: (options?: ReadOptions) => Probed<UsersProbe>;
  readonly countUsers: (options?: ReadOptions) => Probed<number>;
  /** `undefined`: there is no such group. */
  readonly group: (groupId: ObjectId, options?: ReadOptions) => Probed<GroupFacts | undefined>;
  readonly countMembers: (groupId: ObjectId, which: keyof MemberCounts, options?: ReadOptions) => Probed<number>;
  readonly nesting: (groupId: ObjectId, options?: ReadOptions) => Probed<Nesting>;
  /** A few people of the group, nested ones included. */
  readonly sample: (groupId: ObjectId, atMost: number, options?: ReadOptions) => Probed<ReadonlyArray<ObjectId>>;
  readonly requestCount: () => number;
  readonly close: () => void;
};

const people = 'microsoft.graph.user';
const countPaths: Readonly<Record<keyof MemberCounts, string>> = {
  members: 'members',
  direct: `members/${people}`,
  all: `transitiveMembers/${people}`,
};

export const openGraphProbes = (transport: GraphTransport): GraphProbes => {
  const lease = transport.lease();
  const count = openReadCount(lease);
  return {
    signIn: (options) => transport.signIn(options),
    organization: openReadOrganization(lease),
    users: openProbeUsers(lease),
    countUsers: (options) => count('/users/$count', 'users/$count', options),
    group: openReadGroupFacts(lease),
    countMembers: (groupId, which, options) =>
      count(`/groups/${groupId}/${countPaths[which]}/$count`, `groups/{id}/${countPaths[which]}/$count`, options),
    nesting: openMeasureNesting(lease),
    sample: openSampleMembers(lease),
    requestCount: lease.requestCount,
    close: lease.close,
  };
};
