import type { AttributeName, CounterName, HistogramName, ObservedName, SpanName } from './telemetry-names.js';

/** What a span or a metric is told with. No name, address or object id of anybody is among them. */
export type Attributes = Readonly<Partial<Record<AttributeName, string | number>>>;

/** A span that has begun. */
export type OpenSpan = {
  readonly set: (attributes: Attributes) => void;
  /** @param type the code of an error, or its class; never its text, which may name people */
  readonly fail: (type: string) => void;
  readonly end: () => void;
};

/** A value as it stands at the moment somebody asks. */
export type Reading = { readonly name: ObservedName; readonly value: number; readonly attributes: Attributes };

/**
 * Where the engine tells what it does, in the names of one table (docs/reference/telemetry.md). `openTelemetry` of
 * `@learnamp/directory-sync/otel` implements it; without one nothing is told. Nothing here may throw, or wait.
 */
export interface Telemetry {
  /** Runs `work` within a span: what begins in it is a child of it. What it rejects with is passed on. */
  readonly inSpan: <A>(name: SpanName, attributes: Attributes, work: (span: OpenSpan) => Promise<A>) => Promise<A>;
  /** For what runs beside other things; the caller ends it. */
  readonly startSpan: (name: SpanName, attributes: Attributes) => OpenSpan;
  readonly count: (name: CounterName, by: number, attributes: Attributes) => void;
  readonly record: (name: HistogramName, value: number, attributes: Attributes) => void;
  /** `read` is called whenever metrics are collected, until what this returns is called. */
  readonly watch: (read: () => ReadonlyArray<Reading>) => () => void;
}

const nothing = (): void => undefined;
const quietSpan: OpenSpan = { set: nothing, fail: nothing, end: nothing };

export const quietTelemetry: Telemetry = {
  inSpan: (_name, _attributes, work) => work(quietSpan),
  startSpan: () => quietSpan,
  count: nothing,
  record: nothing,
  watch: () => nothing,
};
