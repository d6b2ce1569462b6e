import { afterEach, describe, expect, it } from 'vitest';
import { type Random, randomFrom } from '../random.js';
import { type Simulator, type SimulatorOptions, startSimulator } from '../simulator.js';

const open: Simulator[] = [];
const start = async (options: SimulatorOptions): Promise<Simulator> => {
  const simulator = await startSimulator(options);
  open.push(simulator);
  return simulator;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((simulator) => simulator.close()));
});

type Json = Record<string, unknown>;
const anyText: unknown = expect.any(String);
type Page = { value: Json[]; '@odata.nextLink'?: string; '@odata.deltaLink'?: string };
type Mirror = {
  users: Map<string, { values: Json; manager: string | undefined; gone: boolean }>;
  groups: Map<string, { members: Set<string>; gone: boolean }>;
};

const get = async (simulator: Simulator, url: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { headers: { authorization: `Bearer ${simulator.graphToken()}`, ...headers } });

const select = 'id,displayName,userPrincipalName,department,jobTitle,officeLocation,accountEnabled,manager';
const usersStart = (simulator: Simulator): string => `${simulator.graphUrl}/users/delta?$select=${select}`;
const groupsStart = (simulator: Simulator): string =>
  `${simulator.graphUrl}/groups/delta?$select=displayName,description,members`;

/** Follows links blindly, one page after the other, and gives every page to `see`. Returns the deltaLink. */
const follow = async (simulator: Simulator, from: string, see: (page: Page) => void): Promise<string> => {
  for (let url = from; ;) {
    const response = await get(simulator, url);
    expect(response.status).toBe(200);
    const page = (await response.json()) as Page;
    see(page);
    const { '@odata.nextLink': next, '@odata.deltaLink': end } = page;
    expect([next, end].filter((link) => link !== undefined)).toHaveLength(1);
    if (end !== undefined) return end;
    url = next!;
  }
};

const applyUsers =
  (mirror: Mirror, full: boolean) =>
  ({ value }: Page): void => {
    for (const entry of value) {
      const id = entry['id'] as string;
      const known = mirror.users.get(id) ?? { values: {}, manager: undefined, gone: false };
      mirror.users.set(id, known);
      if ('@removed' in entry) {
        known.gone = true;
        continue;
      }
      known.gone = false;
      for (const name of select.split(',')) {
        if (name in entry) known.values[name] = entry[name] ?? undefined;
        else if (full) known.values[name] = undefined;
      }
      for (const edge of (entry['manager@delta'] ?? []) as Json[]) {
        if (!('@removed' in edge)) known.manager = edge['id'] as string;
        else if (known.manager === edge['id']) known.manager = undefined;
      }
    }
  };

const applyGroups =
  (mirror: Mirror) =>
  ({ value }: Page): void => {
    for (const entry of value) {
      const id = entry['id'] as string;
      const known = mirror.groups.get(id) ?? { members: new Set<string>(), gone: false };
      mirror.groups.set(id, known);
      known.gone = '@removed' in entry;
      for (const edge of (entry['members@delta'] ?? []) as Json[]) {
        if ('@removed' in edge) known.members.delete(edge['id'] as string);
        else known.members.add(edge['id'] as string);
      }
    }
  };

const seenUsers = (mirror: Mirror): Json[] =>
  [...mirror.users]
    .filter(([, user]) => !user.gone)
    .map(([id, { values, manager }]) => ({
      ...Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
      id,
      manager,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

const trueUsers = ({ directory }: Simulator): Json[] =>
  directory
    .users()
    .map(({ id, properties, managerId }) => ({
      ...Object.fromEntries(
        Object.entries(properties).filter(
          ([name, value]) => select.split(',').includes(name) && (value as unknown) !== null,
        ),
      ),
      id,
      manager: managerId,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

/** Members of a kind that can vanish without a word (purged, in the recycle bin) are compared only while they live. */
const seenMembers = (simulator: Simulator, mirror: Mirror): Json =>
  Object.fromEntries(
    [...mirror.groups]
      .filter(([, { gone }]) => !gone)
      .map(([id, { members }]) => [
        id,
        [...members].filter((member) => simulator.directory.find(member)?.presence === 'live').sort(),
      ]),
  );
const trueMembers = ({ directory }: Simulator): Json =>
  Object.fromEntries(
    directory
      .groups()
      .map(({ id, memberIds }) => [
        id,
        [...memberIds].filter((member) => directory.find(member)?.presence === 'live').sort(),
      ]),
  );

const any = <T>(random: Random, items: ReadonlyArray<T>): T => items[random.integer(0, items.length - 1)]!;

/** One edit by chance. */
const edit = ({ directory, company }: Simulator, random: Random): void => {
  const user = (): string => any(random, directory.users()).id;
  const group = (): string => any(random, directory.groups()).id;
  const text = (): string | null => (random.chance(0.3) ? null : `text ${random.integer(1, 5)}`);
  const edits: ReadonlyArray<() => void> = [
    () => directory.updateUser(user(), { department: text(), jobTitle: text() }),
    () => directory.updateUser(user(), { officeLocation: text() }),
    () => directory.setAccountEnabled(user(), random.chance(0.5)),
    () => directory.setManager(user(), user()),
    () => directory.clearManager(user()),
    () => directory.addMember(group(), random.chance(0.8) ? user() : group()),
    () => {
      const { id, memberIds } = directory.group(group());
      const live = [...memberIds].filter((member) => directory.find(member)?.presence === 'live');
      if (live.length > 0) directory.removeMember(id, any(random, live));
    },
    () => {
      const added = directory.addUser({
        displayName: 'Somebody new',
        userPrincipalName: `new${random.integer(1, 1_000_000_000)}@${company.domain}`,
      });
      directory.setManager(added, user());
      directory.addMember(group(), added);
    },
    () => directory.deleteUser(user()),
    () => {
      const deleted = directory.deletedUsers();
      if (deleted.length > 0) directory.restoreUser(any(random, deleted).id);
    },
    () => {
      const deleted = directory.deletedUsers();
      // A purged manager leaves the reports' edges without a word; nobody's manager is taken here.
      const plain = deleted.filter(({ id }) => !directory.everyUser().some(({ managerId }) => managerId === id));
      if (plain.length > 0) directory.purgeUser(any(random, plain).id);
    },
    () => directory.emptyGroup(group()),
    () => {
      const id = group();
      if (id !== directory.scopeGroupId) directory.deleteGroup(id);
    },
    () => {
      const deleted = directory.deletedGroups();
      if (deleted.length > 0) directory.restoreGroup(any(random, deleted).id);
    },
    () => directory.updateGroup(group(), { description: text() }),
  ];
  any(random, edits)();
};

describe('delta rounds', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'a client that only follows links holds the directory after each quiet moment (seed %i)',
    async (seed) => {
      const simulator = await start({ seed, company: { people: 25, cycle: seed % 2 === 0 } });
      const random = randomFrom(seed, 'edits');
      const mirror: Mirror = { users: new Map(), groups: new Map() };
      // People deleted before the first read are unknown memberships afterwards; the first read sees nobody deleted.
      let users = await follow(simulator, usersStart(simulator), applyUsers(mirror, true));
      let groups = await follow(simulator, groupsStart(simulator), applyGroups(mirror));
      expect(seenUsers(mirror)).toEqual(trueUsers(simulator));
      expect(seenMembers(simulator, mirror)).toEqual(trueMembers(simulator));
      for (let round = 0; round < 8; round += 1) {
        for (let count = random.integer(1, 12); count > 0; count -= 1) edit(simulator, random);
        // Edits fall between the pages as well; the round after them brings what this one missed.
        const during = (): void => {
          if (random.chance(0.1)) edit(simulator, random);
        };
        users = await follow(simulator, users, (page) => {
          applyUsers(mirror, false)(page);
          during();
        });
        groups = await follow(simulator, groups, (page) => {
          applyGroups(mirror)(page);
          during();
        });
        users = await follow(simulator, users, applyUsers(mirror, false));
        groups = await follow(simulator, groups, applyGroups(mirror));
        expect(seenUsers(mirror)).toEqual(trueUsers(simulator));
        expect(seenMembers(simulator, mirror)).toEqual(trueMembers(simulator));
      }
    },
  );

  it('the same seed serves the same pages in the same order, whatever else is asked in between', async () => {
    const pagesOf = async (disturbed: boolean): Promise<string[]> => {
      const simulator = await start({ seed: 7, company: { people: 60 } });
      if (disturbed) await follow(simulator, groupsStart(simulator), () => undefined);
      const pages: string[] = [];
      await follow(simulator, usersStart(simulator), ({ value }) => pages.push(JSON.stringify(value)));
      return pages;
    };
    expect(await pagesOf(false)).toEqual(await pagesOf(true));
  });

  it('a quiet round is one empty page with another deltaLink', async () => {
    const simulator = await start({ seed: 3, company: { people: 10 } });
    const first = await follow(simulator, usersStart(simulator), () => undefined);
    const pages: Page[] = [];
    const second = await follow(simulator, first, (page) => pages.push(page));
    expect(pages).toHaveLength(1);
    expect(pages[0]?.value).toEqual([]);
    expect(second).not.toBe(first);
  });

  it('over many seeds the server uses every freedom it has', async () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 30; seed += 1) {
      const simulator = await start({ seed, company: { people: 30 } });
      simulator.directory.deleteUser(simulator.company.outsiders[0]!);
      const groups = new Map<string, number[]>();
      let number = 0;
      const ids: string[] = [];
      await follow(simulator, usersStart(simulator), ({ value, '@odata.nextLink': next }) => {
        if (value.length === 0 && next !== undefined) seen.add('empty page with a nextLink');
        if (value.length === 1) seen.add('page of one object');
        if (value.some((entry) => '@removed' in entry)) seen.add('@removed in the first round');
        if (next?.includes('microsoft.graph.delta') === true) seen.add('long name');
        if (next?.includes('$skipToken') === true) seen.add('other casing');
        ids.push(...value.map(({ id }) => id as string));
      });
      if (new Set(ids).size < ids.length) seen.add('duplicate');
      await follow(simulator, groupsStart(simulator), ({ value }) => {
        number += 1;
        for (const { id } of value) groups.set(id as string, [...(groups.get(id as string) ?? []), number]);
      });
      for (const pages of groups.values()) {
        if (pages.length > 1 && pages.at(-1)! - pages[0]! > pages.length - 1) seen.add('slices with others in between');
      }
    }
    expect([...seen].sort()).toEqual([
      '@removed in the first round',
      'duplicate',
      'empty page with a nextLink',
      'long name',
      'other casing',
      'page of one object',
      'slices with others in between',
    ]);
  });
});

describe('what a delta round says', () => {
  const entryOf = async (simulator: Simulator, link: string, id: string): Promise<Json[]> => {
    const found: Json[] = [];
    await follow(simulator, link, ({ value }) => found.push(...value.filter((entry) => entry['id'] === id)));
    return found;
  };

  it('a value cleared is null, one never set is absent, one unchanged is repeated', async () => {
    const simulator = await start({ seed: 1, company: { people: 5 }, graph: { duplicates: false, replays: false } });
    const id = simulator.directory.addUser({
      displayName: 'Ann',
      userPrincipalName: 'ann@fabrikam.example',
      jobTitle: 'Chief',
      department: 'Sales',
    });
    const link = await follow(simulator, usersStart(simulator), () => undefined);
    simulator.directory.updateUser(id, { jobTitle: null });
    const [entry, ...more] = await entryOf(simulator, link, id);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ jobTitle: null, department: 'Sales' });
    expect(entry).not.toHaveProperty('officeLocation');
    expect(entry).not.toHaveProperty('manager@delta');
  });

  it('a change of a property that was not selected does not surface', async () => {
    const simulator = await start({ seed: 1, company: { people: 5 } });
    const link = await follow(simulator, usersStart(simulator), () => undefined);
    simulator.directory.updateUser(simulator.company.people[0]!, { employeeId: '42' });
    simulator.directory.setPhoto(simulator.company.people[0]!);
    const pages: Page[] = [];
    await follow(simulator, link, (page) => pages.push(page));
    expect(pages.flatMap(({ value }) => value)).toEqual([]);
  });

  it('a soft-deleted user is @removed changed, keeps its groups and is no removed member; a purge says deleted', async () => {
    const simulator = await start({ seed: 4, company: { people: 12 }, graph: { replays: false, duplicates: false } });
    const [, id = ''] = simulator.company.people;
    const users = await follow(simulator, usersStart(simulator), () => undefined);
    const groups = await follow(simulator, groupsStart(simulator), () => undefined);
    simulator.directory.deleteUser(id);
    const pages: Page[] = [];
    await follow(simulator, groups, (page) => pages.push(page));
    expect(pages.flatMap(({ value }) => value)).toEqual([]);
    expect(await entryOf(simulator, users, id)).toEqual([{ id, '@removed': { reason: 'changed' } }]);
    expect([...simulator.directory.reachableUsers()]).not.toContain(id);
    const fresh: Json[] = [];
    await follow(simulator, groupsStart(simulator), ({ value }) => fresh.push(...value));
    expect(JSON.stringify(fresh)).not.toContain(id);
    simulator.directory.purgeUser(id);
    expect(await entryOf(simulator, users, id)).toEqual([{ id, '@removed': { reason: 'deleted' } }]);
  });

  it('a member who left a group is removed with the reason deleted, and a new manager comes as an array', async () => {
    const simulator = await start({ seed: 5, company: { people: 12 }, graph: { replays: false, duplicates: false } });
    const { directory, company } = simulator;
    const users = await follow(simulator, usersStart(simulator), () => undefined);
    const groups = await follow(simulator, groupsStart(simulator), () => undefined);
    const [boss = '', id = ''] = company.people;
    directory.removeMember(company.groups.everybody, id);
    directory.clearManager(id);
    const [group] = await entryOf(simulator, groups, company.groups.everybody);
    expect(group?.['members@delta']).toEqual([
      { '@odata.type': '#microsoft.graph.user', id, '@removed': { reason: 'deleted' } },
    ]);
    const [user] = await entryOf(simulator, users, id);
    expect(user?.['manager@delta']).toEqual([
      { '@odata.type': '#microsoft.graph.user', id: boss, '@removed': { reason: 'deleted' } },
    ]);
  });

  it('$deltatoken=latest gives a link and nobody; what changes afterwards comes with the properties selected then', async () => {
    const simulator = await start({ seed: 6, company: { people: 8 }, graph: { duplicates: false } });
    const pages: Page[] = [];
    const link = await follow(
      simulator,
      `${simulator.graphUrl}/users/delta?$deltatoken=latest&$select=id,department`,
      (page) => pages.push(page),
    );
    expect(pages.map(({ value }) => value)).toEqual([[]]);
    const [id = ''] = simulator.company.people;
    simulator.directory.updateUser(id, { jobTitle: 'Other', department: 'Legal' });
    expect(await entryOf(simulator, link, id)).toEqual([{ department: 'Legal', id }]);
  });

  it('Prefer: return=minimal leaves out what did not change', async () => {
    const simulator = await start({ seed: 6, company: { people: 8 }, graph: { duplicates: false } });
    const { directory, company } = simulator;
    const response = await get(simulator, `${simulator.graphUrl}/users/delta?$deltatoken=latest`, {
      prefer: 'return=minimal',
    });
    const { '@odata.deltaLink': link = '' } = (await response.json()) as Page;
    const [id = ''] = company.people;
    directory.updateUser(id, { jobTitle: 'Other' });
    expect(await entryOf(simulator, link, id)).toEqual([{ jobTitle: 'Other', id }]);
  });

  it('a filter takes fifty ids and not fifty-one', async () => {
    const simulator = await start({ seed: 2, company: { people: 60 } });
    const url = (count: number): string => {
      const filter = simulator.company.people.slice(0, count).map((id) => `id eq '${id}'`);
      return `${simulator.graphUrl}/users/delta?$select=id&$filter=${encodeURIComponent(filter.join(' or '))}`;
    };
    const ids = new Set<unknown>();
    await follow(simulator, url(50), ({ value }) => value.forEach(({ id }) => ids.add(id)));
    expect(ids).toEqual(new Set(simulator.company.people.slice(0, 50)));
    expect((await get(simulator, url(51))).status).toBe(400);
  });

  it.each(['$orderby=displayName', '$expand=manager', '$search=x', '$select=nonsense'])(
    'refuses %s',
    async (option) => {
      const simulator = await start({ seed: 2, company: { people: 5 } });
      const response = await get(simulator, `${simulator.graphUrl}/users/delta?${option}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        error: {
          code: anyText,
          message: anyText,
          innerError: { 'request-id': anyText },
        },
      });
    },
  );

  it('ignores $top, and says 501 for what is kept outside the store', async () => {
    const simulator = await start({ seed: 2, company: { people: 5 } });
    expect((await get(simulator, `${simulator.graphUrl}/users/delta?$top=1`)).status).toBe(200);
    expect((await get(simulator, `${simulator.graphUrl}/users/delta?$select=skills`)).status).toBe(501);
  });

  it('without permission members are bare ids with nulls, and user reads are 403', async () => {
    const simulator = await start({ seed: 2, company: { people: 8 } });
    simulator.directory.withdraw('users');
    const [id = ''] = simulator.company.people;
    expect((await get(simulator, `${simulator.graphUrl}/users/${id}`)).status).toBe(403);
    const response = await get(
      simulator,
      `${simulator.graphUrl}/groups/${simulator.company.groups.everybody}/members?$select=id,userPrincipalName`,
    );
    const { value } = (await response.json()) as Page;
    expect(value[0]).toEqual({
      '@odata.type': '#microsoft.graph.user',
      id: anyText,
      userPrincipalName: null,
    });
  });
});

describe('dead tokens', () => {
  it.each([
    ['syncStateNotFound', 400],
    ['SyncStateNotFound', 400],
    ['gone', 410],
    ['gone-empty', 410],
    ['resyncRequired', 410],
  ] as const)('%s is %i, and a Location leads to a whole round with the same selection', async (expiry, status) => {
    const simulator = await start({ seed: 9, company: { people: 8 }, graph: { removedInFirstRound: false } });
    const link = await follow(simulator, usersStart(simulator), () => undefined);
    simulator.expireDeltaTokens(expiry);
    const response = await get(simulator, link);
    expect(response.status).toBe(status);
    const location = response.headers.get('location');
    expect(location === null).toBe(status === 400);
    if (location === null) return;
    const mirror: Mirror = { users: new Map(), groups: new Map() };
    await follow(simulator, location, applyUsers(mirror, true));
    expect(seenUsers(mirror)).toEqual(trueUsers(simulator));
  });

  it('a delta token dies after seven days', async () => {
    const simulator = await start({ seed: 9, company: { people: 8 } });
    const link = await follow(simulator, usersStart(simulator), () => undefined);
    simulator.advanceClock(6.9 * 86_400_000);
    expect((await get(simulator, link)).status).toBe(200);
    simulator.advanceClock(0.2 * 86_400_000);
    const response = await get(simulator, link);
    expect(await response.json()).toMatchObject({ error: { code: 'syncStateNotFound' } });
  });

  it('a page token that aged is a 400 of its own', async () => {
    const simulator = await start({ seed: 9, company: { people: 30 }, graph: { pageSize: { min: 5, max: 5 } } });
    const first = (await (await get(simulator, usersStart(simulator))).json()) as Page;
    simulator.expirePageTokens();
    const response = await get(simulator, first['@odata.nextLink']!);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'Directory_ExpiredPageToken' } });
  });

  it('a page asked for twice is the same page', async () => {
    const simulator = await start({ seed: 9, company: { people: 30 }, graph: { pageSize: { min: 5, max: 5 } } });
    const first = (await (await get(simulator, usersStart(simulator))).json()) as Page;
    const again = async (): Promise<unknown> => (await get(simulator, first['@odata.nextLink']!)).json();
    expect(await again()).toEqual(await again());
  });
});
