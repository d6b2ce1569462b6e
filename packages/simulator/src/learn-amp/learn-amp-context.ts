import type { SimulatorClock } from '../clock.js';
import { json, Refusal, type SimulatedRequest } from '../http/exchange.js';
import type { RouteHandler } from '../http/router.js';
import type { learnAmpBehaviour } from './learn-amp-behaviour.js';
import type { LearnAmpModel } from './learn-amp-model.js';
import type { LearnAmpTokens } from './oauth.js';

export type LearnAmpContext = {
  readonly model: LearnAmpModel;
  readonly clock: SimulatorClock;
  readonly behaviour: ReturnType<typeof learnAmpBehaviour>;
  readonly tokens: LearnAmpTokens;
};

/** `fullErrors` stands beside the joined text for faults of fields; faults across fields have the text alone. */
export const refuse = (
  status: number,
  error: string,
  fullErrors?: Readonly<Record<string, ReadonlyArray<string>>>,
): never => {
  throw new Refusal(json(status, fullErrors === undefined ? { error } : { error, fullErrors }));
};

export const notFound = (): never => refuse(404, 'Not found');

/** Runs a route for those whose token has the scope; `public` belongs to legacy credentials and opens everything. */
export const scoped =
  (learnAmp: LearnAmpContext, scope: string, handle: RouteHandler): RouteHandler =>
  (args) => {
    const scopes = learnAmp.tokens.scopesOf(args.request.headers['authorization']);
    if (scopes === undefined) return refuse(401, 'The access token is invalid');
    if (!scopes.includes(scope) && !scopes.includes('public')) return refuse(403, 'Forbidden');
    return handle(args);
  };

/** Ids in a path may carry `.json`. */
export const pathId = (text: string): number => {
  const digits = /^(\d{1,12})(?:\.json)?$/.exec(text)?.[1];
  return digits === undefined ? notFound() : Number(digits);
};

export type Page<T> = { readonly shown: ReadonlyArray<T>; readonly headers: Readonly<Record<string, string>> };

/** Pages of 10 unless asked otherwise. */
export const paginate = <T>(learnAmp: LearnAmpContext, request: SimulatedRequest, items: ReadonlyArray<T>): Page<T> => {
  const number = (name: string, otherwise: number): number => {
    const given = request.query.get(name);
    return given !== null && /^[1-9]\d{0,8}$/.test(given) ? Number(given) : otherwise;
  };
  const size = Math.min(number('perPage', 10), learnAmp.behaviour.largestPage);
  const from = (number('page', 1) - 1) * size;
  return {
    shown: items.slice(from, from + size),
    headers: {
      total: String(items.length),
      'per-page': String(size),
      'total-pages': String(Math.ceil(items.length / size)),
    },
  };
};
