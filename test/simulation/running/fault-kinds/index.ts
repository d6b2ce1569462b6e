import type { GraphFreedom } from '@learnamp/directory-sync-simulator';
import type { FaultKind } from '../scene.js';
import { cursorFaults } from './cursors.js';
import { graphFaults } from './graph.js';
import { learnAmpFaults } from './learn-amp.js';
import { networkFaults } from './network.js';
import { notificationFaults } from './notifications.js';
import { peopleFaults } from './people.js';
import { processFaults } from './processes.js';
import { storeFaults } from './stores.js';
import { timeFaults } from './time.js';

export const faultKinds: ReadonlyArray<FaultKind> = [
  ...graphFaults,
  ...cursorFaults,
  ...learnAmpFaults,
  ...networkFaults,
  ...storeFaults,
  ...processFaults,
  ...timeFaults,
  ...notificationFaults,
  ...peopleFaults,
];

/** What Graph does by itself all the time, as its documents allow. */
export const freedoms: ReadonlyArray<GraphFreedom> = [
  'duplicate',
  'shuffle',
  'empty-page',
  'replay',
  'removed-at-start',
  'contradiction',
  'one-item-page',
];

/** Everything that has to have happened in a run. */
export const everyKind: ReadonlyArray<string> = [
  ...faultKinds.map(({ name }) => name),
  ...freedoms.map((freedom) => `graph-freedom-${freedom}`),
];
