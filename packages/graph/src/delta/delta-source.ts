import type { GroupObservation, ObjectId, UserObservation } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import type { DeltaPage, GraphFailure, ReadOptions } from '../directory-source.js';
import type { GraphBase } from '../graph-base.js';
import { guardDeltaLink } from '../link-guard.js';
import type { DeltaResource } from '../link-guard.js';
import { permissionsFor } from '../permissions.js';
import type { Selection } from '../selected-attributes.js';
import type { SelectionInUse } from '../selection-in-use.js';
import type { GraphAnswer } from '../transport/exchange.js';
import type { Ask } from '../transport/graph-client.js';
import type { ResolveKinds } from '../batch/resolve-kinds.js';
import { decodeDeltaPage } from './delta-page.js';
import type { PageContext } from './delta-page.js';
import { deltaFailure } from './delta-failure.js';
import { decodeGroup } from './group-item.js';
import type { NamedMember } from './group-item.js';
import { decodeUser } from './user-item.js';
import type { ReadUser } from './user-item.js';

type Page<A> = E.Either<GraphFailure, DeltaPage<A>>;
type From = { readonly query: string } | { readonly link: string };

export type DeltaParts = {
  readonly base: GraphBase;
  readonly ask: Ask;
  readonly selection: SelectionInUse;
  readonly resolveKinds: ResolveKinds;
};

/** Graph takes at most this many ids in the filter of a delta query. */
const MOST_GROUPS = 50;

/** A page whose people all came without their principal name is a lost permission, not a page of emptied people. */
const refuseLimited = (page: DeltaPage<ReadUser>): Page<UserObservation> => {
  const observed = page.items.filter(({ observation }) => observation._tag === 'UserObserved');
  return observed.length > 0 && observed.every(({ limited }) => limited)
    ? E.left({
        _tag: 'GraphForbidden',
        code: 'limited-information',
        requestId: page.requestId,
        resource: 'users/delta',
        needs: permissionsFor('users/delta'),
      })
    : E.right({ ...page, items: page.items.map(({ observation }) => observation) });
};

export const openDelta = ({ base, ask, selection, resolveKinds }: DeltaParts) => {
  const readPage = async <A>(
    resource: DeltaResource,
    from: From,
    context: Pick<PageContext<A>, 'decode' | 'withoutData' | 'skipsUnreadable'> & {
      /** Those of the query, which a refusal may be about; none where a link is followed. */
      readonly properties?: ReadonlyArray<string> | undefined;
    },
    options: ReadOptions | undefined,
  ): Promise<Page<A>> => {
    const followed = 'link' in from ? from.link : undefined;
    const guarded: E.Either<GraphFailure, string> =
      'link' in from
        ? guardDeltaLink(base, resource, from.link)
        : E.right(`${base.url}/${resource}/delta?${from.query}`);
    if (E.isLeft(guarded)) return guarded;
    const asked: E.Either<GraphFailure, GraphAnswer> = await ask(
      { method: 'GET', url: guarded.right, expects: 'json' },
      options,
    );
    if (E.isLeft(asked)) return asked;
    const failure = deltaFailure(asked.right, { base, resource, followed, asked: context.properties ?? [] });
    if (failure !== undefined) return E.left(failure);
    return decodeDeltaPage(asked.right, { base, resource, requested: guarded.right, ...context });
  };

  const askLatest = (options: ReadOptions | undefined) => async (selected: Selection) => {
    const query = `$deltatoken=latest&$select=${selected.delta.join(',')}`;
    const decode = decodeUser(selected, 'incremental');
    return readPage('users', { query }, { decode, withoutData: true, properties: selected.delta }, options);
  };

  const fromBeginning = (full: boolean, options: ReadOptions | undefined) => async (selected: Selection) => {
    const decode = decodeUser(selected, full ? 'full' : 'incremental');
    const query = `$select=${selected.delta.join(',')}`;
    return readPage('users', { query }, { decode, skipsUnreadable: true, properties: selected.delta }, options);
  };

  const usersPage = async (
    from: 'beginning' | { readonly link: string },
    options?: ReadOptions & { readonly full?: boolean | undefined },
  ): Promise<Page<UserObservation>> => {
    const full = options?.full ?? from === 'beginning';
    const page =
      from === 'beginning'
        ? await selection.asking('delta', fromBeginning(full, options), askLatest(options))
        : await readPage(
            'users',
            from,
            { decode: decodeUser(selection.current(), full ? 'full' : 'incremental'), skipsUnreadable: true },
            options,
          );
    return E.isLeft(page) ? page : refuseLimited(page.right);
  };

  const latestUsers = async (options?: ReadOptions): Promise<Page<UserObservation>> => {
    const page = await selection.asking('delta', askLatest(options), askLatest(options));
    return E.isLeft(page) ? page : refuseLimited(page.right);
  };

  const groupsPage = async (
    from: { readonly groupIds: ReadonlyArray<ObjectId> } | { readonly link: string },
    options?: ReadOptions,
  ): Promise<Page<GroupObservation>> => {
    const named = await readPage(
      'groups',
      'link' in from ? from : groupsQuery(from.groupIds),
      { decode: decodeGroup },
      options,
    );
    if (E.isLeft(named)) return named;
    const untyped = named.right.items.flatMap((item) =>
      item._tag === 'GroupNamed' ? item.members.filter(({ kind }) => kind === undefined) : [],
    );
    const kinds = await resolveKinds([...new Set(untyped.map(({ memberId }) => memberId))], options);
    if (E.isLeft(kinds)) return kinds;
    const known = (member: NamedMember) => ({
      ...member,
      kind: member.kind ?? kinds.right.get(member.memberId) ?? ('other' as const),
    });
    return E.right({
      ...named.right,
      items: named.right.items.map((item) =>
        item._tag === 'GroupRemoved'
          ? item
          : { _tag: 'GroupObserved', groupId: item.groupId, name: item.name, members: item.members.map(known) },
      ),
    });
  };

  return { usersPage, latestUsers, groupsPage };
};

/**
 * `members` tracks members, `displayName` is what people know a group by; ids and removals come in any case. A cursor that was
 * made without the name goes on as it is: the next read from the beginning tells it.
 */
const groupsQuery = (groupIds: ReadonlyArray<ObjectId>): { readonly query: string } => {
  if (groupIds.length === 0 || groupIds.length > MOST_GROUPS) {
    throw new RangeError(`one groups/delta cursor covers 1 to ${String(MOST_GROUPS)} groups`);
  }
  const filter = groupIds.map((id) => `id eq '${id}'`).join(' or ');
  return { query: `$select=displayName,members&$filter=${encodeURIComponent(filter)}` };
};
