import {
  defaultUserProperties,
  outsideTheStore,
  type UserProperty,
  userPropertyNamed,
} from '../directory/user-properties.js';
import type { SimulatedRequest } from '../http/exchange.js';
import { refuse } from './graph-context.js';

/** Query options by lower-case name with the dollar sign, which Graph lets one leave out. */
export const queryOptions = (query: URLSearchParams): ReadonlyMap<string, string> => {
  const options = new Map<string, string>();
  for (const [name, value] of query) {
    const lower = name.toLowerCase();
    const known = lower.startsWith('$') ? lower : `$${lower}`;
    if (options.has(known)) refuse(400, 'BadRequest', `Query option '${name}' was specified more than once.`);
    options.set(known, value);
  }
  return options;
};

/** Any option that is not named here ends the request. */
export const allowOnly = (options: ReadonlyMap<string, string>, allowed: ReadonlyArray<string>): void => {
  for (const name of options.keys()) {
    if (!allowed.includes(name))
      refuse(400, 'Request_UnsupportedQuery', `The query option '${name}' is not supported.`);
  }
};

export const namesIn = (list: string): ReadonlyArray<string> =>
  list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

export type UserSelection = {
  readonly properties: ReadonlyArray<UserProperty>;
  /** `manager` was named; only delta queries allow it. */
  readonly manager: boolean;
};

/** `scope`: what may be selected depends on whether one object is read, a collection listed, or changes tracked. */
export const selectUser = (select: string | undefined, scope: 'one' | 'collection' | 'delta'): UserSelection => {
  if (select === undefined) return { properties: defaultUserProperties, manager: false };
  const properties: UserProperty[] = [];
  let manager = false;
  for (const name of namesIn(select)) {
    const lower = name.toLowerCase();
    const property = userPropertyNamed(name);
    if (property !== undefined) properties.push(property);
    else if (lower === 'manager' && scope === 'delta') manager = true;
    else if (outsideTheStore.has(lower)) {
      if (scope !== 'one') refuse(501, 'NotImplemented', 'This operation target is not yet supported.');
    } else if (lower !== 'id') {
      refuse(400, 'BadRequest', `Could not find a property named '${name}' on type 'microsoft.graph.user'.`);
    }
  }
  return { properties: [...new Set(properties)], manager };
};

const clause = /^id\s+eq\s+'([^']*)'$/i;

/** The ids of `id eq 'a' or id eq 'b' …`, the one filter of a delta query, at most 50. */
export const filterIds = (filter: string): ReadonlyArray<string> => {
  const ids = filter
    .trim()
    .split(/\s+or\s+/i)
    .map((part) => clause.exec(part.trim().replace(/^\((.*)\)$/, '$1'))?.[1]);
  if (ids.length > 50) refuse(400, 'Request_UnsupportedQuery', 'Too many object ids in the filter: the maximum is 50.');
  return ids.map((id) =>
    id === undefined || id === ''
      ? refuse(400, 'Request_UnsupportedQuery', `Unsupported or invalid query filter clause: ${filter}`)
      : id.toLowerCase(),
  );
};

export const asksEventual = (request: SimulatedRequest): boolean =>
  request.headers['consistencylevel']?.toLowerCase() === 'eventual';

/** Advanced queries need the header and `$count=true`, on every page. */
export const requireAdvanced = (request: SimulatedRequest, options: ReadonlyMap<string, string>): void => {
  if (asksEventual(request) && options.get('$count') === 'true') return;
  refuse(
    400,
    'Request_UnsupportedQuery',
    'The specified cast or query needs the request header ConsistencyLevel: eventual and $count=true.',
  );
};

export const pageTop = (options: ReadonlyMap<string, string>): number => {
  const top = options.get('$top');
  if (top === undefined) return 100;
  const size = /^\d+$/.test(top) ? Number(top) : 0;
  if (size < 1 || size > 999) refuse(400, 'Request_UnsupportedQuery', `Invalid page size specified: '${top}'.`);
  return size;
};
