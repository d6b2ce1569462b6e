import type { DirectoryUser, Random } from '@learnamp/directory-sync-simulator';
import { everythingBelow } from '../oracle-rules.js';
import type { Scene } from './scene.js';

/**
 * Edits of the directory that end the same whatever of it a sync saw on the way: no value that is taken away again, nobody who
 * comes and goes, no address that somebody else had. Only such may come while a round is read, since the oracle sees the end alone.
 */
type SteadyEdit = (scene: Scene, random: Random) => string | undefined;

const isSettled = ({ oracle }: Scene, { id }: DirectoryUser): boolean => oracle.accountOf(id)?.active === true;

const members = (scene: Scene): ReadonlyArray<DirectoryUser> => {
  const { directory, scopeGroupId } = scene.simulator;
  const below = everythingBelow(directory, scopeGroupId);
  return directory.users().filter((user) => below.has(user.id) && isSettled(scene, user));
};

const someone = (scene: Scene, random: Random): DirectoryUser | undefined => random.shuffle(members(scene))[0];

const changeTitle: SteadyEdit = (scene, random) => {
  const user = someone(scene, random);
  if (user === undefined) return undefined;
  const jobTitle = `Title ${random.integer(1, 999)}`;
  scene.simulator.directory.updateUser(user.id, { jobTitle });
  scene.changes.note(user.id);
  return `meanwhile ${user.id.slice(0, 8)}: ${jobTitle}`;
};

const changeOffice: SteadyEdit = (scene, random) => {
  const user = someone(scene, random);
  if (user === undefined) return undefined;
  const officeLocation = `Office ${random.integer(1, 99)}`;
  scene.simulator.directory.updateUser(user.id, { officeLocation });
  scene.changes.note(user.id);
  return `meanwhile ${user.id.slice(0, 8)}: ${officeLocation}`;
};

const join: SteadyEdit = (scene, random) => {
  const { directory, scopeGroupId } = scene.simulator;
  const name = `late${random.integer(1, 9_999_999)}`;
  const id = directory.addUser({
    displayName: `Late ${name}`,
    givenName: 'Late',
    surname: name,
    userPrincipalName: `${name}@fabrikam.example`,
    mail: `${name}@fabrikam.example`,
    jobTitle: 'Late joiner',
  });
  directory.addMember(scopeGroupId, id);
  return `meanwhile ${id.slice(0, 8)} is hired`;
};

const leave: SteadyEdit = (scene, random) => {
  const { directory, scopeGroupId } = scene.simulator;
  // What else was changed of somebody in this phase, a sync may have seen before they left, or not.
  const untouched = members(scene).filter(({ id }) => scene.changes.isUntouched(id));
  const user = random.shuffle(untouched)[0];
  if (user === undefined || members(scene).length < 4) return undefined;
  const below = everythingBelow(directory, scopeGroupId);
  for (const { id, memberIds } of directory.groups())
    if (below.has(id) && memberIds.has(user.id)) directory.removeMember(id, user.id);
  scene.changes.noteLeft(user.id);
  // Whose manager leaves before they do has none at Learn Amp; who leaves first keeps theirs.
  for (const { id, managerId } of directory.users())
    if (managerId === user.id || id === user.managerId) scene.changes.note(id);
  return `meanwhile ${user.id.slice(0, 8)} leaves`;
};

const edits: readonly [SteadyEdit, ...SteadyEdit[]] = [changeTitle, changeTitle, changeOffice, join, leave];

export const steadyEdit: SteadyEdit = (scene, random) => random.pick(edits)(scene, random);
