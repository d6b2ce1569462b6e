import { metrics, trace } from '@opentelemetry/api';

const DEADLINE_MS = 5_000;

type Flushing = { readonly forceFlush: () => Promise<unknown> };

const isFlushing = (provider: unknown): provider is Flushing =>
  typeof provider === 'object' &&
  provider !== null &&
  'forceFlush' in provider &&
  typeof provider.forceFlush === 'function';

type Proxying = { readonly getDelegate: () => unknown };

const isProxying = (provider: unknown): provider is Proxying =>
  typeof provider === 'object' &&
  provider !== null &&
  'getDelegate' in provider &&
  typeof provider.getDelegate === 'function';

/** The API hands out a proxy for tracers; what the SDK registered stands behind it. */
const behind = (provider: unknown): unknown => (isProxying(provider) ? provider.getDelegate() : provider);

/**
 * Has the SDK that the operator registered, where there is one, export what it collected: the command ends its process itself,
 * and with it what waits in a batch. A receiver that does not answer keeps it for five seconds and changes no exit code.
 */
export const flushTelemetry = async (): Promise<void> => {
  const providers = [behind(trace.getTracerProvider()), metrics.getMeterProvider()].filter(isFlushing);
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((resolve) => (timer = setTimeout(resolve, DEADLINE_MS)));
  try {
    await Promise.race([Promise.allSettled(providers.map(async (provider) => provider.forceFlush())), deadline]);
  } finally {
    clearTimeout(timer);
  }
};
