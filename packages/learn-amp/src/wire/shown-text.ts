import type { LearnAmpUserId, TeamId } from '@learnamp/directory-sync-domain';
import * as t from 'io-ts';

/** A text field as an answer showed it: `undefined` is not shown, `null` is shown empty. */
export type Shown = string | null | undefined;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shownOf = (input: unknown): Shown => {
  if (input === null) return null;
  if (typeof input === 'string') return input.trim() === '' ? null : input;
  if (typeof input === 'number' || typeof input === 'boolean') return String(input);
  // Locations and departments are texts in the reference; an object with a name is the usual other way.
  if (isRecord(input) && typeof input['name'] === 'string') return shownOf(input['name']);
  return undefined;
};

/** Never fails: a field in a shape nobody knows counts as not shown, which is less than a wrong value. */
export const ShownText = new t.Type<Shown, Shown, unknown>(
  'ShownText',
  (value): value is Shown => value === null || value === undefined || typeof value === 'string',
  (input) => t.success(shownOf(input)),
  t.identity,
);

/** A record, or nothing: for nested objects that may be missing, null or something else. */
export const RecordOrNothing = new t.Type<Readonly<Record<string, unknown>> | null | undefined, unknown, unknown>(
  'RecordOrNothing',
  (value): value is Readonly<Record<string, unknown>> | null | undefined =>
    value === null || value === undefined || isRecord(value),
  (input) => t.success(input === null ? null : isRecord(input) ? input : undefined),
  t.identity,
);

/** It is put into addresses and stands in the log in clear: a name or an address in its place is no id. */
const ID = /^[\w-]{1,100}$/;

const idOf = (input: unknown): string | undefined => {
  if (typeof input === 'number') return Number.isSafeInteger(input) ? String(input) : undefined;
  const text = typeof input === 'string' ? input.trim() : '';
  return ID.test(text) ? text : undefined;
};

const idCodec = <Id extends LearnAmpUserId | TeamId>(name: string) =>
  new t.Type<Id, string, unknown>(
    name,
    (value): value is Id => typeof value === 'string',
    (input, context) => {
      const id = idOf(input);
      return id === undefined ? t.failure(input, context, 'not an id') : t.success(id as Id);
    },
    t.identity,
  );

/** Ids are integers in the reference and texts here. */
export const UserIdOnWire = idCodec<LearnAmpUserId>('UserIdOnWire');
export const TeamIdOnWire = idCodec<TeamId>('TeamIdOnWire');

export const TextOnWire = new t.Type<string, string, unknown>(
  'TextOnWire',
  t.string.is,
  (input, context) => {
    const text = shownOf(input);
    return typeof text === 'string' ? t.success(text) : t.failure(input, context, 'missing');
  },
  t.identity,
);

/** The record inside `{ user: {...} }`, or the record itself. */
export const unwrap = (value: unknown, name: string): unknown =>
  isRecord(value) && isRecord(value[name]) ? value[name] : value;

/** The list inside `{ users: [...] }`, or the list itself; `undefined` where there is none. */
export const unwrapList = (value: unknown, name: string): ReadonlyArray<unknown> | undefined => {
  const list = isRecord(value) ? (value[name] ?? value['data']) : value;
  return Array.isArray(list) ? (list as ReadonlyArray<unknown>) : undefined;
};
