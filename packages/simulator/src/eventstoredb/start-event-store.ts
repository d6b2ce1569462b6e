import gossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import { append, batchAppend } from './append-service.js';
import { gossip, supportedMethods } from './cluster-services.js';
import type { Member } from './cluster-services.js';
import type { EventStreams, StreamsView } from './event-streams.js';
import { makeEventStreams } from './event-streams.js';
import { serviceError } from './node-context.js';
import type { NodeContext, WireCall } from './node-context.js';
import { readOrSubscribe } from './read-service.js';
import { makeWireFaults } from './wire-faults.js';
import type { FaultQueue, WireFaults } from './wire-faults.js';

export type EventStoreOptions = {
  /** Nodes of the cluster. Default 1. The first one leads. */
  readonly nodes?: 1 | 3;
  readonly credentials?: { readonly username: string; readonly password: string };
  /** PEM texts; without them the nodes speak plain HTTP/2. */
  readonly tls?: { readonly key: string; readonly certificate: string };
  readonly now?: () => Date;
};

export type EventStoreNode = {
  readonly address: string;
  readonly port: number;
  /** Stops listening and cuts what is connected. */
  readonly stop: () => void;
  /** Listens again, at the same port. */
  readonly start: () => Promise<void>;
  /** Cuts what is connected; new connections are taken. */
  readonly cut: () => void;
  /** From now on the node sees nothing new, as a follower that fell behind. */
  readonly fallBehind: () => void;
};

export type EventStoreSimulator = {
  /** `esdb://127.0.0.1:PORT?tls=false`, or with all nodes named. */
  readonly connectionString: string;
  readonly nodes: ReadonlyArray<EventStoreNode>;
  readonly streams: EventStreams;
  readonly faults: WireFaults;
  readonly calls: ReadonlyArray<WireCall>;
  /** How many subscriptions are being served. */
  readonly subscriptions: () => number;
  /** How many appends were given up by their client, or cut, before they were answered. */
  readonly givenUp: () => number;
  /** How many events arrived in appends, whatever became of them. */
  readonly received: () => number;
  /** Another node leads; the others turn away what asks for the leader. */
  readonly elect: (node: number) => void;
  readonly close: () => void;
};

const ADDRESS = '127.0.0.1';

const listen = (server: Server, port: number, credentials: ServerCredentials): Promise<number> =>
  new Promise((resolve, reject) => {
    server.bindAsync(`${ADDRESS}:${port}`, credentials, (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });

/** A view that can be stopped at what there is now. */
const makeView = (streams: EventStreams): StreamsView & { readonly stop: () => void } => {
  let end: bigint | undefined;
  const visible = <T extends { readonly position: bigint }>(events: ReadonlyArray<T>): ReadonlyArray<T> =>
    end === undefined ? events : events.filter(({ position }) => position <= (end ?? 0n));
  return {
    stream: (name) => {
      const events = visible(streams.stream(name) ?? []);
      return events.length === 0 ? undefined : events;
    },
    all: () => visible(streams.all()),
    stop: () => {
      end = streams.all().at(-1)?.position ?? -1n;
    },
  };
};

type Cluster = {
  readonly options: EventStoreOptions;
  readonly streams: EventStreams;
  readonly faults: FaultQueue;
  readonly calls: WireCall[];
  readonly subscribed: () => () => void;
  readonly givenUp: () => void;
  readonly received: () => void;
  readonly members: () => ReadonlyArray<Member>;
};

type RunningNode = EventStoreNode & { readonly isAlive: () => boolean };

const startNode = async (cluster: Cluster, index: number): Promise<RunningNode> => {
  const { options, streams, faults, calls } = cluster;
  const view = makeView(streams);
  const wanted = options.credentials;
  const login = wanted && `Basic ${Buffer.from(`${wanted.username}:${wanted.password}`).toString('base64')}`;
  const credentials =
    options.tls === undefined
      ? ServerCredentials.createInsecure()
      : ServerCredentials.createSsl(null, [
          { private_key: Buffer.from(options.tls.key), cert_chain: Buffer.from(options.tls.certificate) },
        ]);
  let server: Server | undefined;
  let port = 0;

  const cut = (): void => server?.drain(`${ADDRESS}:${port}`, 0);
  const context: NodeContext = {
    streams,
    view,
    leader: () => {
      const leader = cluster.members().find(({ isLeader }) => isLeader);
      return leader?.port === port ? undefined : leader;
    },
    arrive: (rpc, metadata) => {
      const header = (name: string): string | undefined => metadata.get(name)[0]?.toString();
      calls.push({ rpc, node: index, client: header('connection-name'), authorization: header('authorization') });
      return faults.strike(rpc);
    },
    refusal: (metadata) =>
      login === undefined || metadata.get('authorization')[0] === login
        ? undefined
        : serviceError(status.UNAUTHENTICATED, 'Access Denied', { exception: 'access-denied' }),
    subscribed: cluster.subscribed,
    givenUp: cluster.givenUp,
    received: cluster.received,
    cut,
  };

  const start = async (): Promise<void> => {
    const starting = new Server();
    starting.addService(streamsGrpc.StreamsService, {
      append: append(context),
      batchAppend: batchAppend(context),
      read: readOrSubscribe(context),
    });
    starting.addService(gossipGrpc.GossipService, { read: gossip(context, cluster.members) });
    starting.addService(featuresGrpc.ServerFeaturesService, { getSupportedMethods: supportedMethods(context) });
    port = await listen(starting, port, credentials);
    server = starting;
  };
  await start();
  return {
    address: ADDRESS,
    port,
    isAlive: () => server !== undefined,
    start,
    cut,
    stop: () => {
      server?.forceShutdown();
      server = undefined;
    },
    fallBehind: view.stop,
  };
};

/**
 * EventStoreDB's wire on loopback: genuine gRPC, streams in memory. What clients ask of a server is modelled from its
 * documentation; its storage, its elections and its replication are not.
 */
export const startEventStore = async (options: EventStoreOptions = {}): Promise<EventStoreSimulator> => {
  const faults = makeWireFaults();
  const calls: WireCall[] = [];
  const streams = makeEventStreams(options.now ?? (() => new Date()));
  const nodes: RunningNode[] = [];
  let leader = 0;
  let subscriptions = 0;
  let abandoned = 0;
  let arrived = 0;
  const received = (): void => {
    arrived += 1;
  };
  const givenUp = (): void => {
    abandoned += 1;
  };
  const subscribed = () => {
    subscriptions += 1;
    return () => {
      subscriptions -= 1;
    };
  };
  const members = (): ReadonlyArray<Member> =>
    nodes.map(({ address, port, isAlive }, index) => ({
      address,
      port,
      isLeader: index === leader,
      isAlive: isAlive(),
    }));
  for (let index = 0; index < (options.nodes ?? 1); index += 1)
    nodes.push(await startNode({ options, streams, faults, calls, subscribed, givenUp, received, members }, index));

  const user = options.credentials;
  const login = user === undefined ? '' : `${encodeURIComponent(user.username)}:${encodeURIComponent(user.password)}@`;
  const hosts = nodes.map(({ address, port }) => `${address}:${port}`).join(',');
  return {
    connectionString: `esdb://${login}${hosts}?tls=${options.tls !== undefined}`,
    nodes,
    streams,
    faults,
    calls,
    subscriptions: () => subscriptions,
    givenUp: () => abandoned,
    received: () => arrived,
    elect: (node) => {
      leader = node;
    },
    close: () => {
      for (const node of nodes) node.stop();
    },
  };
};
