/** A record by text from outside. It has no prototype: a department may be called "constructor". */
export type KeyedRecord<T> = Readonly<Record<string, T>>;

const bare = <T>(...records: ReadonlyArray<KeyedRecord<T>>): KeyedRecord<T> =>
  Object.assign(Object.create(null) as Record<string, T>, ...records) as KeyedRecord<T>;

export const emptyRecord = <T>(): KeyedRecord<T> => bare();

export const withEntry = <T>(record: KeyedRecord<T>, key: string, value: T): KeyedRecord<T> =>
  bare(record, { [key]: value });

export const withoutEntry = <T>(record: KeyedRecord<T>, key: string): KeyedRecord<T> =>
  bare(Object.fromEntries(Object.entries(record).filter(([name]) => name !== key)));
