import type { BatchItemRecord, SimulatedRequest, System } from './exchange.js';

export type RequestRecord = {
  /** 1, 2, 3 … since the start; a reset does not begin again. */
  readonly sequence: number;
  readonly system: System;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** 0 while unanswered, and for good where the connection was cut without an answer. */
  readonly status: number;
  /** Never the credentials. */
  readonly headers: Readonly<Record<string, string>>;
  /** The items of a `$batch`, in the order of the request. */
  readonly items: ReadonlyArray<BatchItemRecord>;
  /** `request-id` of the answer, also where it was lost on the way. */
  readonly answerId?: string | undefined;
};

export type RequestCounts = { readonly graph: number; readonly learnAmp: number; readonly token: number };

export type RequestQuery = {
  readonly system?: System;
  readonly method?: string;
  /** Tested against the path as sent, without the query. */
  readonly path?: RegExp;
};

export interface RequestLog {
  readonly all: () => ReadonlyArray<RequestRecord>;
  readonly matching: (query: RequestQuery) => ReadonlyArray<RequestRecord>;
  /** What came behind this sequence number. */
  readonly since: (sequence: number) => ReadonlyArray<RequestRecord>;
  /** The sequence number of the latest request. */
  readonly latest: () => number;
  readonly count: (query?: RequestQuery) => number;
  readonly counts: () => RequestCounts;
  readonly reset: () => void;
}

const keptHeaders = ['accept', 'content-type', 'consistencylevel', 'prefer', 'client-request-id', 'user-agent'];

/** A log that runs for days must not grow without end: the oldest records go first. */
const keptRecords = 200_000;

type Entry = { -readonly [Key in keyof RequestRecord]: RequestRecord[Key] };

export const makeRequestLog = (): RequestLog & {
  readonly begin: (request: SimulatedRequest) => {
    readonly answered: (status: number, items?: ReadonlyArray<BatchItemRecord>) => void;
    /** The system made an answer with this id. */
    readonly made: (answerId: string | undefined) => void;
  };
} => {
  let entries: Entry[] = [];
  let sequence = 0;
  const matching = ({ system, method, path }: RequestQuery): ReadonlyArray<RequestRecord> =>
    entries.filter(
      (entry) =>
        (system === undefined || entry.system === system) &&
        (method === undefined || entry.method === method) &&
        (path === undefined || path.test(entry.path)),
    );
  return {
    all: () => [...entries],
    matching,
    since: (last) => {
      const first = entries[0]?.sequence ?? 1;
      return entries.slice(Math.max(0, last + 1 - first));
    },
    latest: () => sequence,
    count: (query = {}) => matching(query).length,
    counts: () => ({
      graph: matching({ system: 'graph' }).length,
      learnAmp: matching({ system: 'learnAmp' }).length,
      token: matching({ system: 'token' }).length,
    }),
    reset: () => {
      entries = [];
    },
    begin: (request) => {
      sequence += 1;
      const entry: Entry = {
        sequence,
        system: request.system,
        method: request.method,
        path: request.path,
        query: Object.fromEntries(request.query),
        status: 0,
        headers: Object.fromEntries(
          keptHeaders.flatMap((name) => {
            const value = request.headers[name];
            return value === undefined ? [] : [[name, value]];
          }),
        ),
        items: [],
      };
      entries.push(entry);
      if (entries.length > keptRecords) entries = entries.slice(keptRecords / 2);
      return {
        answered: (status, items = []) => {
          entry.status = status;
          entry.items = items;
        },
        made: (answerId) => {
          if (answerId !== undefined) entry.answerId = answerId;
        },
      };
    },
  };
};
