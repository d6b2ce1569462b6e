/**
 * One `$batch` request of at most 20 items (https://learn.microsoft.com/graph/json-batching), answered item by item:
 * matched by id, never by position. What is throttled, failed for a moment or not answered at all is `again`.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { isItem } from '../delta/attribute-values.js';
import type { GraphFailure, ReadOptions } from '../directory-source.js';
import { requestIdOf, successOf } from '../graph-error.js';
import type { GraphBase } from '../graph-base.js';
import type { Ask } from '../transport/graph-client.js';
import type { Governor } from '../transport/governor.js';
import { askOneByOne, isNotOffered } from './ask-one-by-one.js';
import { isThrottling, isTransient, parseRetryAfter } from '../transport/retry-policy.js';

/** Relative to the version root. */
export type BatchItem = {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
};

export type ItemAnswer = {
  readonly status: number;
  readonly json: unknown;
  readonly requestId: string | undefined;
};

export type ItemOutcome =
  | { readonly _tag: 'Answered'; readonly answer: ItemAnswer }
  | {
      readonly _tag: 'Again';
      readonly throttled: boolean;
      readonly waitMs: number | undefined;
      readonly detail: string;
    };

export const MOST_ITEMS = 20;

const BatchAnswer = t.type({ responses: t.array(t.unknown) });

const Identified = t.type({ id: t.union([t.string, t.number]) });
const InnerAnswer = t.intersection([t.type({ status: t.number }), t.partial({ headers: t.unknown, body: t.unknown })]);
type InnerAnswer = t.TypeOf<typeof InnerAnswer>;

/** Under it nothing is believed, and nothing is asked again: one answer that nobody can read keeps no other one waiting. */
const UNREADABLE: InnerAnswer = { status: 0 };

const isStatus = (status: number): boolean => Number.isInteger(status) && status >= 100 && status <= 599;

/** By id, never by position. Two answers to one question may contradict each other: neither counts. */
const byIdOf = (responses: ReadonlyArray<unknown>): ReadonlyMap<string, InnerAnswer> => {
  const byId = new Map<string, InnerAnswer>();
  for (const response of responses) {
    const identified = Identified.decode(response);
    if (E.isLeft(identified)) continue;
    const id = String(identified.right.id);
    const inner = InnerAnswer.decode(response);
    const isReadable = E.isRight(inner) && isStatus(inner.right.status) && !byId.has(id);
    byId.set(id, isReadable ? inner.right : UNREADABLE);
  }
  return byId;
};

const innerHeaders = (headers: unknown): Headers => {
  const read = new Headers();
  for (const [name, value] of Object.entries(isItem(headers) ? headers : {})) {
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text === 'string' && /^[\w-]+$/.test(name) && /^[\t\x20-\x7e]*$/.test(text)) read.set(name, text);
  }
  return read;
};

/** What the item depended on failed, which says nothing about the person that was asked for. */
const FAILED_DEPENDENCY = 424;

type Seen = { readonly outerId: string | undefined; readonly now: number; readonly observe: Governor['observe'] };

const outcomeOf = (inner: InnerAnswer | undefined, { outerId, now, observe }: Seen): ItemOutcome => {
  if (inner === undefined) {
    return { _tag: 'Again', throttled: false, waitMs: undefined, detail: 'a batch left an item unanswered' };
  }
  const { status, body: json } = inner;
  const headers = innerHeaders(inner.headers);
  observe(status, headers);
  if (isTransient(status) || status === FAILED_DEPENDENCY) {
    const waitMs = parseRetryAfter(headers.get('retry-after'), now);
    return {
      _tag: 'Again',
      throttled: isThrottling(status),
      waitMs,
      detail: `a batch item answered ${String(status)}`,
    };
  }
  return { _tag: 'Answered', answer: { status, json, requestId: requestIdOf({ headers, json }) ?? outerId } };
};

const toRequest = ({ method, url, headers, body }: BatchItem, index: number) => ({
  id: String(index + 1),
  method,
  url,
  ...(body === undefined
    ? { ...(headers === undefined ? {} : { headers }) }
    : { headers: { ...headers, 'Content-Type': 'application/json' }, body }),
});

/** The outcomes, in the order of the items. */
export const askBatch = async (
  parts: { readonly base: GraphBase; readonly ask: Ask; readonly now: () => Date; readonly governor: Governor },
  items: ReadonlyArray<BatchItem>,
  options: ReadOptions | undefined,
): Promise<E.Either<GraphFailure, ReadonlyArray<ItemOutcome>>> => {
  const body = { requests: items.map(toRequest) };
  const asked = await parts.ask({ method: 'POST', url: `${parts.base.url}/$batch`, body, expects: 'json' }, options);
  if (E.isRight(asked) && isNotOffered(asked.right)) return askOneByOne(parts, items, options);
  const answer = E.flatMap(successOf('$batch'))(asked);
  if (E.isLeft(answer)) return answer;
  const requestId = requestIdOf(answer.right);
  const decoded = BatchAnswer.decode(answer.right.json);
  if (E.isLeft(decoded)) {
    return E.left({
      _tag: 'GraphProtocol',
      detail: '$batch answered without a list "responses" as documented',
      requestId,
    });
  }
  const byId = byIdOf(decoded.right.responses);
  // Where nothing can be read of many, it is not one answer that is at fault.
  const isDumb = decoded.right.responses.length > 0 && [...byId.values()].every((inner) => inner === UNREADABLE);
  if (isDumb && (items.length > 1 || byId.size === 0)) {
    return E.left({ _tag: 'GraphProtocol', detail: '$batch answered nothing that could be read', requestId });
  }
  const now = parts.now().getTime();
  const seen: Seen = { outerId: requestId, now, observe: parts.governor.observe };
  return E.right(items.map((_, index) => outcomeOf(byId.get(String(index + 1)), seen)));
};
