import { encodeBody, type SimulatedRequest, type SimulatedResponse, type System } from './exchange.js';
import { answerRequest, type AnswerOptions } from './answer-request.js';

export type InProcessServer = Omit<AnswerOptions, 'later'> & {
  readonly origin: () => string;
  readonly systemOf: (path: string) => System;
};

/** Shaped like the errors of a socket, so that clients read the same code. */
const networkError = (code: string): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });

const aborted = (signal: AbortSignal | null | undefined): Promise<never> =>
  new Promise((_resolve, reject) => {
    const abort = (): void => reject(signal?.reason as Error);
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });

const toRequest = async (
  url: URL,
  init: RequestInit,
  systemOf: (path: string) => System,
): Promise<SimulatedRequest> => {
  const { body } = init;
  return {
    system: systemOf(url.pathname),
    method: (init.method ?? 'GET').toUpperCase(),
    path: url.pathname,
    query: new URLSearchParams(url.search),
    headers: Object.fromEntries(new Headers(init.headers)),
    body:
      typeof body === 'string'
        ? Buffer.from(body, 'utf8')
        : Buffer.from(await new Response(body ?? null).arrayBuffer()),
    inBatch: false,
  };
};

const halfOf = (bytes: Buffer): ReadableStream<Uint8Array> => {
  const parts = [new Uint8Array(bytes.subarray(0, Math.floor(bytes.length / 2)))];
  return new ReadableStream({
    pull: (controller) => {
      const part = parts.pop();
      if (part !== undefined && part.length > 0) controller.enqueue(part);
      else controller.error(networkError('ECONNRESET'));
    },
  });
};

const toResponse = (response: SimulatedResponse, half: boolean, now: Date): Response => {
  const { status, headers, body } = response;
  const bytes = encodeBody(body);
  const type = Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json';
  const typed = body === undefined ? headers : { 'content-type': type, ...headers };
  const content = half ? halfOf(bytes) : status === 204 || status === 304 ? null : new Uint8Array(bytes);
  return new Response(content, { status, headers: { date: now.toUTCString(), ...typed } });
};

/**
 * The same servers without sockets: a `fetch` for clients that take one. Requests are logged, faults strike, and what is
 * cut or silent behaves as on a socket; the `Date` header is the simulator's time.
 */
export const makeInProcessFetch =
  (servers: ReadonlyArray<InProcessServer>, now: () => Date): typeof globalThis.fetch =>
  async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const server = servers.find(({ origin }) => origin() === url.origin);
    if (server === undefined) throw networkError('ECONNREFUSED');
    const { signal } = init;
    signal?.throwIfAborted();
    const later = (milliseconds: number): Promise<void> =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        signal?.addEventListener('abort', () => clearTimeout(timer), { once: true });
      });
    const request = await toRequest(url, init, server.systemOf);
    const delivery = await (signal == null
      ? answerRequest({ ...server, later }, request)
      : Promise.race([answerRequest({ ...server, later }, request), aborted(signal)]));
    if (delivery.kind === 'silence') return aborted(signal);
    if (delivery.kind === 'cut') throw networkError('ECONNRESET');
    return toResponse(delivery.response, delivery.kind === 'half', now());
  };
