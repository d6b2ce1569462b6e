import { expect, it, onTestFinished } from 'vitest';
import { facts, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

/** What Entra says, and the date in UTC, in Berlin and in New York. */
const dates: ReadonlyArray<readonly [string, string, string, string]> = [
  // Midnight in Berlin, the night before summer time began and the night it did.
  ['2024-03-31T23:00:00Z', '2024-03-31', '2024-04-01', '2024-03-31'],
  ['2024-03-30T23:00:00Z', '2024-03-30', '2024-03-31', '2024-03-30'],
  ['2024-03-31T22:00:00Z', '2024-03-31', '2024-04-01', '2024-03-31'],
  ['2024-03-31T01:00:00Z', '2024-03-31', '2024-03-31', '2024-03-30'],
  // The night it ended.
  ['2024-10-26T22:00:00Z', '2024-10-26', '2024-10-27', '2024-10-26'],
  ['2024-10-27T23:00:00Z', '2024-10-27', '2024-10-28', '2024-10-27'],
  ['2024-01-01T00:00:00Z', '2024-01-01', '2024-01-01', '2023-12-31'],
  ['2024-02-29T12:00:00Z', '2024-02-29', '2024-02-29', '2024-02-29'],
  ['2031-07-01T00:00:00Z', '2031-07-01', '2031-07-01', '2031-06-30'],
  ['1969-12-31T23:30:00Z', '1969-12-31', '1970-01-01', '1969-12-31'],
  ['2024-05-05T10:00:00.1234567Z', '2024-05-05', '2024-05-05', '2024-05-05'],
];

const machines = ['UTC', 'Pacific/Kiritimati', 'America/Los_Angeles', 'Europe/Berlin'];
const zones = ['UTC', 'Europe/Berlin', 'America/New_York'] as const;

/** The machine's own time zone, for the rest of this test. */
const setMachineZone = (zone: string): void => {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  onTestFinished(() => {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  });
};

it.each(machines.flatMap((machine) => zones.map((zone) => [machine, zone] as const)))(
  'FC-57 on a machine in %s, dates of a company in %s are those of the company',
  async (machine, hireDateTimeZone) => {
    setMachineZone(machine);
    expect(new Date(Date.UTC(2024, 0, 1)).getHours()).toBe(
      { UTC: 0, 'Pacific/Kiritimati': 14, 'America/Los_Angeles': 16, 'Europe/Berlin': 1 }[machine],
    );
    const stage = await openStage({ graph: calm, storage: 'memory', preferences: { hireDateTimeZone } });
    const people = dates.map(([employeeHireDate], n) => stage.hire(`Crew Member${n}`, { employeeHireDate }));
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: dates.length } });
    const column = 1 + zones.indexOf(hireDateTimeZone);
    expect(people.map((id) => stage.account(id).hireDate)).toEqual(dates.map((row) => row[column]));
  },
);

it('FC-57 the smallest date means that there is none, and so it clears', async () => {
  const stage = await openStage({ graph: calm });
  const [ann, bea] = [
    stage.hire('Ann Lee', { employeeHireDate: '0001-01-01T00:00:00Z' }),
    stage.hire('Bea Boss', { employeeHireDate: '2024-03-01T00:00:00Z' }),
  ];
  await stage.sync();
  expect(stage.account(ann).hireDate).toBeNull();
  stage.directory.updateUser(bea, { employeeHireDate: '0001-01-01T00:00:00Z' });
  const report = await stage.sync();
  expect(facts(report)).toEqual({ HireDateChanged: 1, CommandSucceeded: 1 });
  expect((await stage.events('HireDateChanged'))[0]?.data).toMatchObject({ to: null });
  expect(stage.account(bea).hireDate).toBeNull();
  expect((await stage.sync()).events).toEqual({});
});

it.each([
  ['clear', null],
  ['keep', '2024-03-01'],
])('FC-57 a date that is removed later: blanks %s', async (blanks, shown) => {
  const stage = await openStage({ graph: calm, preferences: { blanks } });
  const ann = stage.hire('Ann Lee', { employeeHireDate: '2024-03-01T00:00:00Z' });
  await stage.sync();
  stage.directory.updateUser(ann, { employeeHireDate: null });
  expect((await stage.sync()).exitCode).toBe(0);
  expect(stage.account(ann).hireDate).toBe(shown);
});

it('FC-57 the same day told at another hour is no command', async () => {
  const stage = await openStage({ graph: calm });
  const ann = stage.hire('Ann Lee', { employeeHireDate: '2024-03-01T00:00:00Z' });
  await stage.sync();
  stage.directory.updateUser(ann, { employeeHireDate: '2024-03-01T08:00:00Z' });
  const report = await stage.sync();
  expect(facts(report)).toEqual({ HireDateChanged: 1 });
  expect(report.commands).toEqual({});
});

it('FC-57 what is no date is left alone and reported; the date that stands is not taken away', async () => {
  const stage = await openStage({ graph: calm });
  const ann = stage.hire('Ann Lee', { employeeHireDate: '2024-03-01T00:00:00Z', jobTitle: 'Engineer' });
  await stage.sync();
  stage.directory.updateUser(ann, { employeeHireDate: '2024-02-30T00:00:00Z', jobTitle: 'Architect' });
  const report = await stage.sync();
  expect(succeeded(report)).toEqual({ UpdateProfile: 1 });
  expect(stage.account(ann)).toMatchObject({ hireDate: '2024-03-01', jobTitle: 'Architect' });
  expect(report).toMatchObject({
    exitCode: 0,
    notes: [{ userId: ann, kind: 'unusable-hire-date', reason: 'hireDate' }],
  });
});
