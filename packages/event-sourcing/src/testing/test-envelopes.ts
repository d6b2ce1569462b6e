import { genesis } from '../chain.js';
import type { EventEnvelope, Revision } from '../envelope.js';
import type { DomainEvent } from '../event-definition.js';

export type TestEnvelopeOptions = {
  readonly stream?: string;
  /** Revision of the first envelope. */
  readonly from?: Revision;
  readonly recordedAt?: string;
  readonly subjects?: (event: DomainEvent) => ReadonlyArray<string>;
};

/** Bare events as a reader would see them: consecutive revisions, made-up ids, no hashes. */
export const testEnvelopes = <Ev extends DomainEvent>(
  events: ReadonlyArray<Ev>,
  options: TestEnvelopeOptions = {},
): ReadonlyArray<EventEnvelope<Ev>> => {
  const { stream = 'test', from = 0n, recordedAt = '2026-01-01T00:00:00.000Z', subjects = () => [] } = options;
  return events.map((event, index) => {
    const revision = from + BigInt(index);
    return {
      id: `event-${revision}`,
      stream,
      type: event.type,
      data: event.data,
      schemaVersion: 1,
      revision,
      recordedAt,
      metadata: {
        subjects: subjects(event),
        correlationId: 'test',
        causationId: 'test',
        hash: genesis.hash,
      },
      erased: false,
    } as unknown as EventEnvelope<Ev>;
  });
};
