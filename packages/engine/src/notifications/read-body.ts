export type BodyLimits = {
  readonly bytesOfABody: number;
  /** Bytes of all bodies that are being read at a moment: what unfinished requests can take of the memory. */
  readonly bytesAtOnce: number;
};

export type BodyRead =
  | { readonly _tag: 'Body'; readonly bytes: Uint8Array }
  | { readonly _tag: 'TooLarge' }
  /** The client went away, or was too slow for whoever hands in the request. */
  | { readonly _tag: 'Broken' }
  /** Other requests hold all the memory that bodies may take. */
  | { readonly _tag: 'Crowded' };

const declaredLength = (request: Request): number => Number(request.headers.get('content-length') ?? 0);

const joined = (chunks: ReadonlyArray<Uint8Array>): Uint8Array => {
  const [first, second] = chunks;
  return first !== undefined && second === undefined ? first : Buffer.concat(chunks);
};

/** Reads bodies chunk by chunk, and stops reading at the limit. */
export const makeBodyReader = ({
  bytesOfABody,
  bytesAtOnce,
}: BodyLimits): ((request: Request) => Promise<BodyRead>) => {
  let held = 0;

  const gather = async (body: ReadableStream<Uint8Array>, chunks: Uint8Array[]): Promise<BodyRead> => {
    const reader = body.getReader();
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { _tag: 'Body', bytes: joined(chunks) };
      size += value.byteLength;
      held += value.byteLength;
      chunks.push(value);
      if (size <= bytesOfABody && held <= bytesAtOnce) continue;
      reader.cancel().catch(() => undefined);
      return { _tag: size > bytesOfABody ? 'TooLarge' : 'Crowded' };
    }
  };

  return async (request) => {
    if (declaredLength(request) > bytesOfABody) return { _tag: 'TooLarge' };
    if (request.body === null) return { _tag: 'Body', bytes: new Uint8Array() };
    const chunks: Uint8Array[] = [];
    try {
      return await gather(request.body, chunks);
    } catch {
      return { _tag: 'Broken' };
    } finally {
      for (const { byteLength } of chunks) held -= byteLength;
    }
  };
};
