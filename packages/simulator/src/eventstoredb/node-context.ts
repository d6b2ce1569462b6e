import { Metadata, status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import type { EventStreams, StreamsView } from './event-streams.js';
import type { Rpc, WireFault } from './wire-faults.js';

export type Endpoint = { readonly address: string; readonly port: number };

/** One call as a node saw it. */
export type WireCall = {
  readonly rpc: Rpc;
  readonly node: number;
  /** What the client calls itself: each one by another name, unless it was given one. */
  readonly client: string | undefined;
  /** The header as it came, `undefined` without one. */
  readonly authorization: string | undefined;
};

/** What a node's services work with. */
export type NodeContext = {
  readonly streams: EventStreams;
  /** What this node sees: all of it, unless it lags. */
  readonly view: StreamsView;
  /** `undefined` on the leader itself; else where it is. */
  readonly leader: () => Endpoint | undefined;
  /** Notes the call and says what is to go wrong with it. */
  readonly arrive: (rpc: Rpc, metadata: Metadata) => WireFault | undefined;
  /** Why the call is not let in. */
  readonly refusal: (metadata: Metadata) => ServiceError | undefined;
  /** Counts a subscription in, and out again by the function it returns. */
  readonly subscribed: () => () => void;
  /** Counts an append that its client gave up. */
  readonly givenUp: () => void;
  /** Counts an event that arrived in an append, whatever becomes of it. */
  readonly received: () => void;
  /** Cuts every connection of this node. */
  readonly cut: () => void;
};

/** An answer of the server that is an error: `exception` is the name its clients tell it by. */
export const serviceError = (
  code: status,
  details: string,
  exception: Readonly<Record<string, string>> = {},
): ServiceError => {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(exception)) metadata.set(name, value);
  return Object.assign(new Error(details), { code, details, metadata });
};

/** A node that is not the leader turns a call away that asks for it, and says where to go. */
export const turnedAway = (context: NodeContext, metadata: Metadata): ServiceError | undefined => {
  const leader = context.leader();
  if (leader === undefined || metadata.get('requires-leader')[0] !== 'true') return undefined;
  return serviceError(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': leader.address,
    'leader-endpoint-port': String(leader.port),
  });
};
