/** Small values that may be lost at any time (newer delta links, back-off marks). Never the only copy of anything. */
export interface LocalCache {
  readonly get: (key: string) => Promise<string | undefined>;
  readonly put: (key: string, value: string) => Promise<void>;
  /** Gives the value and removes it: of several who ask at once, in this process or another, one alone is given it. */
  readonly take: (key: string) => Promise<string | undefined>;
  /**
   * Resolves when nothing that was removed or replaced is left in the file, beside it, or in a copy that was put aside;
   * whatever shares the file included. Rejects until then, and may be called again.
   */
  readonly scrub: () => Promise<void>;
  readonly close: () => Promise<void>;
}
