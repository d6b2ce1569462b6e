import type { LearnAmpUserId, ObjectId, TeamId } from '../ids.js';

const padded = (number: number): string => number.toString(16).padStart(12, '0');

/** The object id of the n-th made-up person. */
export const person = (number: number): ObjectId => `aaaaaaaa-0000-4000-8000-${padded(number)}` as ObjectId;
/** The object id of the n-th made-up group. */
export const group = (number: number): ObjectId => `bbbbbbbb-0000-4000-8000-${padded(number)}` as ObjectId;
export const account = (number: number): LearnAmpUserId => String(1000 + number) as LearnAmpUserId;
export const team = (number: number): TeamId => String(100 + number) as TeamId;
