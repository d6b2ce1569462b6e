import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObjectId } from '../ids.js';
import type { MemberKind } from '../observations.js';
import { group, person } from '../testing/made-ids.js';
import { pathTo, reachableGroups, reachOver, type Reach } from './reachable.js';

type Edge = readonly [from: ObjectId, to: ObjectId, kind: MemberKind];

const reachOf = (edges: ReadonlyArray<Edge>, deleted: ReadonlyArray<ObjectId> = []): Reach => {
  const to = (wanted: MemberKind) => {
    const found = new Map<ObjectId, ObjectId[]>();
    for (const [from, member, kind] of edges)
      if (kind === wanted) found.set(from, [...(found.get(from) ?? []), member]);
    return found;
  };
  const [groups, users] = [to('group'), to('user')];
  const graph = {
    groupsIn: (groupId: ObjectId) => groups.get(groupId) ?? [],
    isDeleted: (groupId: ObjectId) => deleted.includes(groupId),
  };
  return reachOver(reachableGroups(group(0), graph), (userId) =>
    [...users].flatMap(([groupId, members]) => (members.includes(userId) ? [groupId] : [])),
  );
};
const inside = (from: number, to: number): Edge => [group(from), group(to), 'group'];
const member = (of: number, number: number): Edge => [group(of), person(number), 'user'];
const usersOf = ({ holderOf }: Reach, edges: ReadonlyArray<Edge>): ReadonlyArray<ObjectId> =>
  [...new Set(edges.map(([, to]) => to))].filter((id) => holderOf(id) !== undefined).sort();
const usersIn = (edges: ReadonlyArray<Edge>, deleted: ReadonlyArray<ObjectId> = []): ReadonlyArray<ObjectId> =>
  usersOf(reachOf(edges, deleted), edges);

describe('who is in scope', () => {
  it('direct members and those of groups at any depth, and nobody else', () => {
    expect(usersIn([member(0, 1), inside(0, 1), inside(1, 2), member(2, 2), member(3, 3)])).toEqual([
      person(1),
      person(2),
    ]);
  });

  it('each once in a ring, and those alone who are still reachable once it is broken (FC-09)', () => {
    const ring = [inside(0, 1), inside(1, 2), inside(2, 1), inside(0, 0), member(1, 1), member(2, 2)];
    expect(usersIn(ring)).toEqual([person(1), person(2)]);
    // The ring of 1 and 2 stands on its own now: a count of references would keep it alive.
    expect(usersIn(ring.filter(([from, to]) => from !== group(0) || to === group(0)))).toEqual([]);
  });

  it('whoever leaves one side of a diamond stays by the other (FC-10)', () => {
    const diamond = [inside(0, 1), inside(0, 2), member(1, 1), member(2, 1)];
    expect(usersIn(diamond.slice(0, 3))).toEqual([person(1)]);
    expect(usersIn(diamond.slice(0, 2))).toEqual([]);
  });

  it('a detached or deleted subgroup takes along those who are nowhere else (FC-12)', () => {
    const edges = [inside(0, 1), inside(0, 2), member(1, 1), member(1, 2), member(2, 2)];
    expect(usersIn(edges.slice(1))).toEqual([person(2)]);
    expect(usersIn(edges, [group(1)])).toEqual([person(2)]);
    expect(usersIn(edges, [group(0)])).toEqual([]);
  });

  it('devices and people who are used as groups lead nowhere', () => {
    expect(usersIn([[group(0), group(1), 'other'], member(1, 1), [group(0), person(2), 'other']])).toEqual([]);
  });

  it.each([
    ['a chain', (depth: number) => Array.from({ length: depth }, (_, at) => inside(at, at + 1))],
    ['a ring', (depth: number) => Array.from({ length: depth + 1 }, (_, at) => inside(at, (at + 1) % (depth + 1)))],
  ])('%s of 10,000 groups is as good as one of two', (_, edgesOf) => {
    const depth = 10_000;
    const reach = reachOf([...edgesOf(depth), member(depth, 1)]);
    expect(reach.holderOf(person(1))).toBe(group(depth));
    expect(reach.groups.size).toBe(depth + 1);
    const path = pathTo(person(1), reach);
    expect([path.length, path[0], path.at(-1)]).toEqual([depth + 1, group(0), group(depth)]);
  });

  it('the way shown is a shortest one, from the scope group to the direct membership', () => {
    const reach = reachOf([inside(0, 1), inside(1, 2), inside(0, 3), member(2, 1), member(3, 1)]);
    expect(pathTo(person(1), reach)).toEqual([group(0), group(3)]);
    expect(pathTo(person(9), reach)).toEqual([]);
  });
});

/** Written another way on purpose: adds whatever has a way in until nothing is added any more. */
const byFixpoint = (edges: ReadonlyArray<Edge>, deleted: ReadonlyArray<ObjectId>): ReadonlyArray<ObjectId> => {
  const reached = new Set(deleted.includes(group(0)) ? [] : [group(0)]);
  const users = new Set<ObjectId>();
  for (let before = -1; before !== reached.size + users.size;) {
    before = reached.size + users.size;
    for (const [from, to, kind] of edges) {
      if (!reached.has(from)) continue;
      if (kind === 'user') users.add(to);
      if (kind === 'group' && !deleted.includes(to)) reached.add(to);
    }
  }
  return [...users].sort();
};

describe('for any groups, nested in any way', () => {
  const edge: fc.Arbitrary<Edge> = fc.oneof(
    fc.tuple(fc.nat(7).map(group), fc.nat(7).map(group), fc.constant<MemberKind>('group')),
    fc.tuple(fc.nat(7).map(group), fc.nat(5).map(person), fc.constantFrom<MemberKind>('user', 'user', 'other')),
  );
  const deleted = fc.subarray(
    Array.from({ length: 8 }, (_, at) => group(at)),
    { maxLength: 2 },
  );

  it('scope is reachability', () => {
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 25 }), deleted, (edges, gone) => {
        expect(usersIn(edges, gone)).toEqual(byFixpoint(edges, gone));
      }),
      { numRuns: 500 },
    );
  });

  it('it is the same in any order and number of edges, and every way shown is one', () => {
    fc.assert(
      fc.property(
        fc
          .array(edge, { maxLength: 20 })
          .chain((edges) =>
            fc.tuple(fc.constant(edges), fc.shuffledSubarray([...edges, ...edges], { minLength: edges.length * 2 })),
          ),
        ([edges, shuffled]) => {
          expect(usersIn(shuffled)).toEqual(usersIn(edges));
          const reach = reachOf(edges);
          for (const userId of usersOf(reach, edges)) {
            const path = [...pathTo(userId, reach), userId];
            expect(pathTo(userId, reachOf(shuffled))).toEqual(pathTo(userId, reach));
            expect(path[0]).toBe(group(0));
            path.slice(1).forEach((to, at) => {
              expect(edges.some(([a, b]) => a === path[at] && b === to)).toBe(true);
            });
          }
        },
      ),
    );
  });
});
