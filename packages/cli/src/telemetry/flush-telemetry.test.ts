import { metrics, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { flushTelemetry } from './flush-telemetry.js';

const providers = (forceFlush: () => Promise<void>) => {
  const tracer = trace.getTracer('none');
  const meter = metrics.getMeter('none');
  trace.setGlobalTracerProvider(Object.assign({ getTracer: () => tracer }, { forceFlush }));
  metrics.setGlobalMeterProvider(Object.assign({ getMeter: () => meter }, { forceFlush }));
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  trace.disable();
  metrics.disable();
  vi.useRealTimers();
});

test('without an SDK there is nothing to wait for', async () => {
  await flushTelemetry();
  expect(vi.getTimerCount()).toBe(0);
});

test('spans and metrics are exported before it resolves', async () => {
  let flushed = 0;
  providers(async () => {
    await Promise.resolve();
    flushed += 1;
  });
  await flushTelemetry();
  expect(flushed).toBe(2);
  expect(vi.getTimerCount()).toBe(0);
});

test('an SDK that fails, or throws, is nobody else’s failure', async () => {
  providers(() => {
    throw new Error('the receiver is gone');
  });
  await expect(flushTelemetry()).resolves.toBeUndefined();
});

test('a receiver that never answers is given up after five seconds', async () => {
  providers(() => new Promise(() => undefined));
  let ended = false;
  const flushing = flushTelemetry().then(() => (ended = true));
  await vi.advanceTimersByTimeAsync(4_999);
  expect(ended).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await flushing;
});
