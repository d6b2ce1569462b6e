import { expect, it } from 'vitest';
import { facts, notesOfPeople, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

const folded: ReadonlyArray<readonly [string, string]> = [
  ['en-GB', 'en'],
  ['EN-us', 'en-US'],
  ['en_US', 'en-US'],
  ['en-AU', 'en'],
  ['nb-NO', 'no'],
  ['nn', 'no'],
  ['pt', 'pt-PT'],
  ['pt-AO', 'pt-PT'],
  ['zh-Hant', 'zh-TW'],
  ['zh-Hant-HK', 'zh-TW'],
  ['zh-HK', 'zh-TW'],
  ['zh-Hans-SG', 'zh-CN'],
  ['es-419', 'es-CO'],
  ['de-AT', 'de'],
  [' fr-ca ', 'fr-CA'],
];
const unknown = ['gsw-CH', 'x', 'fi-FI', 'Deutsch', '🙂', 'e\u0000n', 'en; DROP TABLE', '-', 'zz'.repeat(200)];

it('FC-56 languages arrive folded to the codes that Learn Amp takes', async () => {
  const stage = await openStage({ graph: calm });
  const people = folded.map(([preferredLanguage], n) => stage.hire(`Crew Member${n}`, { preferredLanguage }));
  const report = await stage.sync();
  expect(report).toMatchObject({ exitCode: 0, people: { linked: folded.length } });
  expect(notesOfPeople(report)).toEqual([]);
  expect(people.map((id) => stage.account(id).language)).toEqual(folded.map(([, code]) => code));
});

it('FC-56 a language that nothing fits is left out; the person and all other fields arrive, and the report names it once', async () => {
  const stage = await openStage({ graph: calm });
  const people = unknown.map((preferredLanguage, n) =>
    stage.hire(`Crew Member${n}`, { preferredLanguage, jobTitle: 'Engineer', department: 'Sales' }),
  );
  const report = await stage.sync();
  expect(report).toMatchObject({ exitCode: 0, attention: [], people: { linked: unknown.length, parked: 0 } });
  const named = (notesOfPeople(report) ?? []).map(({ userId, kind }) => [userId, kind]);
  expect(named).toHaveLength(new Set(named.map(([userId]) => userId)).size);
  for (const [index, id] of people.entries()) {
    expect(stage.account(id)).toMatchObject({ language: 'en', jobTitle: 'Engineer', department: 'Sales' });
    // A control character is not part of the text: what is left is English.
    if (unknown[index] !== 'e\u0000n') expect(named).toContainEqual([id, 'unmapped-language']);
  }
  stage.newWrites();
  expect(await stage.sync()).toMatchObject({ events: {}, notes: notesOfPeople(report) });
  expect(await stage.sync({ full: true })).toMatchObject({ commands: {} });
  expect(stage.newWrites()).toEqual([]);
});

it('FC-56 a known language that becomes an unknown one stays as it was; other changes of the person go through', async () => {
  const stage = await openStage({ graph: calm });
  const ann = stage.hire('Ann Lee', { preferredLanguage: 'de-DE', jobTitle: 'Engineer' });
  await stage.sync();
  stage.directory.updateUser(ann, { preferredLanguage: 'gsw-CH', jobTitle: 'Architect' });
  const report = await stage.sync();
  expect(facts(report)).toEqual({ PreferredLanguageChanged: 1, JobTitleChanged: 1, CommandSucceeded: 1 });
  expect(succeeded(report)).toEqual({ UpdateProfile: 1 });
  expect(stage.account(ann)).toMatchObject({ language: 'de', jobTitle: 'Architect' });
  // A language is never cleared.
  stage.directory.updateUser(ann, { preferredLanguage: null });
  expect((await stage.sync()).commands).toEqual({});
  expect(stage.account(ann).language).toBe('de');
});
