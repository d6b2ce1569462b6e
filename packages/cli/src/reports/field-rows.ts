import { counted } from './printable.js';

/** A value of a field on one line. */
export const shownValue = (value: unknown): string => {
  if (value === undefined) return '';
  if (value === null) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields of a document, one a row: where it stands, and what it holds. */
export const fieldRows = (value: unknown, path = ''): ReadonlyArray<readonly [path: string, value: string]> => {
  if (!isRecord(value)) return value === undefined ? [] : [[path, shownValue(value)]];
  return Object.entries(value).flatMap(([key, each]) => [...fieldRows(each, path === '' ? key : `${path}.${key}`)]);
};

export const peopleInWords = (count: number): string => counted(count, 'person', 'people');
