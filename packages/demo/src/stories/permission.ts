import type { StoryScene } from './story-scene.js';

const withdrawals = [
  [
    'members-limited',
    'Members arrive as bare ids, and each of their attributes is null: Graph’s way of saying "not allowed".',
  ],
  ['users', 'Graph refuses to show people at all.'],
] as const;

/** An administrator takes a permission away from the app. */
export const permissionStory = async (scene: StoryScene): Promise<void> => {
  const { simulator, people, narrator, check, sync, accountsNow, deactivations, harmless, passHours } = scene;
  const { directory } = simulator;
  for (const [permission, sentence] of withdrawals) {
    const before = accountsNow();
    narrator.step('A permission is withdrawn', sentence);
    directory.withdraw(permission);
    const change = harmless(people[0] ?? '');
    narrator.say(change.sentence);
    for (const full of [false, true, false]) {
      const report = await sync({ full });
      check(
        'The sync says which permission it needs, and stops. Nobody was deactivated, nothing was emptied: Learn Amp is as it was.',
        report.exitCode === 1 && report.error?.code === 'graph-credentials' && accountsNow() === before,
        `exit code ${report.exitCode}, ${report.error?.code ?? 'no error'}`,
      );
      passHours(1);
    }
    narrator.say('The permission is given back. Nothing else is done.');
    directory.grant(permission);
    const after = await sync();
    check(
      'The next sync delivers what happened meanwhile.',
      after.exitCode === 0 && change.isDelivered() && deactivations() === 0,
      `exit code ${after.exitCode}, ${deactivations()} deactivated`,
    );
  }
};
