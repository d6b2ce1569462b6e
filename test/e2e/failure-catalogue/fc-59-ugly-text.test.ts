import { expect, it } from 'vitest';
import { notesOfPeople, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

/** What Entra passes on, and what an account shows. */
const ugly: Readonly<Record<string, readonly [string, string]>> = {
  'line breaks': ['Head\r\nof\u2028Sales\u0085now', 'Head of Sales now'],
  NUL: ['Eng\u0000ineer', 'Engineer'],
  'other controls': ['\u0007Eng\u001bineer\u009f', 'Engineer'],
  'a lone surrogate in front': ['\ud83dEngineer', 'Engineer'],
  'a lone surrogate at the end': ['Engineer\ude00', 'Engineer'],
  'bidi controls': ['\u202eEngineer\u202c \u2066now\u2069', 'Engineer now'],
  emoji: ['👩🏽‍🚀 Pilot', '👩🏽‍🚀 Pilot'],
  markup: ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  'a formula': ['=HYPERLINK("http://evil.example","x")', '=HYPERLINK("http://evil.example","x")'],
  'a key of every object': ['__proto__', '__proto__'],
  'a method of every object': ['constructor', 'constructor'],
};

it.each(Object.keys(ugly))('FC-59 %s as title, department and custom field hurts nobody and nothing', async (what) => {
  const [said = '', shown = ''] = ugly[what] ?? [];
  const stage = await openStage({
    graph: calm,
    learnAmp: { customFields: [{ name: 'City' }] },
    preferences: { customFields: { city: 'City' } },
  });
  const texts = { jobTitle: said, department: said, officeLocation: said, city: said };
  const ann = stage.hire('Ann Lee', texts);
  stage.crew(2, { department: 'Sales' });
  const report = await stage.sync();
  expect(report).toMatchObject({ exitCode: 0, attention: [], people: { linked: 3 } });
  expect(stage.account(ann)).toMatchObject({
    jobTitle: shown,
    department: shown,
    location: shown,
    customFields: { City: shown },
  });
  expect(stage.teamOf(ann)).toBe(shown);
  expect(Object.prototype).not.toHaveProperty('jobTitle');
  // Stored as said, but for what is no Unicode and for NUL, which many a reader ends at; one event is one line.
  const [joined] = (await stage.events('UserJoinedGroup')).filter(
    ({ data }) => (data as { readonly userId: string }).userId === ann,
  );
  const line = JSON.stringify(joined);
  expect(line).toContain(
    JSON.stringify(said.replace(/\p{Surrogate}/gu, '\ufffd').replaceAll('\u0000', '')).slice(1, -1),
  );
  expect(line).not.toContain('\n');
  // Told again, it is the same: by a polled round, by a full one, and in a new process.
  stage.newWrites();
  expect((await stage.sync()).events).toEqual({});
  await stage.reopen();
  const full = await stage.sync({ full: true });
  expect(full.commands).toEqual({});
  expect(Object.keys(full.events).filter((type) => /Changed|Joined|Left|Ensured/.test(type))).toEqual([]);
  expect(stage.newWrites()).toEqual([]);
});

it('FC-59 a text that is too long is cut between code points, and the cut is reported while it stands', async () => {
  const stage = await openStage({ graph: calm });
  const ann = stage.hire('Ann Lee', {
    jobTitle: '😀'.repeat(300),
    department: 'x'.repeat(300),
    officeLocation: 'y'.repeat(255),
  });
  const report = await stage.sync();
  expect(report.exitCode).toBe(0);
  expect(stage.account(ann).jobTitle).toBe('😀'.repeat(255));
  expect(stage.account(ann)).toMatchObject({ department: 'x'.repeat(255), location: 'y'.repeat(255) });
  expect(stage.teamOf(ann)).toBe('x'.repeat(255));
  const notes = [
    { userId: ann, kind: 'shortened', reason: 'department' },
    { userId: ann, kind: 'shortened', reason: 'jobTitle' },
    { userId: ann, kind: 'shortened', reason: 'primaryTeam' },
  ];
  const byReason = [...(notesOfPeople(report) ?? [])].sort((a, b) => (a.reason < b.reason ? -1 : 1));
  expect(byReason).toEqual(notes);
  expect(await stage.sync()).toMatchObject({ events: {}, notes: notesOfPeople(report) });
  stage.directory.updateUser(ann, { jobTitle: 'Engineer', department: 'Sales' });
  expect(await stage.sync()).not.toHaveProperty('notes');
});

it('FC-59 names that are ugly are cleaned too; one that is nothing but controls counts as missing', async () => {
  const stage = await openStage({ graph: calm });
  const ann = stage.hire('Some One', { displayName: 'Ann\u0000 Lee', givenName: 'An\u202en', surname: '\u0007' });
  expect(succeeded(await stage.sync())).toMatchObject({ CreateUser: 1 });
  expect(stage.account(ann)).toMatchObject({ firstName: 'Ann', lastName: 'Lee' });
});

it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'FC-59 a department called %s is a team like any other',
  async (department) => {
    const stage = await openStage({ graph: calm });
    const crew = stage.crew(3, { department });
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, attention: [] });
    expect(succeeded(report)).toMatchObject({ EnsureTeam: 1, SetPrimaryTeam: 3 });
    for (const id of crew) expect(stage.teamOf(id)).toBe(department);
    stage.crew(1, { department });
    expect(succeeded(await stage.sync())).not.toHaveProperty('EnsureTeam');
    expect(stage.learnAmp.teams()).toHaveLength(1);
  },
);
