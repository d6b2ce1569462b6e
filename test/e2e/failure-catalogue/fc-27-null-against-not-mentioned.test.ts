import { randomFrom } from '@learnamp/directory-sync-simulator';
import { expect, it } from 'vitest';
import { facts, succeeded } from '../../support/report.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

type Entry = Readonly<Record<string, unknown>> & { readonly id: string };
type Body = { readonly value: ReadonlyArray<Entry> };

const whole = {
  jobTitle: 'Engineer',
  department: 'Sales',
  officeLocation: 'Lisbon',
  preferredLanguage: 'pt-PT',
  employeeHireDate: '2020-03-01T00:00:00Z',
};

const rewriteUsers = (stage: Stage, change: (entry: Entry) => Entry) =>
  stage.simulator.faults.add({
    system: 'graph',
    path: /\/users\/.*delta/,
    action: {
      rewrite: (response) => {
        const body = response.body as Body;
        return { ...response, body: { ...body, value: body.value.map(change) } };
      },
    },
  });

it('FC-27 an entry that speaks of the department alone changes the department alone', async () => {
  const stage = await openStage({ graph: calm });
  const ann = stage.hire('Ann Lee', whole);
  const boss = stage.hire('Bea Boss');
  stage.directory.setManager(ann, boss);
  await stage.sync();
  const before = stage.account(ann);
  const minimal = rewriteUsers(stage, ({ id, department }) => ({ id, department }));
  stage.directory.updateUser(ann, { department: 'Research' });
  const report = await stage.sync();
  expect(minimal.hits()).toBeGreaterThan(0);
  expect(facts(report)).toMatchObject({ DepartmentChanged: 1 });
  expect(succeeded(report)).toEqual({ EnsureTeam: 1, UpdateProfile: 1, SetPrimaryTeam: 1 });
  const after = stage.account(ann);
  expect(after).toEqual({
    ...before,
    department: 'Research',
    primaryTeamId: after.primaryTeamId,
    updatedAt: after.updatedAt,
  });
});

it('FC-27 an explicit null clears, and so it does beside values that are not mentioned', async () => {
  const stage = await openStage({ graph: calm });
  const ann = stage.hire('Ann Lee', whole);
  await stage.sync();
  rewriteUsers(stage, ({ id, jobTitle }) => ({ id, jobTitle }));
  stage.directory.updateUser(ann, { jobTitle: null });
  const report = await stage.sync();
  expect(facts(report)).toEqual({ JobTitleChanged: 1, CommandSucceeded: 1 });
  expect(stage.account(ann)).toMatchObject({
    jobTitle: null,
    department: 'Sales',
    location: 'Lisbon',
    language: 'pt-PT',
  });
});

it('FC-27 a null where the directory never had a value says nothing new', async () => {
  const stage = await openStage({ graph: calm });
  const ann = stage.hire('Ann Lee', { jobTitle: 'Engineer' });
  await stage.sync();
  stage.learnAmp.updateAccount(stage.account(ann).id, { location: 'Typed by hand' });
  rewriteUsers(stage, (entry) => ({ ...entry, officeLocation: null, department: null, employeeHireDate: null }));
  stage.directory.updateUser(ann, { jobTitle: 'Architect' });
  const report = await stage.sync();
  expect(facts(report)).toEqual({ JobTitleChanged: 1, CommandSucceeded: 1 });
  expect(stage.account(ann)).toMatchObject({ jobTitle: 'Architect', location: 'Typed by hand' });
});

it.each([1, 2, 3])('FC-27 dropping any keys of any entries never clears anything (seed %i)', async (seed) => {
  const stage = await openStage({ seed, storage: 'memory' });
  const random = randomFrom(seed, 'dropped keys');
  const crew = stage.crew(8, whole);
  await stage.sync();
  rewriteUsers(stage, ({ id, ...entry }) => ({
    ...Object.fromEntries(Object.entries(entry).filter(() => random.chance(0.5))),
    id,
  }));
  for (let round = 0; round < 4; round += 1) {
    for (const id of crew)
      if (random.chance(0.6))
        stage.directory.updateUser(id, { jobTitle: `Title ${round}`, officeLocation: `Room ${round}` });
    expect((await stage.sync()).exitCode).toBe(0);
    for (const id of crew) {
      const account = stage.account(id);
      expect(account).toMatchObject({ department: 'Sales', language: 'pt-PT', hireDate: '2020-03-01' });
      expect(account.jobTitle).not.toBeNull();
      expect(account.location).not.toBeNull();
      expect(stage.teamOf(id)).toBe('Sales');
    }
  }
});
