/** What a route sees of a request and says in return; the wire is `http-server.ts`'s business. */
export type System = 'graph' | 'learnAmp' | 'token';

export type SimulatedRequest = {
  readonly system: System;
  readonly method: string;
  /** As sent, still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** True for an item of a `$batch`. */
  readonly inBatch: boolean;
};

export type SimulatedResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON unless it is text or bytes; `undefined` is no body. */
  readonly body: unknown;
  /** For a `$batch`: what its items were answered. */
  readonly items?: ReadonlyArray<BatchItemRecord>;
};

export type BatchItemRecord = {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** `request-id` of the item's answer. */
  readonly answerId?: string | undefined;
};

export type Handler = (request: SimulatedRequest) => SimulatedResponse | Promise<SimulatedResponse>;

/** Thrown by routes to answer at once. */
export class Refusal extends Error {
  readonly response: SimulatedResponse;
  constructor(response: SimulatedResponse) {
    super(`refused with ${response.status}`);
    this.name = 'Refusal';
    this.response = response;
  }
}

export const json = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): SimulatedResponse => ({ status, headers, body });

export const noContent = (): SimulatedResponse => ({ status: 204, headers: {}, body: undefined });

export const text = (status: number, body: string): SimulatedResponse => ({
  status,
  headers: { 'content-type': 'text/plain' },
  body,
});

/** The bytes that go over the wire. */
export const encodeBody = (body: unknown): Buffer => {
  if (body === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body), 'utf8');
};
