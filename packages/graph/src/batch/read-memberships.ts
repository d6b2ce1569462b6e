import type { ObjectId } from '@learnamp/directory-sync-domain';
import { ObjectId as ObjectIdCodec } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { GraphFailure, MembershipsRead, ReadOptions } from '../directory-source.js';
import type { ItemAnswer } from './batch-round.js';
import { runBatches } from './run-batches.js';
import type { BatchParts } from './run-batches.js';

const MemberOf = t.intersection([
  t.type({ value: t.array(t.type({ id: ObjectIdCodec })) }),
  t.partial({ '@odata.nextLink': t.union([t.string, t.null]) }),
]);

const readAnswer = (memberId: ObjectId, answer: ItemAnswer | undefined): MembershipsRead => {
  if (answer?.status === 404) return { _tag: 'NotFound', memberId };
  const decoded = answer?.status === 200 ? MemberOf.decode(answer.json) : undefined;
  if (decoded === undefined || E.isLeft(decoded)) return { _tag: 'Unreadable', memberId };
  const groupIds = new Set(decoded.right.value.map(({ id }) => id));
  const next = decoded.right['@odata.nextLink'];
  return {
    _tag: 'Found',
    memberId,
    groupIds,
    complete: next === undefined || next === null,
    requestId: answer?.requestId,
  };
};

/**
 * The groups that people and groups are direct members of, by `memberOf`
 * (https://learn.microsoft.com/graph/api/user-list-memberof); one answer per member, in the order asked. Not the index
 * behind `transitiveMembers`, so that what was changed a moment ago is in it. Of more than 999 groups the first are read:
 * what is not among them is not known to be gone.
 */
export const openReadMemberships =
  (parts: BatchParts) =>
  async (
    members: ReadonlyArray<{ readonly memberId: ObjectId; readonly kind: 'user' | 'group' }>,
    options?: ReadOptions,
  ): Promise<E.Either<GraphFailure, ReadonlyArray<MembershipsRead>>> => {
    const asked = await runBatches(
      parts,
      members.map(({ memberId, kind }) => [
        { method: 'GET', url: `/${kind}s/${memberId}/memberOf?$select=id&$top=999` },
      ]),
      options,
    );
    if (E.isLeft(asked)) return asked;
    return E.right(members.map(({ memberId }, index) => readAnswer(memberId, asked.right[index]?.[0])));
  };
