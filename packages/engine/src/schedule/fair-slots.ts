type Fetch = typeof globalThis.fetch;

type Waiter = { readonly start: () => void };

/** Statuses whose answers have no body; a body may not be given to them. */
const BODILESS = new Set([101, 204, 205, 304]);

/**
 * Requests under way at once, over everybody, handed out in turn.
 *
 * Invariants: never more than `most` are under way; a slot is held from the moment a request is sent until its body was read
 * to the end, given up, or its signal aborted; whoever waits (for a Retry-After, for a back-off, for others) holds none; a
 * free slot goes to the next key in turn that wants one, so nobody waits for more than one request of each other key.
 */
export type FairSlots = {
  /** The same `fetch` for one key (a connection, or what the connections of a tenant share). */
  readonly sharing: (key: string, fetch: Fetch) => Fetch;
  readonly underWay: () => number;
  readonly waiting: () => number;
};

const onlyOnce = (run: () => void): (() => void) => {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    run();
  };
};

/** The same answer, which tells when its body is over. */
const tellingEnd = (response: Response, onEnd: () => void): Response => {
  const { body, status, statusText, headers } = response;
  if (body === null || status < 200 || BODILESS.has(status)) {
    onEnd();
    return response;
  }
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  const told = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read();
        if (value !== undefined) controller.enqueue(value);
        if (!done) return;
        controller.close();
      } catch (cause) {
        controller.error(cause);
      }
      onEnd();
    },
    cancel: (reason) => reader.cancel(reason).finally(onEnd),
  });
  return new Response(told, { status, statusText, headers });
};

export const makeFairSlots = (most: number): FairSlots => {
  const queues = new Map<string, Waiter[]>();
  let underWay = 0;

  /** A key that was served goes behind all others that wait. */
  const takeNext = (): Waiter | undefined => {
    for (const [key, queue] of queues) {
      queues.delete(key);
      const next = queue.shift();
      if (queue.length > 0) queues.set(key, queue);
      if (next !== undefined) return next;
    }
    return undefined;
  };
  const pump = (): void => {
    while (underWay < most) {
      const next = takeNext();
      if (next === undefined) return;
      underWay += 1;
      next.start();
    }
  };
  const giveUp = (key: string, waiter: Waiter): void => {
    const left = (queues.get(key) ?? []).filter((other) => other !== waiter);
    if (left.length > 0) queues.set(key, left);
    else queues.delete(key);
  };

  const enter = (key: string, signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const abort = (): void => {
        giveUp(key, waiter);
        reject(signal?.reason instanceof Error ? signal.reason : new DOMException('aborted', 'AbortError'));
      };
      const waiter: Waiter = {
        start: () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      if (signal?.aborted === true) {
        abort();
        return;
      }
      signal?.addEventListener('abort', abort, { once: true });
      queues.set(key, [...(queues.get(key) ?? []), waiter]);
      pump();
    });

  const sharing =
    (key: string, fetch: Fetch): Fetch =>
    async (input, init) => {
      const signal = init?.signal ?? undefined;
      await enter(key, signal);
      const leave = onlyOnce(() => {
        signal?.removeEventListener('abort', leave);
        underWay -= 1;
        pump();
      });
      signal?.addEventListener('abort', leave, { once: true });
      try {
        return tellingEnd(await fetch(input, init), leave);
      } catch (cause) {
        leave();
        throw cause;
      }
    };

  return {
    sharing,
    underWay: () => underWay,
    waiting: () => [...queues.values()].reduce((sum, queue) => sum + queue.length, 0),
  };
};
