// #region export-telemetry
import { context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

const resource = defaultResource().merge(resourceFromAttributes({ 'service.name': 'directory-sync' }));

// Where to is said by OTEL_EXPORTER_OTLP_ENDPOINT, with what headers by OTEL_EXPORTER_OTLP_HEADERS.
const spanProcessors = [new BatchSpanProcessor(new OTLPTraceExporter())];
const readers = [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })];

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(new BasicTracerProvider({ resource, spanProcessors }));
metrics.setGlobalMeterProvider(new MeterProvider({ resource, readers }));
// #endregion
