import type { DirectorySync, ObjectId } from '@learnamp/directory-sync';
import { toObjectId } from '@learnamp/directory-sync';
import type { ConsoleRequest } from '../console-context.js';
import { Refused } from '../problem.js';
import { revisionFrom } from './revision-from.js';

/** Which events a request asks for: by kind and person, and between two revisions, both inclusive. */
export type AskedEvents = {
  /** The newest that is wanted; `undefined`: whatever is newest. */
  readonly from: bigint | undefined;
  /** The oldest that is wanted. */
  readonly until: bigint;
  readonly types: ReadonlyArray<string> | undefined;
  readonly userIds: ReadonlyArray<ObjectId> | undefined;
};

export const given = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

export const revisionIn = (name: string, text: string | undefined): bigint | undefined => {
  if (text === undefined) return undefined;
  if (!/^\d{1,19}$/.test(text)) throw new Refused(400, 'invalid-request', `${name} is a revision: a number from 0 on.`);
  return BigInt(text);
};

const personIn = (text: string | undefined): ReadonlyArray<ObjectId> | undefined => {
  if (text === undefined) return undefined;
  const userId = toObjectId(text.trim());
  if (userId === undefined)
    throw new Refused(400, 'invalid-request', 'person is named by the object id that Entra shows.');
  return [userId];
};

const momentIn = (name: string, text: string | undefined): Date | undefined => {
  if (text === undefined) return undefined;
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime()))
    throw new Refused(400, 'invalid-request', `${name} is a time such as 2026-03-01T09:00:00Z.`);
  return moment;
};

/** What is asked for of everybody and of all time, or in part. */
export const kindsIn = (request: ConsoleRequest): Pick<AskedEvents, 'types' | 'userIds'> => {
  const { types, person } = request.req.query();
  return { types: given(types)?.split(','), userIds: personIn(given(person)) };
};

const earlier = (a: bigint | undefined, b: bigint | undefined): bigint | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a;

/** With times turned into revisions: `since` and `before` are ISO 8601, and `before` itself is left out. */
export const askedIn = async (request: ConsoleRequest, engine: DirectorySync, head: bigint): Promise<AskedEvents> => {
  const { from, until, since, before } = request.req.query();
  const [begin, end] = [momentIn('since', given(since)), momentIn('before', given(before))];
  const at = (moment: Date | undefined): Promise<bigint | undefined> =>
    moment === undefined ? Promise.resolve(undefined) : revisionFrom(engine, moment, head);
  const [first, behind] = [await at(begin), await at(end)];
  const oldest = revisionIn('until', given(until)) ?? 0n;
  return {
    ...kindsIn(request),
    from: earlier(revisionIn('from', given(from)), behind === undefined ? undefined : behind - 1n),
    until: first !== undefined && first > oldest ? first : oldest,
  };
};
