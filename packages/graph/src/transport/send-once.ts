import type { GraphWorld } from '../graph-settings.js';

/** An answer read to its end. `undefined` text: there is none that could be used; `detail` says why. */
export type Received = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string | undefined;
  readonly detail: string;
  /** The body came, and will be no better when it is asked for again: `detail` goes on behind "the answer". */
  readonly refused?: true | undefined;
  /** The body of a success, where its bytes were asked for; then there is no text. */
  readonly bytes?: Uint8Array | 'too-long' | undefined;
};

export type Sent =
  { readonly _tag: 'Received'; readonly received: Received } | { readonly _tag: 'Lost'; readonly detail: string };

const LONGEST_BODY = 64 * 1024 * 1024;

class RefusedBody extends Error {}

/** What is no UTF-8 is no text: a character in its place would be taken for somebody's name. */
const decode = (decoder: InstanceType<typeof TextDecoder>, bytes?: Uint8Array): string => {
  try {
    return decoder.decode(bytes, { stream: bytes !== undefined });
  } catch {
    throw new RefusedBody('is not in UTF-8');
  }
};

/** Reads to the end, or cancels: a body left unread keeps its connection busy. */
const readBody = async (response: Response): Promise<string> => {
  if (response.body === null) return '';
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decode(decoder);
    bytes += value.byteLength;
    if (bytes > LONGEST_BODY) {
      await reader.cancel();
      throw new RefusedBody(`is longer than ${String(LONGEST_BODY)} bytes`);
    }
    try {
      text += decode(decoder, value);
    } catch (cause) {
      await reader.cancel();
      throw cause;
    }
  }
};

/** Nothing beyond the limit is kept: the body is cancelled with the first byte too many. */
const readBytes = async (response: Response, atMost: number): Promise<Uint8Array | 'too-long'> => {
  if (response.body === null) return new Uint8Array();
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(parts, length);
    length += value.byteLength;
    if (length > atMost) {
      await reader.cancel();
      return 'too-long';
    }
    parts.push(value);
  }
};

const codeOf = (cause: unknown): string | undefined => {
  if (!(cause instanceof Error)) return undefined;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return code ?? codeOf(cause.cause);
};

/** Names the fault by its system code. Messages of network errors may quote addresses, so they are not passed on. */
const describe = (cause: unknown, timedOut: boolean, timeoutMs: number): string => {
  if (timedOut) return `no answer within ${String(Math.round(timeoutMs / 1000))} s`;
  const code = codeOf(cause);
  return code === undefined ? 'the connection failed' : `the connection failed (${code})`;
};

/**
 * One HTTP exchange: redirects are not followed, the body is read to its end, and the whole takes no longer than
 * `timeoutMs`. Nothing is thrown: what did not arrive is `Lost`.
 */
export const sendOnce = async (
  fetch: GraphWorld['fetch'],
  url: string,
  init: RequestInit,
  limits: {
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
    /** A success is read as bytes, so many at most. */
    readonly atMostBytes?: number | undefined;
  },
): Promise<Sent> => {
  const controller = new AbortController();
  let timedOut = false;
  const abort = (): void => controller.abort();
  const timer = setTimeout(() => {
    timedOut = true;
    abort();
  }, limits.timeoutMs);
  limits.signal.addEventListener('abort', abort, { once: true });
  if (limits.signal.aborted) abort();
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal: controller.signal });
    const { status, headers } = response;
    try {
      const head = { status, headers, detail: '' };
      if (limits.atMostBytes === undefined || !response.ok)
        return { _tag: 'Received', received: { ...head, text: await readBody(response) } };
      const bytes = await readBytes(response, limits.atMostBytes);
      return { _tag: 'Received', received: { ...head, text: '', bytes } };
    } catch (cause) {
      const received = { status, headers, text: undefined };
      if (cause instanceof RefusedBody)
        return { _tag: 'Received', received: { ...received, detail: cause.message, refused: true } };
      return { _tag: 'Received', received: { ...received, detail: describe(cause, timedOut, limits.timeoutMs) } };
    }
  } catch (cause) {
    return { _tag: 'Lost', detail: describe(cause, timedOut, limits.timeoutMs) };
  } finally {
    clearTimeout(timer);
    limits.signal.removeEventListener('abort', abort);
  }
};
