import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type {
  AppendReq,
  AppendResp,
  BatchAppendReq,
  BatchAppendResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import codePb from '@eventstore/db-client/generated/code_pb.js';
import type { Code } from '@eventstore/db-client/generated/code_pb.js';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import statusPb from '@eventstore/db-client/generated/status_pb.js';
import { status } from '@grpc/grpc-js';
import type { ServerDuplexStream, ServerReadableStream, ServiceError, sendUnaryData } from '@grpc/grpc-js';
import anyPb from 'google-protobuf/google/protobuf/any_pb.js';
import type { Message } from 'google-protobuf';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import type { AppendOutcome, Expected, ProposedEvent } from './event-streams.js';
import { serviceError, turnedAway } from './node-context.js';
import type { NodeContext } from './node-context.js';
import type { WireFault } from './wire-faults.js';
import { expectedOf, expectedOfBatch, identifierOf, nameOf, proposedOf, textOf } from './wire-messages.js';

type Append = { readonly stream: string; readonly expected: Expected; readonly events: ReadonlyArray<ProposedEvent> };

/** Carries an append out as a fault wants it; `undefined` when no answer goes back. */
const carryOut = async (
  context: NodeContext,
  append: Append,
  fault: WireFault | undefined,
): Promise<AppendOutcome | ServiceError | undefined> => {
  const run = (): AppendOutcome => context.streams.append(append.stream, append.expected, append.events);
  switch (fault?.kind) {
    case undefined:
      return run();
    case 'refused':
      return serviceError(fault.code, 'refused', fault.exception === undefined ? {} : { exception: fault.exception });
    case 'late': {
      await fault.when;
      const outcome = run();
      return fault.answered ? outcome : undefined;
    }
    case 'half':
      context.streams.append(append.stream, append.expected, append.events.slice(0, fault.events));
      context.cut();
      return undefined;
    case 'cut':
      if (fault.done) run();
      context.cut();
      return undefined;
    case 'silent':
      if (fault.done) run();
      return undefined;
  }
};

const appendResponse = (outcome: AppendOutcome, expected: Expected): AppendResp | ServiceError => {
  const response = new streamsPb.AppendResp();
  switch (outcome._tag) {
    case 'TooLarge':
      return serviceError(status.INVALID_ARGUMENT, 'Maximum Append Size Exceeded', {
        exception: 'maximum-append-size-exceeded',
        'maximum-append-size': String(outcome.limit),
      });
    case 'Appended': {
      const success = new streamsPb.AppendResp.Success();
      success.setCurrentRevision(outcome.last.toString());
      const position = new streamsPb.AppendResp.Position();
      position.setCommitPosition(outcome.position.toString());
      position.setPreparePosition(outcome.position.toString());
      success.setPosition(position);
      response.setSuccess(success);
      return response;
    }
    case 'WrongVersion': {
      const wrong = new streamsPb.AppendResp.WrongExpectedVersion();
      if (outcome.current === undefined) wrong.setCurrentNoStream(new sharedPb.Empty());
      else wrong.setCurrentRevision(outcome.current.toString());
      if (expected === 'no-stream') wrong.setExpectedNoStream(new sharedPb.Empty());
      else if (expected === 'stream-exists') wrong.setExpectedStreamExists(new sharedPb.Empty());
      else if (expected === 'any') wrong.setExpectedAny(new sharedPb.Empty());
      else wrong.setExpectedRevision(expected.toString());
      response.setWrongExpectedVersion(wrong);
      return response;
    }
  }
};

/**
 * The call for one append: options first, then an event a message, until the client ends it. A client that gives up
 * half-way ends its side before it resets the call, so half a batch looks whole here, as it may to the server.
 */
export const append =
  (context: NodeContext) =>
  (call: ServerReadableStream<AppendReq, AppendResp>, respond: sendUnaryData<AppendResp>): void => {
    const fault = context.arrive('append', call.metadata);
    const refusal = context.refusal(call.metadata) ?? turnedAway(context, call.metadata);
    let options: AppendReq.Options | undefined;
    const events: ProposedEvent[] = [];
    call.on('error', () => undefined);
    // The library calls every call that has ended cancelled, answered or not.
    let answered = false;
    const answer: sendUnaryData<AppendResp> = (...response) => {
      answered = true;
      respond(...response);
    };
    call.on('cancelled', () => {
      if (!answered) context.givenUp();
    });
    call.on('data', (request: AppendReq) => {
      options ??= request.getOptions();
      const message = request.getProposedMessage();
      if (message === undefined) return;
      events.push(proposedOf(message));
      context.received();
    });
    call.on('end', () => {
      if (refusal !== undefined || options === undefined) {
        answer(refusal ?? serviceError(status.INVALID_ARGUMENT, 'No options'));
        return;
      }
      const expected = expectedOf(options);
      const stream = nameOf(options.getStreamIdentifier());
      void carryOut(context, { stream, expected, events }, fault).then((outcome) => {
        if (outcome === undefined) return;
        const response = outcome instanceof Error ? outcome : appendResponse(outcome, expected);
        if (response instanceof Error) answer(response);
        else answer(null, response);
      });
    });
  };

const detailed = (code: Code, typeName: string, details: Message): InstanceType<typeof statusPb.Status> => {
  const packed = new anyPb.Any();
  packed.pack(details.serializeBinary(), typeName);
  const error = new statusPb.Status();
  error.setCode(code);
  error.setMessage(typeName);
  error.setDetails(packed);
  return error;
};

const batchResult = (response: BatchAppendResp, outcome: AppendOutcome): void => {
  switch (outcome._tag) {
    case 'Appended': {
      const success = new streamsPb.BatchAppendResp.Success();
      success.setCurrentRevision(outcome.last.toString());
      const position = new sharedPb.AllStreamPosition();
      position.setCommitPosition(outcome.position.toString());
      position.setPreparePosition(outcome.position.toString());
      success.setPosition(position);
      response.setSuccess(success);
      return;
    }
    case 'WrongVersion': {
      const wrong = new sharedPb.WrongExpectedVersion();
      if (outcome.current === undefined) wrong.setCurrentNoStream(new emptyPb.Empty());
      else wrong.setCurrentStreamRevision(outcome.current.toString());
      response.setError(detailed(codePb.Code.ALREADY_EXISTS, 'event_store.client.WrongExpectedVersion', wrong));
      return;
    }
    case 'TooLarge': {
      const exceeded = new sharedPb.MaximumAppendSizeExceeded();
      exceeded.setMaxappendsize(outcome.limit);
      response.setError(
        detailed(codePb.Code.INVALID_ARGUMENT, 'event_store.client.MaximumAppendSizeExceeded', exceeded),
      );
    }
  }
};

type Batch = { readonly options: BatchAppendReq.Options; readonly events: ProposedEvent[] };

/** Many appends over one long-lived call: each is a series of messages under a correlation id, the last one final. */
export const batchAppend =
  (context: NodeContext) =>
  (call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>): void => {
    const refusal = context.refusal(call.metadata) ?? turnedAway(context, call.metadata);
    const open = new Map<string, Batch>();
    call.on('error', () => undefined);
    if (refusal !== undefined) {
      call.emit('error', refusal);
      return;
    }
    call.on('data', (request: BatchAppendReq) => {
      const away = turnedAway(context, call.metadata);
      if (away !== undefined) {
        call.emit('error', away);
        return;
      }
      const correlation = textOf(request.getCorrelationId());
      const options = request.getOptions();
      if (options !== undefined) open.set(correlation, { options, events: [] });
      const batch = open.get(correlation);
      if (batch === undefined) return;
      batch.events.push(...request.getProposedMessagesList().map(proposedOf));
      if (!request.getIsFinal()) return;
      open.delete(correlation);
      const stream = nameOf(batch.options.getStreamIdentifier());
      const expected = expectedOfBatch(batch.options);
      const fault = context.arrive('batch-append', call.metadata);
      void carryOut(context, { stream, expected, events: batch.events }, fault).then((outcome) => {
        if (outcome instanceof Error) call.emit('error', outcome);
        if (outcome === undefined || outcome instanceof Error) return;
        const response = new streamsPb.BatchAppendResp();
        response.setCorrelationId(request.getCorrelationId());
        response.setStreamIdentifier(identifierOf(stream));
        batchResult(response, outcome);
        call.write(response);
      });
    });
    call.on('end', () => call.end());
  };
