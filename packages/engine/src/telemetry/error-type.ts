import { DirectorySyncError } from '../directory-sync-error.js';

/** What kind of failure it is, for spans and logs: the text of an error that is not ours may name people or hold a link. */
export const errorType = (cause: unknown): string => {
  if (cause instanceof DirectorySyncError) return cause.code;
  if (!(cause instanceof Error)) return typeof cause;
  const { code } = cause as { readonly code?: unknown };
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code)) return code;
  return /^\w{1,60}$/.test(cause.name) ? cause.name : 'Error';
};

/** What a log line says of a failure: our own sentences, which name nobody; of anything else its kind alone. */
export const causeInLog = (cause: unknown): string =>
  cause instanceof DirectorySyncError ? `${cause.code}: ${cause.message}` : errorType(cause);
