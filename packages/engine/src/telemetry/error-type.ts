import { DirectorySyncError } from '../directory-sync-error.js';

/** What kind of failure it is, for spans and logs: the text of an error that is not ours may name people or hold a link. */
export const errorType = (cause: unknown): string => {
  if (cause instanceof DirectorySyncError) return cause.code;
  if (!(cause instanceof Error)) return typeof cause;
  const { code } = cause as { readonly code?: unknown };
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : cause.name;
};
