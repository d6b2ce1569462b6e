import type { DirectorySync, SyncReport } from '@learnamp/directory-sync';
import { by } from '../support/decide.js';
import type { CrashStory, Scene } from './crash-story.js';
import { founded, full } from './founding.js';

const sync = (engine: DirectorySync): Promise<SyncReport> => engine.sync({ photos: true });

const wrongIf = (condition: boolean, what: string): ReadonlyArray<string> => (condition ? [what] : []);

const goneOf = ({ simulator: { learnAmp } }: Scene): ReadonlyArray<string> =>
  learnAmp.deactivations().map(({ email }) => email);

const leavesOnce =
  (...emails: ReadonlyArray<string>) =>
  (scene: Scene): ReadonlyArray<string> =>
    wrongIf(JSON.stringify([...goneOf(scene)].sort()) !== JSON.stringify(emails), `left: ${goneOf(scene).join()}`);

const innerGroup = ({ simulator: { directory } }: Scene): string =>
  directory.groups().find(({ properties }) => properties.displayName === 'Inner')?.id ?? '';

/** FC-97: Learn Amp hands the reports of whoever is deactivated to the owner, and nobody gives them back. */
const managerLeaves: CrashStory = {
  name: 'a manager who leaves, and comes back',
  wishes: { invitations: 'immediate' },
  steps: [
    founded,
    {
      counts: true,
      edit: (scene) => scene.simulator.directory.removeMember(innerGroup(scene), scene.id('Ann Boss')),
      check: leavesOnce('ann.boss@fabrikam.example'),
    },
    {
      counts: true,
      edit: (scene) => scene.simulator.directory.addMember(innerGroup(scene), scene.id('Ann Boss')),
      check: leavesOnce('ann.boss@fabrikam.example'),
    },
    // The picture goes out again with the return; one without an answer fails no round, and the next one sends it.
    { counts: false },
  ],
};

/** Everybody is taken out; two of three go because somebody said so, and the third waits on. */
const approved: CrashStory = {
  name: 'an approved hold',
  wishes: { invitations: 'manual' },
  steps: [
    founded,
    { counts: false, edit: ({ simulator: { directory } }) => directory.emptyGroup(directory.scopeGroupId) },
    {
      ...{ counts: true, approves: ['Ann Boss', 'Cy Known'] },
      act: async (engine, scene) => {
        const ids = ['Ann Boss', 'Cy Known'].map(scene.id);
        const { people } = await engine.held();
        const waiting = people.map(({ userId }) => String(userId)).filter((id) => ids.includes(id));
        if (waiting.length > 0) await engine.approveHeld(by('sold', ...waiting));
        return sync(engine);
      },
      check: leavesOnce('ann.boss@fabrikam.example', 'cy.known@fabrikam.example'),
    },
    { counts: true, check: leavesOnce('ann.boss@fabrikam.example', 'cy.known@fabrikam.example') },
  ],
};

const refusal = { status: 422, body: { error: 'Validation failed', fullErrors: { name: ['is not allowed'] } } };

/** Learn Amp refuses a team until it does not any more: whoever is in it has everything else. */
const refusedTeam: CrashStory = {
  name: 'a team that was refused',
  wishes: { invitations: 'manual' },
  steps: [
    founded,
    {
      ...{ counts: true, unlikeOracle: true },
      edit: ({ simulator, hire, id }) => {
        simulator.faults.add({ system: 'learnAmp', method: 'POST', path: /^\/v1\/teams$/, action: refusal });
        simulator.directory.updateUser(id('Bo Report'), { department: 'Finance', jobTitle: 'Clerk' });
        hire('Dee New', { department: 'Finance' });
      },
      check: ({ simulator: { learnAmp }, id }) => [
        ...wrongIf(learnAmp.teamsNamed('Finance').length > 0, 'the team was not refused'),
        ...wrongIf(learnAmp.accountByExternalId(id('Dee New')) === undefined, 'nobody was created'),
        ...wrongIf(learnAmp.accountByExternalId(id('Bo Report'))?.jobTitle !== 'Clerk', 'the profile did not go'),
      ],
    },
    { counts: true, act: full, edit: ({ simulator }) => simulator.faults.clear() },
  ],
};

/** Learn Amp refuses an account; the person is parked, and is asked for again because somebody said so. */
const parked: CrashStory = {
  name: 'a parked person who is tried again',
  wishes: { invitations: 'immediate' },
  steps: [
    founded,
    {
      ...{ counts: true, unlikeOracle: true },
      edit: ({ simulator, hire }) => {
        simulator.faults.add({ system: 'learnAmp', method: 'POST', path: /^\/v1\/users$/, action: refusal });
        hire('Dee New', { department: 'Sales' });
      },
      check: ({ simulator: { learnAmp }, id }) =>
        wrongIf(learnAmp.accountByExternalId(id('Dee New')) !== undefined, 'the account was not refused'),
    },
    {
      counts: true,
      edit: ({ simulator }) => simulator.faults.clear(),
      act: async (engine) => {
        const { people } = await engine.parked();
        if (people.length > 0) await engine.retry(by('put right'));
        return sync(engine);
      },
    },
  ],
};

/** What people decide, and what Learn Amp refuses. */
export const decidedStories: ReadonlyArray<CrashStory> = [managerLeaves, approved, refusedTeam, parked];
