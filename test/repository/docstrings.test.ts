import { expect, test } from 'vitest';
import { declarationsOf, exportsOf, isTold, membersOf } from './declarations.js';
import { packages } from './tree.js';

/** The sources of every entry of the two packages that a host imports. */
const faces = packages()
  .filter(({ folder }) => ['engine', 'console'].includes(folder))
  .flatMap(({ folder, json }) =>
    Object.values(json.exports ?? {}).flatMap((targets) => {
      const source = targets['directory-sync-source'];
      return source?.endsWith('.ts') === true ? [`packages/${folder}/${source.slice(2)}`] : [];
    }),
  );

const exported = faces.flatMap((face) => exportsOf(face).map((name) => [name, declarationsOf(face, name)] as const));

test('every export of the packages says what it is', () => {
  expect(exported.length).toBeGreaterThan(250);
  expect(exported.filter(([, declared]) => declared.length === 0).map(([name]) => name)).toEqual([]);
  expect(exported.filter(([, declared]) => !declared.some(isTold)).map(([name]) => name)).toEqual([]);
});

/** What a host implements, calls or fills in: here every member has a sentence, too. */
const withMembers = [
  ['DirectorySync', 'DirectorySyncOptions', 'SyncOptions', 'SyncReport', 'Status', 'EventsQuery', 'PersonView'],
  ['SyncEngine', 'SyncEngineOptions', 'ConnectionOptions', 'Schedule', 'LearnAmpPort', 'Avatars', 'Preferences'],
  ['GraphSettings', 'GraphWorld', 'LearnAmpSettings', 'DirectorySource', 'SubscriptionKeeper', 'MasterKey', 'Stores'],
  ['NotificationHandlerOptions', 'SqliteStoresOptions', 'DoctorOptions', 'ConsoleOptions', 'ConsoleConnection'],
].flat();

test.each(withMembers)('every member of %s says what it is', (name) => {
  const [, declared = []] = exported.find(([each]) => each === name) ?? [];
  const members = declared.flatMap(membersOf);
  expect(members.length).toBeGreaterThan(0);
  expect(members.filter((member) => !isTold(member)).map((member) => member.name?.getText())).toEqual([]);
});
