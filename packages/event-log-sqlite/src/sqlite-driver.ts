/** The few calls of SQLite that this package makes, synchronous, over whichever binding the machine has. */
export type SqlValue = null | bigint | string | Uint8Array;
export type SqlParameter = SqlValue | number;
/** Whole numbers are always `bigint`. Text holds no NUL: `node:sqlite` of Node 22 cuts it there (JSON escapes it). */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** The binding's own statement: a wrapper would be paid for with every row that is written. */
export type Statement = {
  run(...parameters: ReadonlyArray<SqlParameter>): unknown;
  get(...parameters: ReadonlyArray<SqlParameter>): SqlRow | undefined;
  all(...parameters: ReadonlyArray<SqlParameter>): ReadonlyArray<SqlRow>;
};

/** A statement whose rows come as lists of values in the order of its columns: a third cheaper to make than objects. */
export type ListStatement = {
  all(...parameters: ReadonlyArray<SqlParameter>): ReadonlyArray<ReadonlyArray<SqlValue>>;
};

export type Connection = {
  readonly exec: (sql: string) => void;
  readonly prepare: (sql: string) => Statement;
  readonly prepareLists: (sql: string) => ListStatement;
  /** May be called again. */
  readonly close: () => void;
};

export type DriverName = 'node:sqlite' | 'better-sqlite3';

/** `readOnly`: the file must be there, and the connection changes it in no way, not even when it closes. */
export type OpenOptions = { readonly readOnly?: boolean | undefined };

export type SqliteDriver = {
  readonly name: DriverName;
  readonly open: (path: string, options?: OpenOptions) => Connection;
};

/** Neither binding loads. */
export class NoSqliteDriver extends Error {
  constructor(options?: ErrorOptions) {
    super(
      'No SQLite driver: use Node 22.5 or later, or run npm install better-sqlite3@12 (it needs python3, make and g++).',
      options,
    );
    this.name = 'NoSqliteDriver';
  }
}

/** What `node:sqlite` offers, as far as it is used: the types of Node 20 do not know the module. */
type NodeSqlite = {
  readonly DatabaseSync: new (
    path: string,
    options: { readonly readOnly: boolean },
  ) => {
    exec(sql: string): void;
    prepare(sql: string): NodeStatement;
    close(): void;
  };
};
type NodeStatement = Statement & {
  setReadBigInts(enabled: boolean): void;
  /** Since Node 24, and 22.16. */
  setReturnArrays?(enabled: boolean): void;
};

/**
 * Node 22 announces on standard error that the module is experimental. Users can do nothing about it, so this one
 * warning is left out; the module is loaded synchronously, so no other warning can fall into that moment.
 */
const withoutExperimentalWarning = <T>(load: () => T): T => {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- put back as it was
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning: string | Error, ...rest: ReadonlyArray<unknown>): void => {
    if (rest[0] === 'ExperimentalWarning' && String(warning).includes('SQLite')) return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
};

/** The rows of a statement as lists, also where the binding only makes objects: their values stand in the order of the columns. */
const listsOf = (statement: NodeStatement): ListStatement => {
  if (statement.setReturnArrays === undefined)
    return { all: (...parameters) => statement.all(...parameters).map((row) => Object.values(row)) };
  statement.setReturnArrays(true);
  return statement as unknown as ListStatement;
};

/** One of the bindings throws when a closed database is closed. */
const once = (close: () => void): (() => void) => {
  let closed = false;
  return () => {
    if (!closed) close();
    closed = true;
  };
};

const loadNodeSqlite = (): SqliteDriver | undefined => {
  const module = withoutExperimentalWarning(() => process.getBuiltinModule('node:sqlite')) as NodeSqlite | undefined;
  if (module === undefined) return undefined;
  const open = (path: string, { readOnly = false }: OpenOptions = {}): Connection => {
    const database = new module.DatabaseSync(path, { readOnly });
    const prepare = (sql: string): NodeStatement => {
      const statement = database.prepare(sql);
      statement.setReadBigInts(true);
      return statement;
    };
    return {
      exec: (sql) => database.exec(sql),
      prepare,
      prepareLists: (sql) => listsOf(prepare(sql)),
      close: once(() => database.close()),
    };
  };
  return { name: 'node:sqlite', open };
};

const loadBetterSqlite3 = async (): Promise<SqliteDriver> => {
  const { default: Database } = await import('better-sqlite3');
  // The addon itself is loaded by the first database.
  new Database(':memory:').close();
  const open = (path: string, { readOnly = false }: OpenOptions = {}): Connection => {
    const database = new Database(path, { readonly: readOnly });
    database.defaultSafeIntegers(true);
    return {
      exec: (sql) => void database.exec(sql),
      prepare: (sql) => database.prepare<SqlParameter[], SqlRow>(sql),
      prepareLists: (sql) => database.prepare<SqlParameter[], ReadonlyArray<SqlValue>>(sql).raw(),
      close: once(() => void database.close()),
    };
  };
  return { name: 'better-sqlite3', open };
};

/** How each binding is loaded; `undefined` or a rejection when the machine does not have it. */
export type Bindings = Readonly<Record<DriverName, () => SqliteDriver | undefined | Promise<SqliteDriver>>>;

const bindings: Bindings = { 'node:sqlite': loadNodeSqlite, 'better-sqlite3': loadBetterSqlite3 };

/**
 * Loads one binding, or the best one: the built-in where the running Node has it (nothing to compile, and the fastest),
 * else the addon.
 */
export const loadDriver = async (wanted?: DriverName, from: Bindings = bindings): Promise<SqliteDriver> => {
  const names: ReadonlyArray<DriverName> = wanted === undefined ? ['node:sqlite', 'better-sqlite3'] : [wanted];
  let cause: unknown;
  for (const name of names) {
    try {
      const driver = await from[name]();
      if (driver !== undefined) return driver;
    } catch (error) {
      cause = error;
    }
  }
  throw new NoSqliteDriver({ cause });
};
