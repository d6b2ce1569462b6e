import { commandCodecs } from '@learnamp/directory-sync-domain';
import type * as t from 'io-ts';

/** io-ts's own codecs, told apart by their tags; ours carry a name alone. */
type Codec = {
  readonly name: string;
  readonly _tag?: string;
  readonly props?: Readonly<Record<string, Codec>>;
  readonly types?: ReadonlyArray<Codec>;
  readonly type?: Codec;
  readonly codomain?: Codec;
  readonly keys?: Readonly<Record<string, unknown>>;
  readonly value?: unknown;
};

const words: Readonly<Record<string, string>> = {
  ObjectId: 'object id',
  LearnAmpUserId: 'Learn Amp id',
  TeamId: 'team id',
  TeamKey: 'team key',
  CommandId: 'command id',
  CommandKind: 'kind of command',
  Command: 'command',
  string: 'text',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
  UnknownRecord: 'object',
};

const fieldsOf = (codec: Codec): ReadonlyArray<readonly [string, Codec, boolean]> => {
  switch (codec._tag) {
    case 'ExactType':
      return fieldsOf(codec.type as Codec);
    case 'IntersectionType':
      return (codec.types ?? []).flatMap(fieldsOf);
    case 'InterfaceType':
    case 'PartialType':
      return Object.entries(codec.props ?? {}).map(([name, field]) => [name, field, codec._tag === 'PartialType']);
    default:
      throw new Error(`${codec.name} has no fields`);
  }
};

const object = (codec: Codec): string => {
  const fields = fieldsOf(codec).map(([name, field, optional]) => `${name}${optional ? '?' : ''}: ${shown(field)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
};

/** Shapes that the reference describes once, by what tells them apart. */
const known = (codec: Codec): string | undefined => {
  if (codec._tag === 'KeyofType') {
    if (codec.keys !== undefined && 'CreateUser' in codec.keys) return 'kind of command';
    return codec.keys !== undefined && 'jobTitle' in codec.keys ? 'profile field' : undefined;
  }
  if (!['ExactType', 'IntersectionType', 'InterfaceType', 'PartialType'].includes(codec._tag ?? '')) return undefined;
  const names = fieldsOf(codec).map(([name]) => name);
  if (names.includes('learnAmpUserId') && names.includes('status')) return 'account';
  if (names.join() === 'email,firstName,lastName') return 'identity';
  return names.includes('jobTitle') && names.includes('hireDate') ? 'profile fields' : undefined;
};

const shown = (codec: Codec): string => {
  const named = words[codec.name] ?? known(codec);
  if (named !== undefined) return named;
  switch (codec._tag) {
    case 'ExactType':
    case 'IntersectionType':
    case 'InterfaceType':
    case 'PartialType':
      return object(codec);
    case 'UnionType':
      return (codec.types ?? []).map(shown).join(' or ');
    case 'KeyofType':
      return Object.keys(codec.keys ?? {})
        .map((key) => `"${key}"`)
        .join(' or ');
    case 'LiteralType':
      return JSON.stringify(codec.value);
    case 'ReadonlyArrayType':
    case 'ArrayType':
      return `[${shown(codec.type as Codec)}]`;
    case 'DictionaryType':
      return `{ [text]: ${shown(codec.codomain as Codec)} }`;
    default:
      throw new Error(`no words for the codec ${codec.name}`);
  }
};

/** The fields of an event's data or of a command, as the reference shows them. */
export const shapeOf = (codec: t.Mixed, without: ReadonlyArray<string> = []): string => {
  const fields = fieldsOf(codec as unknown as Codec).filter(([name]) => !without.includes(name));
  return fields.length === 0
    ? '-'
    : fields.map(([name, field, optional]) => `${name}${optional ? '?' : ''}: ${shown(field)}`).join(', ');
};

/** A value of a codec in which every id is another one, with the path at which each id stands. */
export const sampleOf = (codec: t.Mixed): { readonly value: unknown; readonly paths: ReadonlyMap<string, string> } => {
  const paths = new Map<string, string>();
  const id = (path: string): string => {
    const made = `00000000-0000-4000-8000-${String(paths.size).padStart(12, '0')}`;
    paths.set(made, path);
    return made;
  };
  const sample = (each: Codec, path: string): unknown => {
    if (each.name === 'ObjectId') return id(path);
    if (each.name === 'Command') return sample(commandCodecs.LinkUser, path);
    if (each.name === 'UnknownRecord') return {};
    if (words[each.name] !== undefined && each.name !== 'CommandKind')
      return each.name === 'number' ? 1 : each.name === 'boolean' ? true : each.name === 'null' ? null : 'text';
    switch (each._tag) {
      case 'ExactType':
      case 'IntersectionType':
      case 'InterfaceType':
      case 'PartialType':
        return Object.fromEntries(
          fieldsOf(each)
            .filter(([, , optional]) => !optional)
            .map(([name, field]) => [name, sample(field, path === '' ? name : `${path}.${name}`)]),
        );
      case 'UnionType':
        return sample((each.types ?? []).find(({ name }) => name !== 'null') as Codec, path);
      case 'KeyofType':
        return Object.keys(each.keys ?? {})[0];
      case 'LiteralType':
        return each.value;
      case 'ReadonlyArrayType':
      case 'ArrayType':
        return [sample(each.type as Codec, path)];
      case 'DictionaryType':
        return {};
      default:
        throw new Error(`no sample for the codec ${each.name}`);
    }
  };
  return { value: sample(codec, ''), paths };
};
