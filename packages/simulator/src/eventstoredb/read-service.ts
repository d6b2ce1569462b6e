import { randomUUID } from 'node:crypto';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { RecordedEvent } from './event-streams.js';
import { serviceError, turnedAway } from './node-context.js';
import type { NodeContext } from './node-context.js';
import type { WireFault } from './wire-faults.js';
import {
  caughtUpMessage,
  checkpointMessage,
  confirmationMessage,
  eventMessage,
  nameOf,
  streamNotFoundMessage,
} from './wire-messages.js';

type Call = ServerWritableStream<ReadReq, ReadResp>;

/** Waits for the client to take what was sent; `false` once it went away. */
const send = async (call: Call, message: ReadResp): Promise<boolean> => {
  if (call.cancelled || call.destroyed) return false;
  if (call.write(message)) return true;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      call.off('drain', done);
      call.off('cancelled', done);
      resolve();
    };
    call.on('drain', done);
    call.on('cancelled', done);
  });
  return !call.cancelled;
};

const backwards = streamsPb.ReadReq.Options.ReadDirection.BACKWARDS;

/**
 * Backwards from beyond the end the server answers the part of the asked-for window that exists, which may be nothing:
 * the stricter of the readings of its documentation.
 */
const window = (
  events: ReadonlyArray<RecordedEvent>,
  options: ReadReq.Options,
  place: ReadReq.Options.StreamOptions,
): ReadonlyArray<RecordedEvent> => {
  const count = BigInt(options.getCount());
  const last = events.at(-1)?.revision ?? -1n;
  if (options.getReadDirection() === backwards) {
    const from = place.hasRevision() ? BigInt(place.getRevision()) : place.hasStart() ? 0n : last;
    return events.filter(({ revision }) => revision <= from && revision > from - count).reverse();
  }
  if (place.hasEnd()) return [];
  const from = place.hasRevision() ? BigInt(place.getRevision()) : 0n;
  const first = events.findIndex(({ revision }) => revision >= from);
  return first < 0 ? [] : events.slice(first, first + Number(count > 1_000_000n ? 1_000_000n : count));
};

const allWindow = (events: ReadonlyArray<RecordedEvent>, options: ReadReq.Options): ReadonlyArray<RecordedEvent> => {
  const place = options.getAll();
  const count = Number(options.getCount());
  const from = place?.getPosition();
  const at = from === undefined ? undefined : BigInt(from.getCommitPosition());
  const matching = events.filter(matches(options));
  if (options.getReadDirection() === backwards)
    return matching
      .filter(({ position }) => at === undefined || position < at)
      .slice(-count)
      .reverse();
  return matching.filter(({ position }) => at === undefined || position >= at).slice(0, count);
};

/** The filter of a read over all streams: by prefix or expression, of the stream's name or the event's type. */
const matches = (options: ReadReq.Options): ((event: RecordedEvent) => boolean) => {
  const filter = options.getFilter();
  if (filter === undefined) return () => true;
  const byStream = filter.hasStreamIdentifier();
  const expression = byStream ? filter.getStreamIdentifier() : filter.getEventType();
  const prefixes = expression?.getPrefixList() ?? [];
  const regex = prefixes.length === 0 ? new RegExp(expression?.getRegex() ?? '') : undefined;
  return ({ stream, type }) => {
    const text = byStream ? stream : type;
    return regex === undefined ? prefixes.some((prefix) => text.startsWith(prefix)) : regex.test(text);
  };
};

const read = async (context: NodeContext, call: Call, fault: WireFault | undefined): Promise<void> => {
  const options = call.request.getOptions() ?? new streamsPb.ReadReq.Options();
  const place = options.getStream();
  const name = nameOf(place?.getStreamIdentifier());
  const events = place === undefined ? context.view.all() : context.view.stream(name);
  if (place !== undefined && events === undefined) await send(call, streamNotFoundMessage(name));
  const answer = place === undefined ? allWindow(events ?? [], options) : window(events ?? [], options, place);
  const whole = fault?.kind !== 'half';
  for (const event of whole ? answer : answer.slice(0, fault.events)) {
    if (!(await send(call, eventMessage(event)))) return;
  }
  if (whole) call.end();
  else setImmediate(context.cut);
};

/** After how many events that a filter passed over a checkpoint is sent; the server's default. */
const CHECKPOINT_EVENTS = 32;

/** Where a subscription goes on; both kinds begin behind the place that is named. */
const beginning = (context: NodeContext, options: ReadReq.Options): bigint => {
  const stream = options.getStream();
  if (stream !== undefined) {
    if (stream.hasRevision()) return BigInt(stream.getRevision());
    return stream.hasEnd() ? (context.view.stream(nameOf(stream.getStreamIdentifier()))?.at(-1)?.revision ?? -1n) : -1n;
  }
  const all = options.getAll();
  if (all?.hasEnd() === true) return context.view.all().at(-1)?.position ?? -1n;
  const position = all?.getPosition();
  return position === undefined ? -1n : BigInt(position.getCommitPosition());
};

const subscribe = async (context: NodeContext, call: Call, fault: WireFault | undefined): Promise<void> => {
  const options = call.request.getOptions() ?? new streamsPb.ReadReq.Options();
  const stream = options.getStream();
  const name = nameOf(stream?.getStreamIdentifier());
  const passes = matches(options);
  let after = beginning(context, options);
  let sent = 0;
  let scanned = 0;
  let live = false;
  let wake = (): void => undefined;
  const stop = context.streams.onAppend(() => wake());
  const unsubscribed = context.subscribed();
  call.on('cancelled', () => wake());
  try {
    await send(call, confirmationMessage(randomUUID()));
    while (!call.cancelled && !call.destroyed) {
      const events = stream === undefined ? context.view.all() : (context.view.stream(name) ?? []);
      const placeOf = (event: RecordedEvent): bigint => (stream === undefined ? event.position : event.revision);
      const next = events.findIndex((event) => placeOf(event) > after);
      for (const event of next < 0 ? [] : events.slice(next)) {
        after = placeOf(event);
        scanned += 1;
        if (passes(event) && !(await send(call, eventMessage(event)))) return;
        if (options.getFilter() !== undefined && scanned % CHECKPOINT_EVENTS === 0)
          await send(call, checkpointMessage(event.position));
        sent += 1;
        if (fault?.kind === 'half' && sent >= fault.events) {
          setImmediate(context.cut);
          return;
        }
      }
      if (!live) await send(call, caughtUpMessage());
      live = true;
      // What was appended while the last message was being taken has woken nobody.
      const now = stream === undefined ? context.view.all() : (context.view.stream(name) ?? []);
      const last = now.at(-1);
      if (last !== undefined && placeOf(last) > after) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    stop();
    unsubscribed();
  }
};

/** Reads of one stream or all, in both directions, and subscriptions to either. */
export const readOrSubscribe =
  (context: NodeContext) =>
  (call: Call): void => {
    const subscription = call.request.getOptions()?.hasSubscription() === true;
    const fault = context.arrive(subscription ? 'subscribe' : 'read', call.metadata);
    const refusal = context.refusal(call.metadata) ?? turnedAway(context, call.metadata);
    call.on('error', () => undefined);
    if (refusal !== undefined) call.emit('error', refusal);
    else if (fault?.kind === 'refused')
      call.emit(
        'error',
        serviceError(fault.code, 'refused', fault.exception === undefined ? {} : { exception: fault.exception }),
      );
    else if (fault?.kind === 'cut') context.cut();
    else if (fault?.kind !== 'silent' && fault?.kind !== 'late')
      void (subscription ? subscribe : read)(context, call, fault).catch((error: unknown) =>
        call.destroy(error as Error),
      );
  };
