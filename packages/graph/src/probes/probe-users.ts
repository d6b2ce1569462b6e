import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { GraphFailure, ReadOptions } from '../directory-source.js';
import type { GraphBase } from '../graph-base.js';
import { requestIdOf, successOf } from '../graph-error.js';
import type { Ask } from '../transport/graph-client.js';

const text = t.union([t.string, t.null]);
const List = t.type({
  value: t.array(t.intersection([t.type({ id: t.string }), t.partial({ userPrincipalName: text })])),
});

/** `limited`: ids alone are shown, which is how a missing permission may look under status 200. */
export type UsersProbe = 'readable' | 'limited' | 'nobody';

/** One person of the tenant, and of them nothing but whether their principal name is shown. */
export const openProbeUsers =
  ({ base, ask }: { readonly base: GraphBase; readonly ask: Ask }) =>
  async (options?: ReadOptions): Promise<E.Either<GraphFailure, UsersProbe>> => {
    const url = `${base.url}/users?$select=id,userPrincipalName&$top=1`;
    const answer = E.flatMap(successOf('users'))(await ask({ method: 'GET', url, expects: 'json' }, options));
    if (E.isLeft(answer)) return answer;
    const decoded = List.decode(answer.right.json);
    if (E.isLeft(decoded))
      return E.left({
        _tag: 'GraphProtocol',
        detail: 'users is not a list of people',
        requestId: requestIdOf(answer.right),
      });
    const [person] = decoded.right.value;
    if (person === undefined) return E.right('nobody');
    return E.right(typeof person.userPrincipalName === 'string' ? 'readable' : 'limited');
  };
