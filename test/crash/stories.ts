import type { DirectorySync } from '@learnamp/directory-sync';
import { picture } from '../support/photos.js';
import type { CrashStory, Scene } from './crash-story.js';
import { decidedStories } from './decided-stories.js';
import { found, founded, full } from './founding.js';

const by = { actor: 'a test', reason: 'a test' };
const idOf = (id: string) => id as Parameters<DirectorySync['erase']>[0];

const pictureOf = ({ simulator, id }: Scene, name: string): string | undefined => {
  const account = simulator.learnAmp.accountByExternalId(id(name));
  const avatar = account === undefined ? undefined : simulator.learnAmp.avatarOf(account.id);
  return avatar === undefined ? undefined : Buffer.from(avatar.bytes).toString('latin1');
};

export const firstSync: CrashStory = {
  name: 'a first sync',
  wishes: { invitations: 'immediate' },
  steps: [
    {
      edit: found,
      counts: true,
      check: (scene) => (pictureOf(scene, 'Ann Boss') === picture('boss').toString('latin1') ? [] : ['no photo']),
    },
  ],
};

const changes: CrashStory = {
  name: 'changes, a leaver, and their return',
  wishes: { invitations: 'immediate' },
  steps: [
    founded,
    {
      counts: true,
      edit: ({ simulator: { directory }, hire, id }) => {
        directory.updateUser(id('Bo Report'), {
          ...{ userPrincipalName: 'bo.renamed@fabrikam.example', mail: 'bo.renamed@fabrikam.example' },
          ...{ surname: 'Renamed', department: 'Finance', jobTitle: null },
        });
        directory.removeMember(directory.scopeGroupId, id('Cy Known'));
        directory.setManager(hire('Dee New', { department: 'Finance' }), id('Bo Report'));
        directory.setPhoto(id('Ann Boss'), picture('later'), { width: 240, height: 240 });
      },
      check: (scene) => (pictureOf(scene, 'Ann Boss') === picture('later').toString('latin1') ? [] : ['no new photo']),
    },
    {
      counts: true,
      edit: ({ simulator: { directory }, id }) => directory.addMember(directory.scopeGroupId, id('Cy Known')),
    },
  ],
};

/** Everybody is taken out, which waits for a person, and put in again. */
const holdAndReturn: CrashStory = {
  name: 'a hold and its end',
  wishes: { invitations: 'immediate' },
  steps: [
    founded,
    {
      counts: true,
      edit: ({ simulator: { directory } }) => directory.emptyGroup(directory.scopeGroupId),
      check: ({ simulator: { learnAmp } }) =>
        learnAmp.deactivations().length === 0 ? [] : ['somebody was deactivated'],
    },
    {
      counts: true,
      edit: ({ simulator: { directory }, id }) => {
        for (const name of ['Bo Report', 'Cy Known']) directory.addMember(directory.scopeGroupId, id(name));
        for (const { id: groupId } of directory.groups())
          if (groupId !== directory.scopeGroupId) directory.nestGroup(directory.scopeGroupId, groupId);
      },
    },
  ],
};

const expired: CrashStory = {
  name: 'a full cycle after the tokens expired',
  wishes: { invitations: 'manual' },
  steps: [
    founded,
    {
      counts: true,
      act: full,
      edit: ({ simulator, hire, id }) => {
        simulator.expireDeltaTokens();
        simulator.directory.updateUser(id('Bo Report'), { department: 'Sales', officeLocation: 'Rome' });
        simulator.directory.removeMember(simulator.directory.scopeGroupId, id('Cy Known'));
        hire('Dee New', { department: 'Sales' });
      },
    },
  ],
};

const preferences: CrashStory = {
  name: 'changed preferences',
  wishes: { invitations: 'manual' },
  steps: [
    {
      counts: false,
      edit: (scene) => {
        found(scene);
        scene.simulator.directory.updateUser(scene.id('Bo Report'), { city: 'Roma' });
      },
    },
    {
      ...{ counts: true, anew: true },
      edit: ({ wishes }) => Object.assign(wishes, { attributes: { location: 'city' }, assignOverrideManagers: false }),
    },
  ],
};

const erasure: CrashStory = {
  name: 'an erasure',
  wishes: { invitations: 'manual' },
  steps: [
    founded,
    {
      counts: false,
      edit: ({ simulator: { directory }, id }) => directory.removeMember(directory.scopeGroupId, id('Cy Known')),
    },
    {
      counts: true,
      act: async (engine, scene) => {
        await engine.erase(idOf(scene.id('Cy Known')), by);
        return undefined;
      },
    },
    { counts: true },
  ],
};

/** The smallest first: it is told with every boundary struck each time. */
export const stories: ReadonlyArray<CrashStory> = [
  ...[preferences, firstSync, changes, holdAndReturn, expired, erasure],
  ...decidedStories,
];
