import type { SimulatorClock } from '../clock.js';
import type { DirectoryModel } from '../directory/directory-model.js';
import { type SimulatedResponse, json, Refusal } from '../http/exchange.js';
import type { CallEndpoint } from './call-endpoint.js';
import type { GraphBehaviour, GraphFreedom } from './graph-behaviour.js';

/** What every Graph route works with. */
export type GraphContext = {
  readonly seed: number;
  readonly directory: DirectoryModel;
  readonly clock: SimulatorClock;
  readonly behaviour: GraphBehaviour;
  readonly tenantId: string;
  readonly clientId: string;
  /** `http://127.0.0.1:PORT/v1.0`; known once the server listens. */
  readonly baseUrl: () => string;
  /** What each named stream of randomness has handed out so far, so that a second round differs from the first. */
  readonly turn: (name: string) => number;
  /** How the endpoints of subscriptions are reached. */
  readonly callEndpoint: CallEndpoint;
  /** Counts that the server took a freedom that the documents leave it. */
  readonly took: (freedom: GraphFreedom) => void;
};

export const jsonType =
  'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

/** The documented error envelope; `graph-server.ts` adds the ids and the date. */
export const graphError = (
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): SimulatedResponse => json(status, { error: { code, message } }, headers);

/** Ends the request with an error in Graph's envelope. */
export const refuse = (
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): never => {
  throw new Refusal(graphError(status, code, message, headers));
};

export const notFound = (id: string): never =>
  refuse(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );

export const denied = (): never =>
  refuse(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');

export const context = ({ baseUrl }: GraphContext, rest: string): string => `${baseUrl()}/$metadata#${rest}`;
