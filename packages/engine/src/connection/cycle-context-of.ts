import { isResting } from '@learnamp/directory-sync-domain';
import { makeAnswers } from '../deliver/answers.js';
import { makeBegunRounds } from '../observe/begun-rounds.js';
import type { CycleContext } from '../observe/cycle-context.js';
import { attributesTaken } from '../observe/left-out.js';
import type { Connection, OpenState } from './open-connection.js';
import type { CycleRequest } from './cycle-request.js';

/** What one cycle works with; `instead` is what a preview puts in its place. */
export const cycleContextOf = (
  { options, world, logger, telemetry, links, recordedLinks, attributes, leftOut }: Connection,
  { state, recorder }: OpenState,
  request: CycleRequest,
  instead: Partial<CycleContext> = {},
): CycleContext => ({
  connectionId: options.connectionId,
  groupId: options.groupId,
  preferences: options.preferences,
  tracked: () => attributesTaken(attributes, options.directory.leftOut()),
  leftOut,
  state,
  recorder,
  directory: options.directory,
  learnAmp: options.learnAmp,
  full: request.full,
  reconciles: request.reconciles === true,
  now: world.now,
  newId: world.newId,
  logger,
  telemetry,
  progress: request.onProgress ?? (() => undefined),
  signal: request.signal,
  isPaused: () => isResting(state.connection()),
  clock: { graphTime: undefined },
  read: { groups: 0, people: undefined },
  fresh: new Set(),
  restored: new Set(),
  unreadable: new Set(),
  answers: makeAnswers(),
  begunRounds: makeBegunRounds(options, world.now),
  links,
  recordedLink: (place) => recordedLinks(state, place),
  ...instead,
});
