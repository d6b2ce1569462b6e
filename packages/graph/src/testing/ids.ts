import type { ObjectId } from '@learnamp/directory-sync-domain';

const numbered = (kind: string, n: number): ObjectId =>
  `${kind}-0000-4000-9000-${String(n).padStart(12, '0')}` as ObjectId;

/** Object ids that a reader of a test can tell apart. */
export const user = (n: number): ObjectId => numbered('aaaaaaaa', n);
export const group = (n: number): ObjectId => numbered('bbbbbbbb', n);
