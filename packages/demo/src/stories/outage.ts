import type { FaultAction } from '@learnamp/directory-sync-simulator';
import type { StoryScene } from './story-scene.js';

const emptyList: FaultAction = { rewrite: (response) => ({ ...response, body: { value: [] } }) };

const troubles: ReadonlyArray<readonly [string, FaultAction]> = [
  ['Microsoft Graph answers 503.', { status: 503 }],
  ['Connections are cut.', 'reset'],
  ['A proxy answers with its own page, and with status 200.', 'html'],
  ['Pages of members come back as an empty list, with status 200.', emptyList],
];

/** Microsoft Graph is down, in all the ways it can be. */
export const outageStory = async (scene: StoryScene): Promise<void> => {
  const { simulator, people, narrator, check, sync, accountsNow, deactivations, harmless, passHours } = scene;
  const before = accountsNow();
  const change = harmless(people[0] ?? '');
  narrator.step('The outage', change.sentence);
  for (const [sentence, action] of troubles) {
    narrator.say(sentence);
    const fault = simulator.faults.add({ system: 'graph', path: /\/groups\/.*delta|\/users\/delta/, action });
    for (const full of [false, true]) {
      const report = await sync({ full });
      check(
        'The sync did not complete, and says so. No absence was believed, and Learn Amp is as it was.',
        fault.hits() > 0 && report.exitCode === 1 && accountsNow() === before && deactivations() === 0,
        `exit code ${report.exitCode}, ${fault.hits()} faults, ${deactivations()} deactivated`,
      );
      passHours(1);
    }
    fault.remove();
  }
  narrator.step('Graph is back', 'Nothing is done about it.');
  const after = await sync();
  check(
    'The next sync delivers what happened meanwhile.',
    after.exitCode === 0 && change.isDelivered() && deactivations() === 0,
    `exit code ${after.exitCode}, ${deactivations()} deactivated`,
  );
};
