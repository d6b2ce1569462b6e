import { canonicalJson } from '@learnamp/directory-sync-event-sourcing';
import { createHash } from 'node:crypto';

/** A row that is not what the log says: what both sides come to as digests, and where they differ; never the values. */
export type RowDifference = {
  /** A projection, or `work`: what is noted as still to be done. */
  readonly projection: string;
  /** `null`: the rows as a whole could not be read. */
  readonly key: string | null;
  /** SHA-256 of the canonical JSON that the log gives; `null`: there should be no such row. */
  readonly expected: string | null;
  readonly found: string | null;
  /** The fields that differ, such as `attributes.department`; `found-by`: the row is not found where it should be. */
  readonly paths: ReadonlyArray<string>;
};

/** Paths of one difference; a row that differs everywhere is told by these as well as by all. */
const PATHS = 10;

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

/** The digest of a row. `undefined`: there is none. */
export const rowDigest = (value: unknown): string | null =>
  value === undefined
    ? null
    : createHash('sha256')
        .update(canonicalJson(plain(value)))
        .digest('hex');

/** Whether two rows are the same JSON, in whatever order their fields stand. */
export const sameRow = (one: unknown, other: unknown): boolean => {
  if (one === undefined || other === undefined) return one === other;
  return JSON.stringify(one) === JSON.stringify(other) || rowDigest(one) === rowDigest(other);
};

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null ? (value as Fields) : undefined;

function* differing(one: unknown, other: unknown, path: ReadonlyArray<string>): Generator<string> {
  const [left, right] = [fieldsOf(one), fieldsOf(other)];
  if (left === undefined || right === undefined) {
    if (one !== other) yield path.join('.') || '(the row)';
    return;
  }
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (left[key] === undefined || right[key] === undefined) {
      if (left[key] !== right[key]) yield [...path, key].join('.');
    } else yield* differing(left[key], right[key], [...path, key]);
  }
}

/** Where two JSON values differ, the first places of it. */
export const differingPaths = (one: unknown, other: unknown): ReadonlyArray<string> => {
  if (one === undefined || other === undefined) return [];
  const paths: string[] = [];
  for (const path of differing(plain(one), plain(other), [])) {
    paths.push(path);
    if (paths.length === PATHS) break;
  }
  return paths;
};
