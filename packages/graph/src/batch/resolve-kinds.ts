import type { MemberKind, ObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure, ReadOptions } from '../directory-source.js';
import { errorCode } from '../graph-error.js';
import { permissionsFor } from '../permissions.js';
import { isItem } from '../delta/attribute-values.js';
import { kindOf } from '../delta/group-item.js';
import type { ItemAnswer } from './batch-round.js';
import { runBatches } from './run-batches.js';
import type { BatchParts } from './run-batches.js';

type Kinds = ReadonlyMap<ObjectId, MemberKind>;
export type ResolveKinds = (
  ids: ReadonlyArray<ObjectId>,
  options: ReadOptions | undefined,
) => Promise<E.Either<GraphFailure, Kinds>>;

/** A directory object carries its type, since the collection holds many. */
const typeIn = (answer: ItemAnswer): MemberKind | undefined =>
  answer.status === 200 && isItem(answer.json) ? kindOf(answer.json['@odata.type']) : undefined;

/**
 * The readings by which a type is found, in this order. `directoryObjects` answers for every type but may ask for a
 * wider permission than people and groups do; these two tell by being there.
 */
const readings: ReadonlyArray<{
  readonly url: (id: ObjectId) => string;
  readonly kind: (answer: ItemAnswer) => MemberKind | undefined;
  /** Whether a 404 leaves no other type to ask for. */
  readonly last: boolean;
}> = [
  { url: (id) => `/directoryObjects/${id}?$select=id`, kind: typeIn, last: true },
  { url: (id) => `/users/${id}?$select=id`, kind: ({ status }) => (status === 200 ? 'user' : undefined), last: false },
  { url: (id) => `/groups/${id}?$select=id`, kind: ({ status }) => (status === 200 ? 'group' : undefined), last: true },
];

/**
 * Finds the kind of members that came without a type: read, never guessed. What does not exist is `other`, after a second
 * look (a new object may be missing from one replica); what may not be read fails the page.
 */
export const resolveKindsBy =
  (parts: BatchParts): ResolveKinds =>
  async (ids, options) => {
    const kinds = new Map<ObjectId, MemberKind>();
    let refused: ItemAnswer | undefined;
    const ask = async (asked: ReadonlyArray<ObjectId>, { url, kind, last }: (typeof readings)[number]) => {
      const missing: Array<ObjectId> = [];
      const answers = await runBatches(
        parts,
        asked.map((id) => [{ method: 'GET', url: url(id) }]),
        options,
      );
      if (E.isLeft(answers)) return answers;
      asked.forEach((id, index) => {
        const [answer] = answers.right[index] ?? [];
        const found = answer === undefined ? undefined : kind(answer);
        if (found !== undefined) kinds.set(id, found);
        else if (answer?.status === 404 && last) missing.push(id);
        else if (answer?.status !== 404) refused = answer ?? refused;
      });
      return E.right(missing);
    };
    for (const reading of readings) {
      const open = ids.filter((id) => !kinds.has(id));
      if (open.length === 0) break;
      const first = await ask(open, reading);
      if (E.isLeft(first)) return first;
      if (first.right.length === 0) continue;
      const second = await ask(first.right, reading);
      if (E.isLeft(second)) return second;
      for (const id of second.right) kinds.set(id, 'other');
    }
    if (ids.every((id) => kinds.has(id))) return E.right(kinds);
    if (refused === undefined)
      return E.left({ _tag: 'GraphUnreachable', detail: 'the type of a group member could not be read' });
    return refused.status === 403
      ? E.left({
          _tag: 'GraphForbidden',
          code: errorCode({ ...refused }),
          requestId: refused.requestId,
          resource: 'the types of group members',
          needs: permissionsFor('the types of group members'),
        })
      : E.left({
          _tag: 'GraphProtocol',
          detail: `the type of a group member was not told (${String(refused.status)})`,
        });
  };
