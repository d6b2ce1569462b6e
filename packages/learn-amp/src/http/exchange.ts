import type { Fields } from './encode-body.js';

/** One call of the API. `route` stands for it in messages, since a path or query may name a person. */
export type Exchange = {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly route: string;
  /** Below the base URL, each segment encoded. */
  readonly path: string;
  readonly query?: ReadonlyArray<readonly [string, string]> | undefined;
  readonly body?: Fields | undefined;
  /** The OAuth scope the endpoint asks for. */
  readonly scope: string;
};
