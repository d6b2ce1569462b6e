import type {
  Head,
  PageRange,
  ProjectionDatabase,
  ProjectionRows,
  Revision,
  RowChange,
  StoredRecord,
} from '@learnamp/directory-sync-event-sourcing';
import { ProjectionRowsLost, readPages } from '@learnamp/directory-sync-event-sourcing';
import { headOf } from './read-records.js';
import type { RecordReads } from './read-records.js';

const VERSION = '1';
const TABLE = 'records';
const INDEX = 'subject';
const PAGE = 2_000;

/** Keys stand in the order of their code points, so revisions are written with all their digits. */
const keyOf = (revision: Revision): string => revision.toString().padStart(19, '0');

const rowOf = ({ revision, metadata }: StoredRecord): ReadonlyArray<RowChange> =>
  metadata.subjects.length === 0
    ? []
    : [{ table: TABLE, key: keyOf(revision), value: 1, entries: { [INDEX]: [...new Set(metadata.subjects)] } }];

/** In how many records in a row a read skips those about others, before two reads are cheaper. */
const WORTH_SKIPPING = 64n;

/** Windows that hold all of these revisions, which are in order, and little else. */
const windowsOf = (revisions: ReadonlyArray<Revision>): ReadonlyArray<{ low: Revision; high: Revision }> => {
  const windows: { low: Revision; high: Revision }[] = [];
  for (const revision of revisions) {
    const last = windows.at(-1);
    if (last !== undefined && revision - last.high <= WORTH_SKIPPING && revision - last.low < BigInt(PAGE))
      last.high = revision;
    else windows.push({ low: revision, high: revision });
  }
  return windows;
};

export type SubjectIndex = {
  /** A page of the records about a subject: brings the index up to the present head first. */
  readonly page: (stream: string, subject: string, range: PageRange) => Promise<ReadonlyArray<StoredRecord>>;
};

/**
 * Which records are about whom, in the local database: the server has no index that is safe to read behind its back.
 * Folded from the log like any projection, so what is lost there costs a reading of the stream and nothing else.
 *
 * Invariants: an answer comes from an index that holds every record that stood when it was asked for; an index that was
 * made from another log, or of another history of this one, is dropped and made anew.
 */
export const makeSubjectIndex = (
  reads: RecordReads,
  projections: ProjectionDatabase,
  { keeps }: { readonly keeps: boolean },
): SubjectIndex => {
  const foldOf = (stream: string): Promise<ProjectionRows> =>
    projections.rows({ name: `event-subjects:${stream}`, version: VERSION });

  const catchingUp = new Map<string, Promise<void>>();

  /** From the checkpoint's own record on, so that one read tells whether it still stands as it did. */
  const readBehind = async (
    stream: string,
    checkpoint: Head | undefined,
  ): Promise<ReadonlyArray<StoredRecord> | 'other'> => {
    const low = checkpoint?.revision ?? 0n;
    const page = await reads.page(stream, { low, high: low + BigInt(PAGE), backwards: false, size: PAGE });
    if (checkpoint === undefined) return page;
    return page[0]?.metadata.hash === checkpoint.hash ? page.slice(1) : 'other';
  };

  const catchUp = async (stream: string): Promise<void> => {
    const rows = await foldOf(stream);
    for (;;) {
      const checkpoint = rows.checkpoint();
      const page = await readBehind(stream, checkpoint);
      if (page === 'other') {
        rows.clear();
        continue;
      }
      if (page.length === 0) return;
      // `moved`: another process has folded meanwhile, and its checkpoint is the one to go on from.
      rows.commit(page.flatMap(rowOf), checkpoint, headOf(page.at(-1)));
    }
  };

  /**
   * One at a time for each stream; who asks while one runs gets one that begins afterwards: the one that runs may have
   * seen the head before the asker's own append.
   */
  const broughtUp = async (stream: string): Promise<void> => {
    const running = (catchingUp.get(stream) ?? Promise.resolve()).catch(() => undefined).then(() => catchUp(stream));
    catchingUp.set(stream, running);
    try {
      await running;
    } finally {
      if (catchingUp.get(stream) === running) catchingUp.delete(stream);
    }
  };

  const indexed = async (stream: string, subject: string): Promise<ReadonlyArray<Revision>> => {
    for (let attempt = 0; ; attempt += 1) {
      await broughtUp(stream);
      const rows = await foldOf(stream);
      rows.checkpoint();
      try {
        return rows.keysAt(TABLE, INDEX, subject).map(BigInt);
      } catch (error) {
        if (!(error instanceof ProjectionRowsLost) || attempt > 2) throw error;
      }
    }
  };

  const scanned = async (stream: string, subject: string, from: Revision): Promise<ReadonlyArray<Revision>> => {
    const found: Revision[] = [];
    const pages = readPages((range) => reads.page(stream, range), { from, size: PAGE });
    for await (const page of pages)
      found.push(...page.filter(({ metadata }) => metadata.subjects.includes(subject)).map(({ revision }) => revision));
    return found;
  };

  /** What the index holds, where it is of this log, and the rest by reading: nothing is kept. */
  const looked = async (stream: string, subject: string): Promise<ReadonlyArray<Revision>> => {
    const rows = await foldOf(stream);
    const checkpoint = rows.checkpoint();
    if (checkpoint === undefined || (await readBehind(stream, checkpoint)) === 'other')
      return scanned(stream, subject, 0n);
    const known = rows.keysAt(TABLE, INDEX, subject).map(BigInt);
    return [...known, ...(await scanned(stream, subject, checkpoint.revision + 1n))];
  };
  const revisionsOf = keeps ? indexed : looked;

  return {
    page: async (stream, subject, { low, high, backwards, size }) => {
      const about = (await revisionsOf(stream, subject)).filter((revision) => revision >= low && revision <= high);
      const chosen = backwards ? about.slice(-size) : about.slice(0, size);
      const wanted = new Set(chosen);
      const records: StoredRecord[] = [];
      for (const window of windowsOf(chosen))
        records.push(...(await reads.page(stream, { ...window, backwards: false, size: PAGE })));
      const page = records.filter(({ revision }) => wanted.has(revision));
      return backwards ? page.reverse() : page;
    },
  };
};
