/** Small values that may be lost at any time (newer delta links, back-off marks). Never the only copy of anything. */
export interface LocalCache {
  readonly get: (key: string) => Promise<string | undefined>;
  readonly put: (key: string, value: string) => Promise<void>;
  readonly close: () => Promise<void>;
}
