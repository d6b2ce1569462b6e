import type { ObjectId } from '@learnamp/directory-sync-domain';
import { ObjectId as ObjectIdCodec } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { GraphFailure, ReadOptions } from '../directory-source.js';
import type { GraphBase } from '../graph-base.js';
import { requestIdOf, successOf } from '../graph-error.js';
import type { GraphAnswer } from '../transport/exchange.js';
import type { Ask } from '../transport/graph-client.js';

/** Single reads for somebody who asks about one person. Nothing that is decided about anybody rests on them. */
export type PersonLookups = {
  /** Who has this address as principal name or mail now. The failure never repeats the address. */
  readonly usersByAddress: (
    address: string,
    options?: ReadOptions,
  ) => TaskEither<GraphFailure, { readonly userIds: ReadonlyArray<ObjectId>; readonly requestId: string | undefined }>;
  /** Whether the account lies among the deleted items, where it stays restorable for 30 days. */
  readonly isDeleted: (
    userId: ObjectId,
    options?: ReadOptions,
  ) => TaskEither<GraphFailure, { readonly deleted: boolean; readonly requestId: string | undefined }>;
  /** Groups and other objects that the person is a direct member of; 999 at most. */
  readonly directGroups: (
    userId: ObjectId,
    options?: ReadOptions,
  ) => TaskEither<GraphFailure, { readonly ids: ReadonlyArray<ObjectId>; readonly requestId: string | undefined }>;
};

const IdList = t.type({ value: t.array(t.type({ id: ObjectIdCodec })) });

/** The ids of a list, or the failure that names the resource and nobody. */
const idsIn =
  (what: string) =>
  (answer: GraphAnswer): E.Either<GraphFailure, ReadonlyArray<ObjectId>> => {
    const decoded = IdList.decode(answer.json);
    return E.isRight(decoded)
      ? E.right(decoded.right.value.map(({ id }) => id))
      : E.left({ _tag: 'GraphProtocol', detail: `${what} is not a list of objects`, requestId: requestIdOf(answer) });
  };

/** https://learn.microsoft.com/graph/filter-query-parameter: a quote within a text is doubled. */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export const openPersonLookups = ({ base, ask }: { readonly base: GraphBase; readonly ask: Ask }): PersonLookups => {
  const get = (path: string, options: ReadOptions | undefined) =>
    ask({ method: 'GET', url: `${base.url}${path}`, expects: 'json' }, options);

  const list = async (what: string, path: string, options: ReadOptions | undefined) => {
    const answer = E.flatMap(successOf(what))(await get(path, options));
    if (E.isLeft(answer)) return answer;
    const ids = idsIn(what)(answer.right);
    return E.isLeft(ids) ? ids : E.right({ ids: ids.right, requestId: requestIdOf(answer.right) });
  };

  return {
    usersByAddress: (address, options) => async () => {
      const value = quoted(address.trim());
      const filter = encodeURIComponent(`userPrincipalName eq ${value} or mail eq ${value}`);
      const found = await list('users', `/users?$filter=${filter}&$select=id`, options);
      return E.isLeft(found) ? found : E.right({ userIds: found.right.ids, requestId: found.right.requestId });
    },
    isDeleted: (userId, options) => async () => {
      const asked = await get(`/directory/deletedItems/${userId}?$select=id`, options);
      if (E.isLeft(asked)) return asked;
      const requestId = requestIdOf(asked.right);
      if (asked.right.status === 404) return E.right({ deleted: false, requestId });
      const answer = successOf('directory/deletedItems/{id}')(asked.right);
      return E.isLeft(answer) ? answer : E.right({ deleted: true, requestId });
    },
    directGroups: (userId, options) => () =>
      list('users/{id}/memberOf', `/users/${userId}/memberOf?$select=id&$top=999`, options),
  };
};
