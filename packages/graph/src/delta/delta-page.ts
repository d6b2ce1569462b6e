/**
 * One page of a delta round, decoded whole or not at all: an item that does not decode, a page without its list or with
 * the wrong number of links is a failure, never an empty page.
 */
import { toObjectId } from '@learnamp/directory-sync-domain';
import type { ObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { DeltaPage, GraphFailure } from '../directory-source.js';
import { graphTimeOf, requestIdOf } from '../graph-error.js';
import type { GraphBase } from '../graph-base.js';
import { guardDeltaLink } from '../link-guard.js';
import type { DeltaResource } from '../link-guard.js';
import type { GraphAnswer } from '../transport/exchange.js';
import { isItem } from './attribute-values.js';
import type { Item } from './attribute-values.js';

export type PageContext<A> = {
  readonly base: GraphBase;
  readonly resource: DeltaResource;
  /** What was asked. A next link that leads back to it would never end. */
  readonly requested: string;
  /** `$deltatoken=latest` promises a link and no data. */
  readonly withoutData?: boolean | undefined;
  /** Somebody whose entry does not decode is named apart, and the page stands; else the page fails. */
  readonly skipsUnreadable?: boolean | undefined;
  /** Left: the field that does not decode. */
  readonly decode: (item: Item) => E.Either<string, A>;
};

const protocol = (detail: string, answer: GraphAnswer, loop?: true): E.Either<GraphFailure, never> =>
  E.left({ _tag: 'GraphProtocol', detail, requestId: requestIdOf(answer), ...(loop === undefined ? {} : { loop }) });

/** Of a page with more of them, or with nothing else, the service speaks another language: it is not used. */
const MOST_UNREADABLE = 20;

type Decoded<A> = Pick<DeltaPage<A>, 'items' | 'unreadable'>;

const decodeItems = <A>(
  items: ReadonlyArray<unknown>,
  answer: GraphAnswer,
  { resource, decode, skipsUnreadable }: PageContext<A>,
): E.Either<GraphFailure, Decoded<A>> => {
  const unreadable: { readonly id: ObjectId; readonly failure: E.Either<GraphFailure, never> }[] = [];
  const decoded = pipe(
    items,
    E.traverseArrayWithIndex((index, item): E.Either<GraphFailure, A | undefined> => {
      const name = `${resource}/delta, item ${String(index)}`;
      if (!isItem(item)) return protocol(`${name} is not an object`, answer);
      const decoded = decode(item);
      if (E.isRight(decoded)) return decoded;
      const id = typeof item['id'] === 'string' ? toObjectId(item['id']) : undefined;
      const named = id === undefined ? name : `${name} (${id})`;
      const failure = protocol(`${named}: "${decoded.left}" is not as documented`, answer);
      if (skipsUnreadable !== true || id === undefined) return failure;
      unreadable.push({ id, failure });
      return E.right(undefined);
    }),
  );
  if (E.isLeft(decoded)) return decoded;
  const [first] = unreadable;
  const isUsable = unreadable.length <= MOST_UNREADABLE && (items.length === 1 || unreadable.length < items.length);
  if (first !== undefined && !isUsable) return first.failure;
  const good = decoded.right.filter((item): item is A => item !== undefined);
  return E.right({ items: good, ...(first === undefined ? {} : { unreadable: unreadable.map(({ id }) => id) }) });
};

const readLink = <A>(
  body: Item,
  answer: GraphAnswer,
  { base, resource, requested }: PageContext<A>,
): E.Either<GraphFailure, DeltaPage<A>['link']> => {
  const next = body['@odata.nextLink'] ?? undefined;
  const delta = body['@odata.deltaLink'] ?? undefined;
  const link = next ?? delta;
  if (link === undefined)
    return protocol(`${resource}/delta: a page without a next link and without a delta link`, answer);
  if (next !== undefined && delta !== undefined) return protocol(`${resource}/delta: a page with both links`, answer);
  if (typeof link !== 'string' || link === '') return protocol(`${resource}/delta: a link that is no text`, answer);
  if (next === requested) return protocol(`${resource}/delta: the next link leads back to its own page`, answer, true);
  return pipe(
    guardDeltaLink(base, resource, link),
    E.map((url) => ({ kind: next === undefined ? 'delta' : 'next', url })),
  );
};

export const decodeDeltaPage = <A>(
  answer: GraphAnswer,
  context: PageContext<A>,
): E.Either<GraphFailure, DeltaPage<A>> => {
  const body = answer.json;
  if (!isItem(body)) return protocol(`${context.resource}/delta: the answer is not an object`, answer);
  const value = body['value'] ?? (context.withoutData === true ? [] : undefined);
  if (!Array.isArray(value)) return protocol(`${context.resource}/delta: a page without its list "value"`, answer);
  const link = readLink(body, answer, context);
  if (E.isLeft(link)) return link;
  const items = decodeItems(value as ReadonlyArray<unknown>, answer, context);
  if (E.isLeft(items)) return items;
  return E.right({
    ...items.right,
    link: link.right,
    graphTime: graphTimeOf(answer.headers),
    requestId: requestIdOf(answer),
  });
};
