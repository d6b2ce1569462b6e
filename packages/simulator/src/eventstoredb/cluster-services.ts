import { randomUUID } from 'node:crypto';
import gossipPb from '@eventstore/db-client/generated/gossip_pb.js';
import type { ClusterInfo, MemberInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import featuresPb from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb.js';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import type { Endpoint, NodeContext } from './node-context.js';

export type Member = Endpoint & { readonly isLeader: boolean; readonly isAlive: boolean };

const memberMessage = ({ address, port, isLeader, isAlive }: Member): MemberInfo => {
  const id = new sharedPb.UUID();
  id.setString(randomUUID());
  const endpoint = new gossipPb.EndPoint();
  endpoint.setAddress(address);
  endpoint.setPort(port);
  const states = gossipPb.MemberInfo.VNodeState;
  const member = new gossipPb.MemberInfo();
  member.setInstanceId(id);
  member.setTimeStamp('0');
  member.setState(isLeader ? states.LEADER : states.FOLLOWER);
  member.setIsAlive(isAlive);
  member.setHttpEndPoint(endpoint);
  return member;
};

/** Who belongs to the cluster: asked by clients that discover it. */
export const gossip =
  (context: NodeContext, members: () => ReadonlyArray<Member>) =>
  (call: ServerUnaryCall<Empty, ClusterInfo>, answer: sendUnaryData<ClusterInfo>): void => {
    if (context.arrive('gossip', call.metadata)?.kind === 'silent') return;
    const info = new gossipPb.ClusterInfo();
    info.setMembersList(members().map(memberMessage));
    answer(null, info);
  };

const METHODS = ['Append', 'Read', 'BatchAppend'];

/** What the server can do: clients take the batch append only where it is listed. */
export const supportedMethods =
  (context: NodeContext) =>
  (call: ServerUnaryCall<Empty, SupportedMethods>, answer: sendUnaryData<SupportedMethods>): void => {
    if (context.arrive('server-features', call.metadata)?.kind === 'silent') return;
    const methods = new featuresPb.SupportedMethods();
    methods.setEventStoreServerVersion('23.10.0');
    methods.setMethodsList(
      METHODS.map((name) => {
        const method = new featuresPb.SupportedMethod();
        method.setServiceName('event_store.client.streams.Streams');
        method.setMethodName(name.toLowerCase());
        return method;
      }),
    );
    answer(null, methods);
  };
