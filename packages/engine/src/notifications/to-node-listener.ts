import type { IncomingMessage, ServerResponse } from 'node:http';

/** What bounds a request that `node:http` hands over. */
export type NodeListenerOptions = {
  /** A body that is not there in time is cut off. Default 10 seconds. */
  readonly bodyTimeoutMs?: number | undefined;
  /** Bytes that are read and thrown away so that a client that still sends hears the answer. Default 1 MiB. */
  readonly discardBytes?: number | undefined;
  /** For tests: calls back after so many milliseconds, until the returned function is called. */
  readonly after?: ((milliseconds: number, run: () => void) => () => void) | undefined;
};

const DISCARD_MS = 1_000;

type Settings = { readonly [K in keyof NodeListenerOptions]-?: Exclude<NodeListenerOptions[K], undefined> };

const realAfter: Settings['after'] = (milliseconds, run) => {
  const timer = setTimeout(run, milliseconds);
  timer.unref();
  return () => clearTimeout(timer);
};

/**
 * Node hands out the bytes of the request line one character each. Whatever a URL may not hold is escaped as it was
 * sent, so that parsing the URL changes no byte of it.
 */
const asSent = (target: string): string =>
  target.replace(/[^\x21-\x7e]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`);

const urlOf = ({ url = '/' }: IncomingMessage): string =>
  url.startsWith('/') ? `http://localhost${asSent(url)}` : asSent(url);

const headersOf = (message: IncomingMessage): Headers => {
  const headers = new Headers();
  for (const [name, value = ''] of Object.entries(message.headers)) {
    for (const each of typeof value === 'string' ? [value] : value) headers.append(name, each);
  }
  return headers;
};

/** The body, pulled chunk by chunk: the client sends no faster than the handler reads. */
const bodyOf = (message: IncomingMessage, settings: Settings): ReadableStream<Uint8Array> => {
  let stop: (() => void) | undefined;

  const begin = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    const onData = (chunk: Buffer): void => {
      message.pause();
      controller.enqueue(chunk);
    };
    const onEnd = (): void => {
      stop?.();
      controller.close();
    };
    const fail = (why: string) => (): void => {
      stop?.();
      controller.error(new Error(why));
    };
    const onGone = fail('The client went away.');
    const cancelTimer = settings.after(settings.bodyTimeoutMs, fail('The body took too long.'));
    stop = (): void => {
      cancelTimer();
      message.off('data', onData).off('end', onEnd).off('close', onGone).off('error', onGone).pause();
    };
    message.on('data', onData).on('end', onEnd).on('close', onGone).on('error', onGone);
    if (message.destroyed) onGone();
  };

  return new ReadableStream<Uint8Array>(
    {
      // Nothing is set up for a body that nobody asks for.
      pull: (controller) => {
        if (stop === undefined) begin(controller);
        message.resume();
      },
      cancel: () => stop?.(),
    },
    { highWaterMark: 0 },
  );
};

const requestOf = (message: IncomingMessage, settings: Settings, signal: AbortSignal): Request => {
  const { method = 'GET' } = message;
  const bodiless = method === 'GET' || method === 'HEAD';
  return new Request(urlOf(message), {
    method,
    headers: headersOf(message),
    signal,
    ...(bodiless ? {} : { body: bodyOf(message, settings), duplex: 'half' as const }),
  });
};

const isGone = (to: ServerResponse): boolean => to.destroyed;

/** Resolves when the socket takes more, or is gone. */
const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });

const sendBody = async (body: ReadableStream<Uint8Array>, to: ServerResponse): Promise<void> => {
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    if (isGone(to)) return reader.cancel();
    if (!to.write(value) && !isGone(to)) await drained(to);
  }
};

/**
 * Reads and throws away what the client still sends, up to a limit: closing at once would make the kernel reset the
 * connection, and the client would lose the answer.
 */
const discardRest = (message: IncomingMessage, { after, discardBytes }: Settings): Promise<void> =>
  new Promise((resolve) => {
    let left = discardBytes;
    const done = (): void => {
      cancelTimer();
      message.off('data', onData).off('end', done).off('close', done);
      resolve();
    };
    const onData = (chunk: Buffer): void => {
      left -= chunk.length;
      if (left < 0) done();
    };
    const cancelTimer = after(DISCARD_MS, done);
    message
      .on('data', onData)
      .on('end', done)
      .on('close', done)
      .on('error', () => undefined);
    message.resume();
  });

const send = async (
  answer: Response,
  message: IncomingMessage,
  to: ServerResponse,
  settings: Settings,
): Promise<void> => {
  if (isGone(to)) return answer.body?.cancel();
  to.statusCode = answer.status;
  to.setHeaders(answer.headers);
  if (answer.body === null) to.setHeader('content-length', 0);
  const unread = !message.complete;
  if (unread) to.setHeader('connection', 'close');
  if (answer.body !== null) await sendBody(answer.body, to);
  if (unread && !isGone(to)) {
    to.flushHeaders();
    await discardRest(message, settings);
  }
  to.end();
};

/**
 * Serves a fetch-style handler from `node:http` or `node:https`. The handler reads the body as the client sends it; a
 * client that goes away aborts the request's signal; a body that is not there in time ends with an error. What the
 * handler leaves unread is thrown away up to a limit, and the connection closed.
 *
 * How many connections there may be, and how long a request may take to send its headers, are the server's settings.
 *
 * @example
 * createServer(toNodeListener(handler)).listen(8080);
 */
export const toNodeListener = (
  handler: (request: Request) => Promise<Response>,
  options: NodeListenerOptions = {},
): ((request: IncomingMessage, response: ServerResponse) => void) => {
  const settings: Settings = {
    bodyTimeoutMs: options.bodyTimeoutMs ?? 10_000,
    discardBytes: options.discardBytes ?? 1_048_576,
    after: options.after ?? realAfter,
  };

  // Node loads its fetch classes when they are first used, a tenth of a second that no client shall wait for.
  new Response(null, { headers: new Request('http://localhost/', { signal: new AbortController().signal }).headers });

  const answerOf = async (message: IncomingMessage, signal: AbortSignal): Promise<Response> => {
    let request: Request;
    try {
      request = requestOf(message, settings, signal);
    } catch {
      // No URL, or a method that a Request may not have.
      return new Response(null, { status: 400 });
    }
    try {
      return await handler(request);
    } catch {
      return new Response(null, { status: 500 });
    }
  };

  return (message, response) => {
    const controller = new AbortController();
    // Without a listener, a connection that breaks would end the process.
    message.on('error', () => undefined);
    response.on('error', () => undefined);
    response.on('close', () => {
      if (!response.writableFinished) controller.abort();
    });
    answerOf(message, controller.signal)
      .then((answer) => send(answer, message, response, settings))
      .catch(() => response.destroy());
  };
};
