import { QueryClient, useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import type { Problem } from '../../src/contract.js';

/** What the console refused, with its sentence for people. */
export class Refusal extends Error {
  readonly code: Problem['code'] | 'unreachable';
  constructor(problem: { readonly code: Refusal['code']; readonly message: string }) {
    super(problem.message);
    this.code = problem.code;
  }
}

const addressOf = (path: string): string => new URL(`api/${path}`, document.baseURI).href;

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'code' in body && 'message' in body;

/** What would turn other text around, or hide itself: shown as what it is. */
const hidden = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const isBreak = (character: string): boolean => character === '\n' || character === '\t';

/** Every text as people may read it: names come from whoever wrote them into Entra. */
export const readable = (text: string): string =>
  text.replace(hidden, (character) =>
    isBreak(character) ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** What the console sent, ready to be shown. */
export const parsed = (text: string): unknown =>
  JSON.parse(text, (_, value: unknown) => (typeof value === 'string' ? readable(value) : value));

const answer = async <A>(request: Promise<Response>): Promise<A> => {
  const response = await request.catch(() => {
    throw new Refusal({ code: 'unreachable', message: 'The console does not answer: is the process still running?' });
  });
  const body: unknown = await response
    .text()
    .then(parsed)
    .catch(() => undefined);
  if (response.ok) return body as A;
  throw new Refusal(isProblem(body) ? body : { code: 'internal', message: `The console answered ${response.status}.` });
};

export const get = <A>(path: string): Promise<A> => answer<A>(fetch(addressOf(path)));

export const change = <A>(method: 'POST' | 'PUT', path: string, body: unknown = {}): Promise<A> =>
  answer<A>(
    fetch(addressOf(path), { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  );

/** The address of a file that a browser downloads. */
export const download = addressOf;

export const makeQueries = (): QueryClient =>
  new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 2_000, refetchOnWindowFocus: false } } });

/**
 * What stands at a path; `every`: asked for again after so many milliseconds. Whoever looks at people is recorded, so lists of
 * people are asked for when somebody does, and never by themselves.
 */
export const useRead = <A>(
  path: string,
  every?: number | false | ((known: A | undefined) => number | false),
  enabled = true,
): UseQueryResult<A, Refusal> =>
  useQuery<A, Refusal>({
    queryKey: path.split('?'),
    queryFn: () => get<A>(path),
    enabled,
    ...(every === undefined
      ? {}
      : { refetchInterval: (query) => (typeof every === 'function' ? every(query.state.data) : every) }),
    placeholderData: (before) => before,
  });

/** A change, after which everything that is shown is asked for again. */
export const useChange = <A, V = void>(run: (given: V) => Promise<A>) => {
  const queries = useQueryClient();
  return useMutation<A, Refusal, V>({ mutationFn: run, onSettled: () => queries.invalidateQueries() });
};

/** A path whose parts are data. */
export const path = (...parts: ReadonlyArray<string>): string => parts.map(encodeURIComponent).join('/');

/** A question of a path: what is empty is left out. */
export const asking = (at: string, parts: Readonly<Record<string, string | undefined>>): string => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parts)) if (value !== undefined && value !== '') query.set(name, value);
  const text = query.toString();
  return text === '' ? at : `${at}?${text}`;
};
