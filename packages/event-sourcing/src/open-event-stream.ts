import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { DomainEvent } from './event-definition.js';
import type { AppendFailure, Appended, EventLog, ExpectedRevision, PageOptions } from './event-log.js';
import type { EventRegistry } from './event-registry.js';
import type { EventStream, StreamAppended } from './event-stream.js';
import type { KeyStore } from './key-store.js';
import { envelopeOf, readRecords } from './record-reader.js';
import type { RecordReader } from './record-reader.js';
import { writeRecords } from './record-writer.js';
import type { RecordWriter, WrittenRecord } from './record-writer.js';
import { makeSealingKeys } from './sealing-keys.js';
import { verifiedBackwards, verifiedForwards, verifiedOneByOne } from './verified-pages.js';
import type { VerifiedPage } from './verified-pages.js';

export type EventStreamSettings<Ev extends DomainEvent> = {
  readonly log: EventLog;
  readonly keys: KeyStore;
  readonly registry: EventRegistry<Ev>;
  /** The stream's name in the log. */
  readonly name: string;
  /** Key-store owner of the stream's own key, such as `connection:<id>`. */
  readonly owner: string;
  readonly now: () => Date;
  /** A new event id. Ids that ascend with time keep the index of a log on disk small (`timeOrderedId`). */
  readonly newId: () => string;
};

/** An append without an answer is sent again this often, with the same records. */
const RETRIES = 2;

const appendPatiently = async (
  log: EventLog,
  stream: string,
  expected: ExpectedRevision,
  written: ReadonlyArray<WrittenRecord>,
): Promise<E.Either<AppendFailure, Appended>> => {
  const records = written.map(({ record }) => record);
  let answer = await log.append(stream, expected, records)();
  for (let retry = 0; retry < RETRIES && E.isLeft(answer) && answer.left._tag === 'LogUnavailable'; retry += 1) {
    answer = await log.append(stream, expected, records)();
  }
  return answer;
};

const toAppended =
  <Ev extends DomainEvent>(stream: string, written: ReadonlyArray<WrittenRecord>) =>
  ({ records, head }: Appended): StreamAppended<Ev> => ({
    events: records.flatMap((record, index) => {
      const source = written[index];
      if (source === undefined) throw new Error('The log answered with more records than were appended.');
      return [envelopeOf<Ev>(stream, source.definition, record, { data: source.decoded, erased: false })];
    }),
    head,
  });

/**
 * Opens one stream of typed events over a log and a key store.
 *
 * - `append` rejects, with nothing written, when an event has no definition or does not satisfy its codec. Whatever else
 *   goes wrong is a value. `LogUnavailable` is the answer only after the same records were sent three times.
 * - Reads reject with a `LogFailure` when the log or the key store does not answer. A record that cannot be read is a
 *   `Failed` in its place, never skipped. Every read verifies the chain; one by subject cannot tell that a record is
 *   missing from the index.
 */
export const openEventStream = <Ev extends DomainEvent>(settings: EventStreamSettings<Ev>): EventStream<Ev> => {
  const { log, keys, registry, name } = settings;
  const sealingKeys = makeSealingKeys();
  const reader: RecordReader<Ev> = { stream: name, registry, keys, sealingKeys };
  const writer: RecordWriter = {
    ...settings,
    stream: name,
    registry: registry,
    sealingKeys,
  };

  async function* read(pages: AsyncIterable<VerifiedPage>) {
    for await (const { records, broken } of pages) yield await readRecords(reader, records, broken);
  }
  const verify = (options: PageOptions | undefined) =>
    (options?.direction === 'backwards' ? verifiedBackwards : verifiedForwards)(log, name, log.pages(name, options));

  return {
    name,
    append: (expected, events, context) => async () => {
      const written = await writeRecords(writer, events, context)();
      if (E.isLeft(written)) return written;
      return pipe(
        await appendPatiently(log, name, expected, written.right),
        E.map(toAppended<Ev>(name, written.right)),
      );
    },
    head: () => log.head(name),
    pages: (options) => read(verify(options)),
    pagesBySubject: (subject, options) => read(verifiedOneByOne(log, name, log.pagesBySubject(name, subject, options))),
    follow: (options) => read(verifiedForwards(log, name, log.follow(name, options))),
  };
};
