import type { Revision } from './envelope.js';

const REVISION = /^(?:0|[1-9]\d{0,18})$/;

/** A revision as it is written outside the process: decimal digits. */
export const revisionToText = (revision: Revision): string => revision.toString();

/** Reads a revision from decimal digits (no sign, no leading zeros); anything else is `undefined`. */
export const revisionFromText = (text: string): Revision | undefined =>
  REVISION.test(text) ? BigInt(text) : undefined;

/** For `sort`: the subtraction of bigints is no comparator's answer. */
export const compareRevisions = (left: Revision, right: Revision): -1 | 0 | 1 =>
  left < right ? -1 : left > right ? 1 : 0;
