import type { DirectoryEvent, ObjectId } from '@learnamp/directory-sync-domain';
import { evolveDelivered, initialDelivered } from '@learnamp/directory-sync-domain';
import type { EventEnvelope, EventStream, ReadEvent, StoredRecord } from '@learnamp/directory-sync-event-sourcing';
import { LogFailure } from '@learnamp/directory-sync-event-sourcing';
import { decodeError, logError } from '../failure.js';
import { makeCommandTrail, type Fact } from './command-trail.js';
import { eventWords, sourceOf, type NameOf } from './event-words.js';
import { stopped } from './stopped.js';
import type { Why, WhyEvent } from './why.js';

type Envelope = EventEnvelope<DirectoryEvent>;

/** What one person's events say, in their order. */
export type PersonStory = Pick<Why, 'events' | 'commands' | 'erased'>;

const withoutData = (record: StoredRecord): Omit<WhyEvent, 'says' | 'data'> => ({
  revision: record.revision.toString(),
  recordedAt: record.recordedAt,
  type: record.type,
  source: sourceOf(record.type),
  graphRequestId: record.metadata.graphRequestId ?? null,
  correlationId: record.metadata.correlationId,
  causationId: record.metadata.causationId,
});

type About = { readonly userId: string; readonly named: NameOf };

/** One event in words. */
export const whyEvent = (event: Envelope, record: StoredRecord, { userId, named }: About): WhyEvent => ({
  ...withoutData(record),
  ...eventWords(event, userId, named),
  data: event.data,
});

/** Whom somebody else's event only names (a manager of theirs) has no fact by it. */
const isAbout = ({ data }: DirectoryEvent, userId: ObjectId): boolean => !('userId' in data) || data.userId === userId;

const makeFollower = (userId: ObjectId, named: NameOf) => {
  const events: WhyEvent[] = [];
  const facts: Fact[] = [];
  const trail = makeCommandTrail(userId);
  let delivered = initialDelivered(userId);
  let erased: Why['erased'] = null;

  const takeErased = (record: StoredRecord): void => {
    events.push({ ...withoutData(record), says: 'erased', data: null, erased: true });
    facts.push({ revision: record.revision, type: record.type, says: `${record.type} (erased)` });
    trail.takeErased(record);
  };

  const takeEvent = (event: Envelope, record: StoredRecord): void => {
    const told = whyEvent(event, record, { userId, named });
    events.push(told);
    trail.take(event, delivered, facts);
    if (event.type === 'PersonErased') {
      const { actor, reason } = event.data;
      erased = { at: event.recordedAt, by: actor, reason };
    }
    // Of a whole profile the first part says enough for a cause.
    const [says = told.says] = event.type === 'UserJoinedGroup' ? told.says.split(';') : [told.says];
    if (isAbout(event, userId)) facts.push({ revision: event.revision, type: event.type, says });
    delivered = evolveDelivered(delivered, event, userId);
  };

  return {
    take: (read: ReadEvent<DirectoryEvent>): void => {
      if (read._tag === 'Failed') {
        if (read.failure._tag !== 'InvalidData') throw decodeError(read.failure);
        const { record, errors } = read.failure;
        events.push({ ...withoutData(record), says: `does not decode: ${errors[0] ?? ''}`, data: null });
      } else if (read._tag === 'Passed') {
        if (read.reason === 'erased') takeErased(read.record);
      } else if (read.event.erased) takeErased(read.record);
      else takeEvent(read.event, read.record);
    },
    story: (): PersonStory => ({ events, commands: trail.commands(), erased }),
  };
};

/** Everything that stands about one person up to a revision, through the index by person. */
export const readStory = async (
  stream: EventStream<DirectoryEvent>,
  userId: ObjectId,
  { to, named, signal }: { readonly to: bigint; readonly named: NameOf; readonly signal: AbortSignal | undefined },
): Promise<PersonStory> => {
  const follower = makeFollower(userId, named);
  try {
    for await (const page of stream.pagesBySubject(userId, { from: 0n, to, signal }))
      for (const read of page) follower.take(read);
  } catch (error) {
    if (signal?.aborted === true) throw stopped();
    if (error instanceof LogFailure) throw logError(error.failure);
    throw error;
  }
  return follower.story();
};
