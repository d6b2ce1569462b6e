import { neverSent, networkCode } from './network-error.js';
import { readBody, type Body } from './read-body.js';

export type Answer = { readonly status: number; readonly headers: Headers; readonly body: Body };

/** One HTTP request, tried once. */
export type Attempt =
  | { readonly _tag: 'Answered'; readonly answer: Answer }
  /** The connection was never made: nothing can have been applied. */
  | { readonly _tag: 'NotSent'; readonly detail: string }
  /** It went out and no whole answer came back. `spentMs` is the time limit where that ended it, else 0. */
  | { readonly _tag: 'Lost'; readonly detail: string; readonly spentMs: number }
  | { readonly _tag: 'Aborted'; readonly sent: boolean };

export type HttpRequest = {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
};

export type AttemptOptions = { readonly timeoutMs: number; readonly signals: ReadonlyArray<AbortSignal> };

/**
 * Sends once and reads the answer to its end, within the time. Redirects come back as answers: following one would
 * carry the token, or a command, to an address nobody configured.
 *
 * The time limit is real time on purpose: a network does not follow an injected clock.
 */
export const attempt = async (
  fetch: typeof globalThis.fetch,
  request: HttpRequest,
  { timeoutMs, signals }: AttemptOptions,
): Promise<Attempt> => {
  if (signals.some((signal) => signal.aborted)) return { _tag: 'Aborted', sent: false };
  // Listeners by hand: `AbortSignal.any` on a signal that lives as long as the client would collect dependants.
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  for (const signal of signals) signal.addEventListener('abort', abort, { once: true });
  const timer = setTimeout(abort, timeoutMs);
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers,
      redirect: 'manual',
      signal: controller.signal,
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    const body = await readBody(response);
    // A browser-like fetch hides a redirect behind status 0.
    const status = response.type === 'opaqueredirect' ? 302 : response.status;
    return { _tag: 'Answered', answer: { status, headers: response.headers, body } };
  } catch (error) {
    if (signals.some((signal) => signal.aborted)) return { _tag: 'Aborted', sent: true };
    if (controller.signal.aborted)
      return { _tag: 'Lost', detail: `no answer within ${String(timeoutMs)} ms`, spentMs: timeoutMs };
    const detail = networkCode(error);
    return neverSent(error) ? { _tag: 'NotSent', detail } : { _tag: 'Lost', detail, spentMs: 0 };
  } finally {
    clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener('abort', abort);
  }
};
