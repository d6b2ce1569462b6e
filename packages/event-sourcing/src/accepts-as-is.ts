/**
 * A short way through the codecs of io-ts for what a log holds: JSON that was written by the same codecs.
 *
 * It guarantees: where `acceptsAsIs(codec)(value)` is true, `codec.decode(value)` succeeds and gives this very value. Where
 * it is false nothing is said, and the codec itself has to be asked. It checks everything the codec checks, and makes no
 * object on the way, which a decode does for every field.
 *
 * It knows the codecs that leave a value as it is, by their tags. A codec of somebody's own is asked itself, unless it says
 * more: see `TextCodec` and `VariantCodec`.
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';

type Accepts = (value: unknown) => boolean;
type Plain = Readonly<Record<string, unknown>>;

/** A codec that decodes nothing but texts, and leaves those as they are that `asIs` names. */
export type TextCodec = t.Mixed & { readonly asIs: (value: unknown) => boolean };

/** A codec that leaves each value to one of several others. */
export type VariantCodec = t.Mixed & { readonly variantOf: (value: unknown) => t.Mixed | undefined };

/** What the codecs of io-ts carry beside their functions. */
type Parts = {
  readonly _tag?: string;
  readonly type: t.Mixed;
  readonly types: ReadonlyArray<t.Mixed>;
  readonly props: Readonly<Record<string, t.Mixed>>;
  readonly keys: Readonly<Record<string, unknown>>;
  readonly value: unknown;
  readonly domain: { readonly _tag?: string };
  readonly codomain: t.Mixed;
};

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

const asked =
  (codec: t.Mixed): Accepts =>
  (value) => {
    const decoded = codec.decode(value);
    return E.isRight(decoded) && decoded.right === value;
  };

const simple: Readonly<Record<string, Accepts>> = {
  StringType: (value) => typeof value === 'string',
  NumberType: (value) => typeof value === 'number',
  BooleanType: (value) => typeof value === 'boolean',
  NullType: (value) => value === null,
  UnknownType: () => true,
  AnyDictionaryType: isPlain,
};

/** Of these nothing else than what is accepted is decoded at all: a later member of a union may be tried. */
const closed: ReadonlySet<string> = new Set([
  'StringType',
  'NumberType',
  'BooleanType',
  'NullType',
  'LiteralType',
  'KeyofType',
]);

const fieldsOf = (props: Parts['props']): ReadonlyArray<readonly [string, Accepts]> =>
  Object.entries(props).map(([key, codec]) => [key, acceptsAsIs(codec)] as const);

/** A field that is not there is added by the codec as `undefined`, so it is left to it. */
const allFields = ({ props }: Parts): Accepts => {
  const fields = fieldsOf(props);
  return (value) => {
    if (!isPlain(value)) return false;
    for (const [key, accepts] of fields) {
      const field = value[key];
      if (field === undefined || !accepts(field)) return false;
    }
    return true;
  };
};

const someFields = ({ props }: Parts): Accepts => {
  const fields = fieldsOf(props);
  return (value) => {
    if (!isPlain(value)) return false;
    for (const [key, accepts] of fields) {
      const field = value[key];
      if (field !== undefined && !accepts(field)) return false;
    }
    return true;
  };
};

const namesOf = (codec: t.Mixed): ReadonlyArray<string> | undefined => {
  const { _tag, props, types } = codec as unknown as Parts;
  if (_tag === 'InterfaceType' || _tag === 'PartialType') return Object.keys(props);
  if (_tag !== 'IntersectionType') return undefined;
  const names = types.map(namesOf);
  return names.every((each) => each !== undefined) ? names.flat() : undefined;
};

/** Nothing beside the named fields, which the codec would take out. */
const exactly = (codec: t.Mixed, { type }: Parts): Accepts => {
  const names = namesOf(type);
  if (names === undefined) return asked(codec);
  const known = new Set(names);
  const accepts = acceptsAsIs(type);
  return (value) => {
    if (!accepts(value)) return false;
    for (const key in value as Plain) if (!known.has(key)) return false;
    return true;
  };
};

const each = ({ type }: Parts): Accepts => {
  const accepts = acceptsAsIs(type);
  return (value) => Array.isArray(value) && value.every(accepts);
};

const every = ({ types }: Parts): Accepts => {
  const parts = types.map(acceptsAsIs);
  return (value) => parts.every((accepts) => accepts(value));
};

/** The first member that decodes a value decides, so one that would change it must not be passed over. */
const either = ({ types }: Parts): Accepts => {
  const members = types.map((codec) => {
    const isClosed = closed.has((codec as unknown as Parts)._tag ?? '');
    const isText = 'asIs' in codec;
    const refuses = (value: unknown): boolean =>
      isClosed || (isText && typeof value !== 'string') || E.isLeft(codec.decode(value));
    return { accepts: acceptsAsIs(codec), refuses };
  });
  return (value) => {
    for (const { accepts, refuses } of members) {
      if (accepts(value)) return true;
      if (!refuses(value)) return false;
    }
    return false;
  };
};

const record = (codec: t.Mixed, { domain, codomain }: Parts): Accepts => {
  if (domain._tag !== 'StringType') return asked(codec);
  const accepts = acceptsAsIs(codomain);
  return (value) => {
    if (!isPlain(value)) return false;
    for (const key in value) if (!accepts(value[key])) return false;
    return true;
  };
};

const variant = ({ variantOf }: VariantCodec): Accepts => {
  const known = new Map<t.Mixed, Accepts>();
  return (value) => {
    const codec = variantOf(value);
    if (codec === undefined) return false;
    const accepts = known.get(codec) ?? acceptsAsIs(codec);
    known.set(codec, accepts);
    return accepts(value);
  };
};

const made: Readonly<Record<string, (codec: t.Mixed, parts: Parts) => Accepts>> = {
  LiteralType:
    (_, { value: literal }) =>
    (value) =>
      value === literal,
  KeyofType:
    (_, { keys }) =>
    (value) =>
      typeof value === 'string' && Object.hasOwn(keys, value),
  InterfaceType: (_, parts) => allFields(parts),
  PartialType: (_, parts) => someFields(parts),
  ExactType: exactly,
  ArrayType: (_, parts) => each(parts),
  ReadonlyArrayType: (_, parts) => each(parts),
  IntersectionType: (_, parts) => every(parts),
  UnionType: (_, parts) => either(parts),
  DictionaryType: record,
};

export const acceptsAsIs = (codec: t.Mixed): Accepts => {
  if ('asIs' in codec) return (codec as TextCodec).asIs;
  if ('variantOf' in codec) return variant(codec as VariantCodec);
  const parts = codec as unknown as Parts;
  const tag = parts._tag ?? '';
  return simple[tag] ?? made[tag]?.(codec, parts) ?? asked(codec);
};
