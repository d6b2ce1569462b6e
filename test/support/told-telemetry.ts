import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { MeterProvider, MetricReader, type DataPoint, type MetricData } from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import type { Telemetry } from '@learnamp/directory-sync';
import { openTelemetry } from '@learnamp/directory-sync/otel';
import { onTestFinished } from 'vitest';

class CollectedByTest extends MetricReader {
  protected override onForceFlush = (): Promise<void> => Promise.resolve();
  protected override onShutdown = (): Promise<void> => Promise.resolve();
}

export type Told = {
  readonly telemetry: Telemetry;
  readonly spans: (name?: string) => ReadonlyArray<ReadableSpan>;
  readonly metrics: () => Promise<ReadonlyArray<MetricData>>;
  /** Of one metric, by what its attributes are. */
  readonly points: (name: string) => Promise<ReadonlyArray<DataPoint<unknown>>>;
};

/** OpenTelemetry's own SDK with nothing behind it: what was told stays in memory. */
export const openToldTelemetry = (): Told => {
  const exporter = new InMemorySpanExporter();
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const reader = new CollectedByTest();
  const meters = new MeterProvider({ readers: [reader] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  onTestFinished(async () => {
    context.disable();
    await Promise.all([tracers.shutdown(), meters.shutdown()]);
  });
  const metrics = async () => {
    const { resourceMetrics, errors } = await reader.collect();
    if (errors.length > 0) throw new Error('Metrics could not be collected.', { cause: errors });
    return resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  };
  return {
    telemetry: openTelemetry({ tracer: tracers.getTracer('test'), meter: meters.getMeter('test') }),
    spans: (name) => exporter.getFinishedSpans().filter((span) => name === undefined || span.name === name),
    metrics,
    points: async (name) => (await metrics()).find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [],
  };
};
