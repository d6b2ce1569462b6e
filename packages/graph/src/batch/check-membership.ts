import type { ObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { CheckOptions, GraphFailure, MembershipCheck } from '../directory-source.js';
import type { ItemAnswer } from './batch-round.js';
import { runBatches } from './run-batches.js';
import type { BatchParts } from './run-batches.js';

const CheckAnswer = t.type({ value: t.array(t.string) });

const unconfirmed = (userId: ObjectId, because: 'forbidden' | 'unreadable', requestId?: string): MembershipCheck => ({
  _tag: 'Unconfirmed',
  userId,
  because,
  ...(requestId === undefined ? {} : { requestId }),
});

const readCheck = (userId: ObjectId, groupId: ObjectId, answer: ItemAnswer | undefined): MembershipCheck => {
  if (answer === undefined) return unconfirmed(userId, 'unreadable');
  const { status, json, requestId } = answer;
  if (status === 404) return { _tag: 'UserNotFound', userId, requestId };
  if (status !== 200) return unconfirmed(userId, status === 403 ? 'forbidden' : 'unreadable', requestId);
  const decoded = CheckAnswer.decode(json);
  if (E.isLeft(decoded)) return unconfirmed(userId, 'unreadable', requestId);
  const member = decoded.right.value.some((id) => id.toLowerCase() === groupId);
  return { _tag: member ? 'StillMember' : 'NotMember', userId, requestId };
};

/** Somebody whom `users/delta` reported as removed: a 404 of the account is the second read that agrees. */
const readExistence = (userId: ObjectId, answer: ItemAnswer | undefined): MembershipCheck => {
  if (answer?.status === 404) return { _tag: 'UserNotFound', userId, requestId: answer.requestId };
  if (answer?.status === 200) return { _tag: 'StillMember', userId, requestId: answer.requestId };
  return unconfirmed(userId, answer?.status === 403 ? 'forbidden' : 'unreadable');
};

/**
 * Asks Graph, nested groups included, whether each person still belongs to the group
 * (https://learn.microsoft.com/graph/api/directoryobject-checkmembergroups).
 *
 * One id that does not resolve fails the whole call, and it may be the group's: a 404 counts as "no such person" only when
 * a read of that person is a 404 too.
 */
export const openCheckMembership =
  (parts: BatchParts) =>
  async (
    userIds: ReadonlyArray<ObjectId>,
    groupId: ObjectId,
    options?: CheckOptions,
  ): Promise<E.Either<GraphFailure, ReadonlyArray<MembershipCheck>>> => {
    const ids = [...new Set(userIds)];
    const deleted = options?.deleted ?? new Set();
    const asked = await runBatches(
      parts,
      ids.map((id) => [
        deleted.has(id)
          ? { method: 'GET', url: `/users/${id}?$select=id` }
          : { method: 'POST', url: `/users/${id}/checkMemberGroups`, body: { groupIds: [groupId] } },
      ]),
      options,
    );
    if (E.isLeft(asked)) return asked;
    const checks = new Map(
      ids.map((id, index) => {
        const answer = asked.right[index]?.[0];
        return [id, deleted.has(id) ? readExistence(id, answer) : readCheck(id, groupId, answer)];
      }),
    );
    const missing = ids.filter((id) => !deleted.has(id) && checks.get(id)?._tag === 'UserNotFound');
    const reads = await runBatches(
      parts,
      missing.map((id) => [{ method: 'GET', url: `/users/${id}?$select=id` }]),
      options,
    );
    if (E.isLeft(reads)) return reads;
    missing.forEach((id, index) => {
      const status = reads.right[index]?.[0]?.status;
      if (status !== 404) checks.set(id, unconfirmed(id, status === 403 ? 'forbidden' : 'unreadable'));
    });
    return E.right(userIds.map((id) => checks.get(id) ?? unconfirmed(id, 'unreadable')));
  };
