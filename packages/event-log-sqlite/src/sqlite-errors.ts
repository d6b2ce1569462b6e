/** Primary result codes (https://www.sqlite.org/rescode.html). */
const BUSY = 5;
const CORRUPT = 11;
const CONSTRAINT = 19;
const NOT_A_DATABASE = 26;

const NAMES: Readonly<Record<string, number>> = {
  SQLITE_BUSY: BUSY,
  SQLITE_CORRUPT: CORRUPT,
  SQLITE_CONSTRAINT: CONSTRAINT,
  SQLITE_NOTADB: NOT_A_DATABASE,
};

/** The addon names the extended code in `code`, the built-in module has its number in `errcode`. */
const primaryCode = (error: unknown): number | undefined => {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode & 0xff;
  if (!('code' in error) || typeof error.code !== 'string') return undefined;
  const { code } = error;
  return Object.entries(NAMES).find(([name]) => code === name || code.startsWith(`${name}_`))?.[1];
};

/** Another connection holds the lock. */
export const isBusy = (error: unknown): boolean => primaryCode(error) === BUSY;

/** A unique index refused a row. */
export const isConstraint = (error: unknown): boolean => primaryCode(error) === CONSTRAINT;

/** The file is no database, or a broken one. */
export const isDamaged = (error: unknown): boolean => {
  const code = primaryCode(error);
  return code === CORRUPT || code === NOT_A_DATABASE;
};

/** The file cannot be used, with a sentence that says why. */
export class SqliteFileRefused extends Error {
  /**
   * `damaged`: no database or a broken one; `foreign`: a database of something else; `newer`: written by a later version;
   * `mismatch`: a key store under another master key.
   */
  readonly reason: 'unreachable' | 'damaged' | 'foreign' | 'newer' | 'mismatch';
  constructor(reason: SqliteFileRefused['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SqliteFileRefused';
    this.reason = reason;
  }
}
