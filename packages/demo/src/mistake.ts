import { everythingIn } from './compare.js';
import type { Scene } from './scene.js';

/** Steps about the mistake every directory sync is afraid of. */
export const mistakeStep = async ({ simulator, narrator, check, run }: Scene): Promise<void> => {
  const { directory, learnAmp, company } = simulator;
  const before = everythingIn(simulator);
  const members = [...directory.group(company.scopeGroupId).memberIds];
  const size = directory.reachableUsers().size;
  narrator.step(
    'The group is emptied by mistake',
    `Somebody removes every member of the scope group: ${size} people are in it no more.`,
  );
  directory.emptyGroup(company.scopeGroupId);
  await run('sync', { until: /^Needs attention/, rest: 'who waits, and what to do' }, 3);
  check(
    'Exit code 3: done, and something waits for approval. Learn Amp is exactly as it was; nobody was deactivated.',
    everythingIn(simulator) === before && learnAmp.deactivations().length === 1,
  );
  narrator.blank();
  narrator.say('The members are put back. Nothing has to be approved or cleaned up: the hold dissolves by itself.');
  for (const id of members) directory.addMember(company.scopeGroupId, id);
  await run('sync');
  check('Exit code 0, nothing waits, and Learn Amp is still exactly as it was.', everythingIn(simulator) === before);
};
