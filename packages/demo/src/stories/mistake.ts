import { count, type StoryScene } from './story-scene.js';

/** Most of the company is taken out of the group by a script that went wrong. */
export const mistakeStory = async (scene: StoryScene): Promise<void> => {
  const { simulator, people, narrator, check, sync, accountsNow, deactivations, harmless } = scene;
  const { directory, scopeGroupId } = simulator;
  const kept = Math.max(2, Math.floor(people.length / 101));
  const removed = people.slice(kept);
  const before = accountsNow();

  narrator.step(
    'The mistake',
    `A script removes ${count(removed.length)} of ${count(people.length)} people from the group.`,
  );
  for (const id of removed) directory.removeMember(scopeGroupId, id);
  const report = await sync();
  check(
    `Exit code 3: ${count(removed.length)} deactivations wait for a person. None was sent, and Learn Amp is as it was.`,
    report.exitCode === 3 && report.people.held === removed.length && deactivations() === 0 && accountsNow() === before,
  );

  const change = harmless(people[0] ?? '');
  narrator.step('Work goes on', change.sentence);
  await sync();
  check(
    'Both are in Learn Amp by the next sync; nobody was deactivated.',
    change.isDelivered() && deactivations() === 0,
  );

  narrator.step('The members are put back', 'Nothing is approved and nothing cleaned up.');
  for (const id of removed) directory.addMember(scopeGroupId, id);
  const after = await sync();
  check(
    'The hold dissolved by itself, and nobody ever lost anything.',
    after.exitCode === 0 && after.people.held === 0 && deactivations() === 0,
    `exit code ${after.exitCode}, ${after.people.held} held, ${deactivations()} deactivated`,
  );
};
