/** What went wrong, of a closed set; `docs/reference/errors.md` has each with its sentences. */
export type ErrorCode =
  | 'graph-unreachable'
  | 'graph-credentials'
  | 'graph-protocol'
  | 'group-not-found'
  | 'group-unreadable'
  | 'unsafe-link'
  | 'learn-amp-unreachable'
  | 'learn-amp-credentials'
  | 'throttled'
  | 'log-unavailable'
  | 'key-store-mismatch'
  | 'unknown-event'
  | 'fenced'
  | 'invariant-violated'
  | 'declined'
  | 'stopped';

/** One sentence for a person; names people by object id only. `path` stands where a configuration value is at fault. */
export type SyncError = { readonly code: ErrorCode; readonly message: string };

/**
 * What was asked for is at fault, not what happened: `wrong-moment` names a place that the log does not hold, `wrong-file` a
 * file that is not what it is taken for, `consent-answer` an answer that belongs to no consent of the session.
 */
export type UsageCode = 'wrong-tenant' | 'consent-answer' | 'wrong-file' | 'wrong-moment' | 'not-erasable';

/** Rejects every call of the engine that could not do its work. */
export class DirectorySyncError extends Error {
  readonly code: ErrorCode | UsageCode;
  constructor(code: ErrorCode | UsageCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'DirectorySyncError';
    this.code = code;
  }
}
