import * as t from 'io-ts';

declare const brand: unique symbol;
export type Brand<T, B extends string> = T & { readonly [brand]: B };

/** An Entra object id: a GUID in lower case. The identity of a person or group, never an address. */
export type ObjectId = Brand<string, 'ObjectId'>;
/** The id of a Learn Amp user, as text whatever Learn Amp sends. */
export type LearnAmpUserId = Brand<string, 'LearnAmpUserId'>;
export type TeamId = Brand<string, 'TeamId'>;
/** A department folded to its team key: NFKC, trimmed, inner white space squeezed, case-folded. */
export type TeamKey = Brand<string, 'TeamKey'>;
export type CommandId = Brand<string, 'CommandId'>;

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const isObjectId = (value: unknown): value is ObjectId => typeof value === 'string' && GUID.test(value);

/** Object ids are compared in lower case; `undefined` when the text is no GUID. */
export const toObjectId = (value: string): ObjectId | undefined => {
  const lower = value.toLowerCase();
  return isObjectId(lower) ? lower : undefined;
};

/** `asIs`: which texts a log may hold that are ids already (event-sourcing, `TextCodec`). */
export const ObjectId = Object.assign(
  new t.Type<ObjectId, string, unknown>(
    'ObjectId',
    isObjectId,
    (input, context) => {
      const id = typeof input === 'string' ? toObjectId(input) : undefined;
      return id === undefined ? t.failure(input, context, 'not a GUID') : t.success(id);
    },
    t.identity,
  ),
  { asIs: (value: unknown): boolean => isObjectId(value) },
);

const isText = (value: unknown): boolean => typeof value === 'string';

const text = <B extends string>(name: B) =>
  Object.assign(
    new t.Type<Brand<string, B>, string, unknown>(
      name,
      (value): value is Brand<string, B> => typeof value === 'string',
      (input, context) =>
        typeof input === 'string' ? t.success(input as Brand<string, B>) : t.failure(input, context, 'not a text'),
      t.identity,
    ),
    { asIs: isText },
  );

export const LearnAmpUserId = text('LearnAmpUserId');
/** Learn Amp's id of a team, as text. */
export const TeamId = text('TeamId');
export const TeamKey = text('TeamKey');
/**
 * Derived from what led to the command and from what it is, so that the same plan gives the same id: the idempotency
 * key of a port.
 */
export const CommandId = text('CommandId');
