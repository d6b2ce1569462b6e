import { ObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { GraphFailure, GroupRead, ReadOptions } from './directory-source.js';
import { errorCode, graphTimeOf, requestIdOf, successOf } from './graph-error.js';
import type { GraphBase } from './graph-base.js';
import type { GraphWorld } from './graph-settings.js';
import type { GraphAnswer } from './transport/exchange.js';
import type { Ask } from './transport/graph-client.js';

const GroupBody = t.intersection([t.type({ id: ObjectId }), t.partial({ visibility: t.unknown })]);

/** A group that was just made may be missing from one replica: 404 is believed the third time. */
const LOOKS = 3;
const PAUSE_MS = 500;

const readable = (answer: GraphAnswer, groupId: ObjectId): E.Either<GraphFailure, GroupRead> => {
  const decoded = GroupBody.decode(answer.json);
  const requestId = requestIdOf(answer);
  if (E.isLeft(decoded) || decoded.right.id !== groupId) {
    return E.left({
      _tag: 'GraphProtocol',
      detail: 'groups/{id}: the answer is not the group that was asked for',
      requestId,
    });
  }
  const { visibility } = decoded.right;
  const hiddenMembership = typeof visibility === 'string' && visibility.toLowerCase() === 'hiddenmembership';
  return E.right({ _tag: 'Readable', graphTime: graphTimeOf(answer.headers), requestId, hiddenMembership });
};

/** Reads the scope group by id (https://learn.microsoft.com/graph/api/group-get). */
export const openReadGroup =
  ({ base, ask, world }: { readonly base: GraphBase; readonly ask: Ask; readonly world: GraphWorld }) =>
  async (groupId: ObjectId, options?: ReadOptions): Promise<E.Either<GraphFailure, GroupRead>> => {
    const url = `${base.url}/groups/${groupId}?$select=id,visibility`;
    for (let look = 1; ; look += 1) {
      const asked = await ask({ method: 'GET', url, expects: 'json' }, options);
      if (E.isLeft(asked)) return asked;
      const answer = asked.right;
      if (answer.status === 403) return E.right({ _tag: 'Unreadable', code: errorCode(answer) });
      if (answer.status !== 404) {
        const success = successOf('groups/{id}')(answer);
        return E.isLeft(success) ? success : readable(answer, groupId);
      }
      if (look === LOOKS) return E.right({ _tag: 'Missing' });
      try {
        await world.sleep(PAUSE_MS * look, options?.signal);
      } catch (cause) {
        if (options?.signal?.aborted === true) return E.left({ _tag: 'GraphAborted' });
        throw cause;
      }
    }
  };
