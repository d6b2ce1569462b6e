import { count, type StoryScene } from './story-scene.js';

/** Somebody empties the group. */
export const emptiedStory = async (scene: StoryScene): Promise<void> => {
  const { simulator, people, narrator, check, sync, accountsNow, deactivations, harmless } = scene;
  const { directory, scopeGroupId } = simulator;
  const before = accountsNow();

  narrator.step('The group is emptied', `All ${count(people.length)} people are removed at once.`);
  directory.emptyGroup(scopeGroupId);
  const report = await sync();
  check(
    'Exit code 3: everybody is held. Nobody was deactivated, and Learn Amp is as it was.',
    report.exitCode === 3 && report.people.held === people.length && deactivations() === 0 && accountsNow() === before,
  );
  await sync({ full: true });
  check(
    'A full read from the beginning finds the same empty group, and deactivates nobody either.',
    deactivations() === 0,
  );

  const [first = '', ...others] = people;
  directory.addMember(scopeGroupId, first);
  const change = harmless(first);
  narrator.step('Work goes on', `One person is put back. ${change.sentence}`);
  await sync();
  check('Both are in Learn Amp by the next sync; the others wait.', change.isDelivered() && deactivations() === 0);

  narrator.step('Everybody is put back', 'Nothing is approved and nothing cleaned up.');
  for (const id of others) directory.addMember(scopeGroupId, id);
  const after = await sync();
  check(
    'The hold dissolved by itself, and nobody ever lost anything.',
    after.exitCode === 0 && after.people.held === 0 && deactivations() === 0,
    `exit code ${after.exitCode}, ${after.people.held} held, ${deactivations()} deactivated`,
  );
};
