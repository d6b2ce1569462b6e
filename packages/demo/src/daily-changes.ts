import { accountOf, differences, teamOf } from './compare.js';
import { addressOf, nameOf } from './cast.js';
import type { Scene } from './scene.js';

const agrees = ({ simulator, check }: Scene): void => {
  const wrong = differences(simulator);
  check(
    `Learn Amp agrees with the directory about all ${simulator.directory.reachableUsers().size} people.`,
    wrong.length === 0,
    wrong.slice(0, 3).join('; '),
  );
};

export const joinStep = async (scene: Scene): Promise<string> => {
  const { simulator, narrator, check, run, cast } = scene;
  const { directory, learnAmp, company } = simulator;
  narrator.step(
    'Someone joins',
    'Ada Winter starts in a department that is new, Research, and is put into the Berlin group.',
  );
  const ada = directory.addUser({
    displayName: 'Ada Winter',
    givenName: 'Ada',
    surname: 'Winter',
    userPrincipalName: `ada.winter@${company.domain}`,
    mail: `ada.winter@${company.domain}`,
    jobTitle: 'Scientist',
    department: 'Research',
    officeLocation: 'Berlin',
    preferredLanguage: 'de-DE',
  });
  directory.setManager(ada, cast.newManager);
  directory.addMember(company.groups.berlin, ada);
  await run('sync');
  const account = accountOf(simulator, ada);
  check(
    `Learn Amp has account ${account?.id ?? '?'} for her: ${account?.jobTitle ?? '?'}, team ${teamOf(simulator, account) ?? 'none'}, ` +
      `manager ${nameOf(simulator, cast.newManager)}, language ${account?.language ?? '?'}.`,
    account !== undefined &&
      teamOf(simulator, account) === 'Research' &&
      account.managerId === accountOf(simulator, cast.newManager)?.id,
  );
  check('There is one team Research.', learnAmp.teamsNamed('Research').length === 1);
  return ada;
};

export const moveStep = async (scene: Scene): Promise<void> => {
  const { simulator, narrator, check, run, cast } = scene;
  const name = nameOf(simulator, cast.mover);
  const before = teamOf(simulator, accountOf(simulator, cast.mover));
  narrator.step('Someone moves', `${name} moves from ${before ?? 'no department'} to Research.`);
  simulator.directory.updateUser(cast.mover, { department: 'Research' });
  await run('sync');
  const account = accountOf(simulator, cast.mover);
  check(
    `${name}: department ${account?.department ?? 'none'}, primary team ${teamOf(simulator, account) ?? 'none'}.`,
    account?.department === 'Research' && teamOf(simulator, account) === 'Research',
  );
};

export const managerStep = async (scene: Scene): Promise<void> => {
  const { simulator, narrator, check, run, cast } = scene;
  const [name, boss] = [nameOf(simulator, cast.report), nameOf(simulator, cast.newManager)];
  narrator.step('Someone gets a new manager', `In Entra, ${boss} becomes the manager of ${name}.`);
  simulator.directory.setManager(cast.report, cast.newManager);
  await run('sync');
  check(
    `${name}: the override manager in Learn Amp is ${boss}.`,
    accountOf(simulator, cast.report)?.managerId === accountOf(simulator, cast.newManager)?.id,
  );
};

export const attachStep = async (scene: Scene): Promise<void> => {
  const { simulator, narrator, check, run } = scene;
  const { directory, company } = simulator;
  const before = directory.reachableUsers();
  const { contractors, europe } = company.groups;
  const arriving = [...directory.reachableUsers(contractors)].filter((id) => !before.has(id));
  narrator.step(
    'A whole group is attached',
    `The group Contractors, ${arriving.length} people, is nested into Europe.`,
  );
  directory.nestGroup(europe, contractors);
  await run('sync');
  const accounts = arriving.filter((id) => accountOf(simulator, id) !== undefined);
  check(`${accounts.length} of the ${arriving.length} contractors have accounts.`, accounts.length === arriving.length);
  agrees(scene);
};

export const leaveStep = async (scene: Scene): Promise<void> => {
  const { simulator, narrator, check, run, cast } = scene;
  const { directory, learnAmp } = simulator;
  const name = nameOf(simulator, cast.leaver);
  narrator.step('Someone leaves', `${name} is taken out of every group below the scope group.`);
  for (const { id, memberIds } of directory.groups())
    if (memberIds.has(cast.leaver)) directory.removeMember(id, cast.leaver);
  await run('sync');
  const account = accountOf(simulator, cast.leaver);
  const confirmed = await run(`events --type LeaveConfirmed --user ${account?.id ?? cast.leaver}`, {
    as: 'table',
  });
  check(
    'A second read of Graph confirmed it before anything was sent.',
    confirmed.stdout.trim().split('\n').length === 1,
  );
  check(
    `${addressOf(simulator, cast.leaver)} is ${account?.status ?? 'gone'}, not deleted, and nobody else is.`,
    account?.status === 'deactivated' && learnAmp.deactivations().length === 1,
    `${learnAmp.deactivations().length} deactivations`,
  );
  agrees(scene);
};
