import { expect, it } from 'vitest';
import { facts } from '../../support/report.js';
import { openStage } from '../../support/stage.js';

type Entry = Readonly<Record<string, unknown>>;
type Body = { readonly value: ReadonlyArray<Entry> };

it('FC-17 one group over many pages of one slice each, in any order and without its own properties, is read whole', async () => {
  const stage = await openStage({
    graph: { pageSize: { min: 1, max: 1 }, sliceSize: { min: 1, max: 3 } },
    company: { people: 60, outsiders: 120, existingAccounts: 0, photos: 0 },
  });
  const { simulator, directory } = stage;
  const bare = simulator.faults.add({
    system: 'graph',
    path: /\/groups\/.*delta/,
    every: 2,
    action: {
      rewrite: (response) => {
        const body = response.body as Body;
        const value = body.value.map(({ id, ...entry }) =>
          entry['members@delta'] === undefined ? { id } : { id, 'members@delta': entry['members@delta'] },
        );
        return { ...response, body: { ...body, value } };
      },
    },
  });
  const report = await stage.sync();
  expect(bare.hits()).toBeGreaterThan(10);
  expect(report).toMatchObject({ exitCode: 0, people: { inScope: 60, linked: 60 } });
  expect(directory.reachableUsers().size).toBe(60);
  expect(facts(report)).toMatchObject({ UserJoinedGroup: 60 });
  expect(facts(report)).not.toHaveProperty('GroupMemberRemoved');
  const pages = simulator.requests.count({ system: 'graph', path: /\/groups\/.*delta/ });
  expect(pages).toBeGreaterThan(20);

  // A later slice never replaces an earlier one: a change on one page leaves the others as they are.
  const [ann = ''] = simulator.company.people.slice(-1);
  for (const group of directory.groups()) if (group.memberIds.has(ann)) directory.removeMember(group.id, ann);
  const after = await stage.sync();
  expect(after.people).toMatchObject({ inScope: 59 });
  expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 0, people: { inScope: 59 } });
  expect(stage.learnAmp.deactivations()).toHaveLength(1);
});

/** 100,000 in the release lane. */
const MEMBERS = Number(process.env['MEMBERS'] ?? 600);

it(
  `FC-17 a group of ${MEMBERS} people, in slices of any size on pages of any size, is read whole, and one who leaves is one who leaves`,
  async () => {
    const stage = await openStage({
      // Six slices at least, of which a page holds five at most.
      graph: { pageSize: { min: 1, max: 5 }, sliceSize: { min: 1, max: 100 } },
      accessLog: 'off',
    });
    const { simulator } = stage;
    const crew = stage.crew(MEMBERS);
    // Up to the moment when somebody is asked whether it may be sent: that is all there is to read.
    const read = (full = false) => stage.engine().sync({ full, confirmFirstSync: () => Promise.resolve(false) });
    const report = await read();
    expect(report).toMatchObject({ error: { code: 'declined' }, people: { inScope: MEMBERS } });
    expect(facts(report)).toMatchObject({ UserJoinedGroup: MEMBERS });
    expect(facts(report)).not.toHaveProperty('GroupMemberRemoved');
    expect(simulator.requests.count({ system: 'graph', path: /\/groups\/.*delta/ })).toBeGreaterThan(1);

    stage.leave(crew.at(-1) ?? '');
    const after = await read();
    expect(after.people.inScope).toBe(MEMBERS - 1);
    expect(facts(after)).toMatchObject({ GroupMemberRemoved: 1, UserLeftGroup: 1 });
    const full = await read(true);
    expect(full.people.inScope).toBe(MEMBERS - 1);
    expect(facts(full)).not.toHaveProperty('UserJoinedGroup');
    expect(facts(full)).not.toHaveProperty('UserLeftGroup');
    expect(stage.newWrites()).toEqual([]);
  },
  60_000 + MEMBERS * 60,
);
