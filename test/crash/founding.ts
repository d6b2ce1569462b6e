import type { DirectorySync, SyncReport } from '@learnamp/directory-sync';
import { picture } from '../support/photos.js';
import type { Scene, Step } from './crash-story.js';

/** Two groups one in the other, a manager in the inner one, two teams, a photo, and somebody Learn Amp knows already. */
export const found = (scene: Scene): void => {
  const { directory, learnAmp } = scene.simulator;
  const inner = directory.addGroup({ displayName: 'Inner' });
  directory.nestGroup(directory.scopeGroupId, inner);
  const boss = scene.hire('Ann Boss', { department: 'Sales' }, inner);
  const report = scene.hire('Bo Report', { department: 'Legal', jobTitle: 'Writer' });
  directory.setManager(report, boss);
  directory.setPhoto(boss, picture('boss'), { width: 240, height: 240 });
  scene.hire('Cy Known', { department: 'Sales' });
  learnAmp.addAccount({ email: 'cy.known@fabrikam.example', firstName: 'Cy', lastName: 'By Hand' });
};

export const founded: Step = { edit: found, counts: false };

export const full = (engine: DirectorySync): Promise<SyncReport> => engine.sync({ full: true, photos: true });
