import { ObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { GraphFailure, ReadOptions } from '../directory-source.js';
import type { GraphBase } from '../graph-base.js';
import { graphTimeOf, requestIdOf, successOf } from '../graph-error.js';
import type { Ask } from '../transport/graph-client.js';

const text = t.union([t.string, t.null]);
const flag = t.union([t.boolean, t.null]);
const Body = t.intersection([
  t.type({ id: ObjectId }),
  t.partial({
    displayName: text,
    visibility: text,
    securityEnabled: flag,
    mailEnabled: flag,
    groupTypes: t.union([t.array(t.string), t.null]),
  }),
]);

/** What a group is. A property that Graph left out is `undefined`. */
export type GroupFacts = {
  readonly displayName: string | undefined;
  readonly securityEnabled: boolean | undefined;
  readonly mailEnabled: boolean | undefined;
  /** Its members follow a rule. */
  readonly dynamic: boolean;
  /** A Microsoft 365 group. */
  readonly unified: boolean;
  readonly hiddenMembership: boolean;
  readonly graphTime: string | undefined;
};

const SELECT = 'id,displayName,visibility,securityEnabled,mailEnabled,groupTypes';

/** `GET /groups/{id}` (https://learn.microsoft.com/graph/api/resources/group). */
export const openReadGroupFacts =
  ({ base, ask }: { readonly base: GraphBase; readonly ask: Ask }) =>
  async (groupId: ObjectId, options?: ReadOptions): Promise<E.Either<GraphFailure, GroupFacts | undefined>> => {
    const url = `${base.url}/groups/${groupId}?$select=${SELECT}`;
    const asked = await ask({ method: 'GET', url, expects: 'json' }, options);
    if (E.isRight(asked) && asked.right.status === 404) return E.right(undefined);
    const answer = E.flatMap(successOf('groups/{id}'))(asked);
    if (E.isLeft(answer)) return answer;
    const decoded = Body.decode(answer.right.json);
    if (E.isLeft(decoded) || decoded.right.id !== groupId) {
      const detail = 'groups/{id}: the answer is not the group that was asked for';
      return E.left({ _tag: 'GraphProtocol', detail, requestId: requestIdOf(answer.right) });
    }
    const { displayName, visibility, securityEnabled, mailEnabled, groupTypes } = decoded.right;
    const types = (groupTypes ?? []).map((type) => type.toLowerCase());
    return E.right({
      displayName: displayName ?? undefined,
      securityEnabled: securityEnabled ?? undefined,
      mailEnabled: mailEnabled ?? undefined,
      dynamic: types.includes('dynamicmembership'),
      unified: types.includes('unified'),
      hiddenMembership: visibility?.toLowerCase() === 'hiddenmembership',
      graphTime: graphTimeOf(answer.right.headers),
    });
  };
