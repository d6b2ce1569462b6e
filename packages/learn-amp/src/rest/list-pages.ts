import type { LearnAmpFailure } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Answer } from '../http/attempt.js';
import type { Exchange, Send } from '../http/send.js';
import { unwrapList } from '../wire/shown-text.js';

/** A paginated "view all" of the API: what to ask, and how to read one entry. */
export type Listing<A> = {
  readonly route: string;
  readonly path: string;
  readonly scope: string;
  readonly query: ReadonlyArray<readonly [string, string]>;
  /** The key the list stands under: `users`, `teams`. */
  readonly key: string;
  readonly decode: (item: unknown) => E.Either<string, A>;
  readonly idOf: (entry: A) => string;
};

const perPage = 100;
/** Far above any company; a server that never ends must not be followed for ever. */
const lastPage = 20_000;

const protocol = (detail: string, status?: number): LearnAmpFailure => ({ _tag: 'LearnAmpProtocol', detail, status });

const count = (headers: Headers, name: string): number | undefined => {
  const text = headers.get(name)?.trim() ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
};

/** `Total-Pages`, or what `Total` and `Per-Page` make of it. */
const totalPages = (headers: Headers): number | undefined => {
  const stated = count(headers, 'total-pages');
  const total = count(headers, 'total');
  const size = count(headers, 'per-page');
  return stated ?? (total !== undefined && size !== undefined && size > 0 ? Math.ceil(total / size) : undefined);
};

const decodePage = <A>(
  listing: Listing<A>,
  answer: Answer,
  page: number,
): E.Either<LearnAmpFailure, ReadonlyArray<A>> => {
  const where = `Page ${String(page)} of ${listing.route}`;
  if (answer.status < 200 || answer.status >= 300)
    return E.left(protocol(`${where} was answered with ${String(answer.status)}.`, answer.status));
  const list = answer.body._tag === 'Json' ? unwrapList(answer.body.value, listing.key) : undefined;
  if (list === undefined) return E.left(protocol(`${where} is not a list of ${listing.key}: check learnAmp.baseUrl.`));
  const entries: Array<A> = [];
  for (const [index, item] of list.entries()) {
    const decoded = listing.decode(item);
    if (E.isLeft(decoded)) return E.left(protocol(`${where}: entry ${String(index + 1)} ${decoded.left}.`));
    entries.push(decoded.right);
  }
  return E.right(entries);
};

type Seen = { readonly page: number; readonly size: number; readonly previous: number | undefined };

/** Without headers the end is an empty page, or one shorter than the page before it (the server may serve fewer than were asked for). */
const isLast = (headers: Headers, { page, size, previous }: Seen): boolean => {
  const total = totalPages(headers);
  if (total !== undefined) return page >= total;
  return size === 0 || size < (previous ?? count(headers, 'per-page') ?? 0);
};

/**
 * Reads a listing page by page to its end, each entry once. What cannot be read is a failure and ends it: a list with a
 * hole would look like people who are not there.
 */
export async function* listPages<A>(
  send: Send,
  listing: Listing<A>,
  signal: AbortSignal | undefined,
): AsyncGenerator<E.Either<LearnAmpFailure, ReadonlyArray<A>>, void> {
  const seen = new Set<string>();
  let previous: number | undefined;
  for (let page = 1; page <= lastPage; page += 1) {
    const paging = [
      ['page', String(page)],
      ['perPage', String(perPage)],
    ] as const;
    const exchange: Exchange = { ...listing, method: 'GET', query: [...listing.query, ...paging] };
    const answered = await send(exchange, signal);
    if (E.isLeft(answered)) {
      yield E.left(answered.left.failure);
      return;
    }
    const { headers } = answered.right;
    const entries = decodePage(listing, answered.right, page);
    if (E.isLeft(entries)) {
      yield entries;
      return;
    }
    const fresh = entries.right.filter((entry) => {
      const id = listing.idOf(entry);
      return !seen.has(id) && seen.add(id);
    });
    const size = entries.right.length;
    const repeated = size > 0 && fresh.length === 0;
    const ended = isLast(headers, { page, size, previous });
    if (repeated && !ended && totalPages(headers) !== undefined) {
      yield E.left(protocol(`Page ${String(page)} of ${listing.route} repeats earlier pages: paging does not work.`));
      return;
    }
    if (fresh.length > 0) yield E.right(fresh);
    if (ended || repeated) return;
    previous = size;
  }
  yield E.left(protocol(`${listing.route} did not end within ${String(lastPage)} pages.`));
}
