import type * as t from 'io-ts';
import * as E from 'fp-ts/lib/Either.js';
import { Refused } from '../problem.js';

/** Far above what any page sends: preferences take a few kilobytes. */
const LARGEST = 262_144;

const textOf = async (request: Request): Promise<string> => {
  if (Number(request.headers.get('content-length') ?? 0) > LARGEST)
    throw new Refused(413, 'invalid-request', 'The request is too large.');
  const text = await request.text();
  if (text.length > LARGEST) throw new Refused(413, 'invalid-request', 'The request is too large.');
  return text;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    throw new Refused(400, 'invalid-request', 'The request is no JSON.');
  }
};

/** The body of a request as a codec knows it; names the first field that is not. */
export const readBody = async <A>(request: Request, codec: t.Type<A, unknown>): Promise<A> => {
  const decoded = codec.decode(parsed(await textOf(request)));
  if (E.isRight(decoded)) return decoded.right;
  const field = decoded.left[0]?.context.map(({ key }) => key).filter((key) => key !== '' && !/^\d+$/.test(key)) ?? [];
  throw new Refused(
    400,
    'invalid-request',
    `The field ${field.join('.') || 'of the request'} is missing or not of its kind.`,
  );
};
