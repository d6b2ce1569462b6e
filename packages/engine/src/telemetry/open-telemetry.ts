import { metrics, SpanStatusCode, trace } from '@opentelemetry/api';
import type {
  Attributes as OtelAttributes,
  BatchObservableCallback,
  Counter,
  Histogram,
  Meter,
  Observable,
  Span,
  Tracer,
} from '@opentelemetry/api';
import { version } from '../version.js';
import { errorType } from './error-type.js';
import { attributeNames, metricNames, spanNames } from './telemetry-names.js';
import type { AttributeName, CounterName, HistogramName, ObservedName } from './telemetry-names.js';
import type { Attributes, OpenSpan, Telemetry } from './telemetry.js';

const SCOPE = '@learnamp/directory-sync';

/** Which tracer and meter are used. */
export type OpenTelemetryOptions = {
  /** Default: that of the process, by the API's global. */
  readonly tracer?: Tracer | undefined;
  /** Default: that of the process, by the API's global. An SDK has to be registered before. */
  readonly meter?: Meter | undefined;
};

const named = (attributes: Attributes): OtelAttributes => {
  const out: OtelAttributes = {};
  for (const [key, value] of Object.entries(attributes)) out[attributeNames[key as AttributeName]] = value;
  return out;
};

const fail = (span: Span, type: string): void => {
  span.setAttribute(attributeNames.error, type);
  span.setStatus({ code: SpanStatusCode.ERROR });
};

const openSpan = (span: Span): OpenSpan => ({
  set: (attributes) => {
    span.setAttributes(named(attributes));
  },
  fail: (type) => fail(span, type),
  end: () => span.end(),
});

const instrumentsOf = (meter: Meter) => {
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  const observed = new Map<string, Observable>();
  for (const [key, { name, kind, unit, says: description }] of Object.entries(metricNames)) {
    const options = { unit, description };
    if (kind === 'counter') counters.set(key, meter.createCounter(name, options));
    else if (kind === 'histogram') histograms.set(key, meter.createHistogram(name, options));
    else if (kind === 'gauge') observed.set(key, meter.createObservableGauge(name, options));
    else observed.set(key, meter.createObservableCounter(name, options));
  }
  return {
    counter: (name: CounterName) => counters.get(name),
    histogram: (name: HistogramName) => histograms.get(name),
    observable: (name: ObservedName) => observed.get(name),
    all: [...observed.values()],
  };
};

/**
 * Tells OpenTelemetry what the engine does: spans and metrics as in docs/reference/telemetry.md, without anybody's data. Needs
 * `@opentelemetry/api` in the host; the SDK and where it exports to are the host's as well.
 *
 * @example
 * const engine = openSyncEngine({ stores, telemetry: openTelemetry() });
 */
export const openTelemetry = (options: OpenTelemetryOptions = {}): Telemetry => {
  const tracer = options.tracer ?? trace.getTracer(SCOPE, version);
  const meter = options.meter ?? metrics.getMeter(SCOPE, version);
  const instruments = instrumentsOf(meter);
  return {
    inSpan: (name, attributes, work) =>
      tracer.startActiveSpan(spanNames[name].name, { attributes: named(attributes) }, async (span) => {
        try {
          return await work(openSpan(span));
        } catch (cause) {
          fail(span, errorType(cause));
          throw cause;
        } finally {
          span.end();
        }
      }),
    startSpan: (name, attributes) =>
      openSpan(tracer.startSpan(spanNames[name].name, { attributes: named(attributes) })),
    count: (name, by, attributes) => instruments.counter(name)?.add(by, named(attributes)),
    record: (name, value, attributes) => instruments.histogram(name)?.record(value, named(attributes)),
    watch: (read) => {
      const observe: BatchObservableCallback = (result) => {
        for (const { name, value, attributes } of read()) {
          const instrument = instruments.observable(name);
          if (instrument !== undefined) result.observe(instrument, value, named(attributes));
        }
      };
      meter.addBatchObservableCallback(observe, instruments.all);
      return () => meter.removeBatchObservableCallback(observe, instruments.all);
    },
  };
};
