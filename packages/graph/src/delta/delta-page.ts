/**
 * One page of a delta round, decoded whole or not at all: an item that does not decode, a page without its list or with
 * the wrong number of links is a failure, never an empty page.
 */
import { toObjectId } from '@learnamp/directory-sync-domain';
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
  /** Left: the field that does not decode. */
  readonly decode: (item: Item) => E.Either<string, A>;
};

const protocol = (detail: string, answer: GraphAnswer, loop?: true): E.Either<GraphFailure, never> =>
  E.left({ _tag: 'GraphProtocol', detail, requestId: requestIdOf(answer), ...(loop === undefined ? {} : { loop }) });

const decodeItems = <A>(
  items: ReadonlyArray<unknown>,
  answer: GraphAnswer,
  { resource, decode }: PageContext<A>,
): E.Either<GraphFailure, ReadonlyArray<A>> =>
  pipe(
    items,
    E.traverseArrayWithIndex((index, item) => {
      const name = `${resource}/delta, item ${String(index)}`;
      if (!isItem(item)) return protocol(`${name} is not an object`, answer);
      const decoded = decode(item);
      if (E.isRight(decoded)) return decoded;
      const id = typeof item['id'] === 'string' ? toObjectId(item['id']) : undefined;
      const named = id === undefined ? name : `${name} (${id})`;
      return protocol(`${named}: "${decoded.left}" is not as documented`, answer);
    }),
  );

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
    items: items.right,
    link: link.right,
    graphTime: graphTimeOf(answer.headers),
    requestId: requestIdOf(answer),
  });
};
