import type { PeopleSearch, PersonView } from '@learnamp/directory-sync';
import { describe, expect, it } from 'vitest';
import { calm, openStage, type Stage } from '../support/stage.js';

const names = (people: ReadonlyArray<PersonView>) => people.map(({ displayName }) => displayName);

const found = async (stage: Stage, search: PeopleSearch = {}) =>
  names((await stage.engine().searchPeople(search)).people);

const allPages = async (stage: Stage, search: PeopleSearch) => {
  const all: (string | null)[] = [];
  let after: string | undefined;
  do {
    const page = await stage.engine().searchPeople({ ...search, ...(after === undefined ? {} : { after }) });
    all.push(...names(page.people));
    after = page.next ?? undefined;
  } while (after !== undefined);
  return all;
};

const openPeople = async () => {
  const stage = await openStage({ graph: calm });
  const jose = stage.hire('José Ödegaard', { department: 'Sales' });
  const ann = stage.hire('Ann Lee', { department: 'Research' });
  const ben = stage.hire('Ben Lee', { department: 'Sales' });
  await stage.sync();
  return { stage, jose, ann, ben };
};

describe('a search for people', () => {
  it('finds by name, address, team and id, without case or accents, all words together', async () => {
    const { stage, jose, ann } = await openPeople();
    expect(await found(stage)).toEqual(['Ann Lee', 'Ben Lee', 'José Ödegaard']);
    expect(await found(stage, { text: 'jose odeg' })).toEqual(['José Ödegaard']);
    expect(await found(stage, { text: 'LEE sales' })).toEqual(['Ben Lee']);
    expect(await found(stage, { text: 'ann.lee@fabrikam' })).toEqual(['Ann Lee']);
    expect(await found(stage, { text: jose })).toEqual(['José Ödegaard']);
    expect(await found(stage, { text: String(stage.account(ann).id) })).toEqual(['Ann Lee']);
    expect(await found(stage, { text: 'lee nobody' })).toEqual([]);
  });

  it('follows the log: who joins, leaves, is renamed or waits for a decision is found so at once', async () => {
    const { stage, ann, ben } = await openPeople();
    await found(stage);
    stage.directory.updateUser(ann, { displayName: 'Zoe Lee' });
    stage.leave(ben);
    stage.hire('Cas Berg');
    await stage.sync();
    expect(await found(stage, { text: 'lee' })).toEqual(['Ben Lee', 'Zoe Lee']);
    const { byStatus, found: count } = await stage.engine().searchPeople({ statuses: ['active'] });
    expect(count).toBe(3);
    expect(byStatus).toEqual({ active: 3, held: 0, parked: 0, left: 1, waiting: 0 });
    expect(await found(stage, { statuses: ['left'] })).toEqual(['Ben Lee']);
  });

  it('shows page after page everybody once, and people of one name in a steady order', async () => {
    const stage = await openStage({ graph: calm });
    stage.crew(21);
    for (let n = 0; n < 4; n += 1) stage.hire('Ann Lee', { userPrincipalName: `ann${n}@fabrikam.example` });
    await stage.sync();
    const everybody = (await stage.engine().searchPeople({ limit: 200 })).people;
    expect(everybody).toHaveLength(25);
    expect(await allPages(stage, { limit: 2 })).toEqual(names(everybody));
    expect(await allPages(stage, { limit: 3, text: 'ann lee' })).toEqual(Array(4).fill('Ann Lee'));
  });

  it('is recorded with whom it shows, and with nobody where it finds nobody', async () => {
    const { stage, ann } = await openPeople();
    await stage.engine().searchPeople({ text: 'ann lee', by: { actor: 'Eve' } });
    await stage.engine().searchPeople({ text: 'nobody', by: { actor: 'Eve' } });
    const seen = [];
    for await (const { view, userIds, actor } of stage.engine().accesses()) seen.push({ view, userIds, actor });
    expect(seen).toEqual([{ view: 'people', userIds: [ann], actor: 'Eve' }]);
  });
});

describe('activity', () => {
  it('counts by day what the log holds, and goes on from there', async () => {
    const { stage, ann } = await openPeople();
    const first = await stage.engine().activity({ days: 3 });
    expect(first).toHaveLength(3);
    expect(first.at(-1)?.events).toMatchObject({ UserJoinedGroup: 3, UserLinked: 3 });
    stage.directory.updateUser(ann, { jobTitle: 'Writer' });
    await stage.sync();
    const second = await stage.engine().activity({ days: 3 });
    expect(second.at(-1)?.events).toMatchObject({ UserJoinedGroup: 3, JobTitleChanged: 1 });
    const total = second.flatMap(({ events }) => Object.values(events)).reduce((sum, count) => sum + count, 0);
    expect(total).toBe((await stage.events()).length);
    expect(await stage.engine().activity({ days: 30 })).toHaveLength(30);
  });
});

describe('events, newest first', () => {
  it('are the same events the other way round, of everybody and of one person', async () => {
    const { stage, ann } = await openPeople();
    const revisions = async (query: object) => {
      const all: string[] = [];
      for await (const { revision } of stage.engine().events(query)) all.push(revision);
      return all;
    };
    expect(await revisions({ order: 'newest-first' })).toEqual((await revisions({})).reverse());
    const one = { userIds: [ann] };
    expect(await revisions({ ...one, order: 'newest-first' })).toEqual((await revisions(one)).reverse());
    expect(await revisions({ order: 'newest-first', from: 5n, to: 2n })).toEqual(['5', '4', '3', '2']);
  });
});
