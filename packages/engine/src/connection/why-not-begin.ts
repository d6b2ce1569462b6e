import type { ConnectionState } from '@learnamp/directory-sync-domain';
import { DirectorySyncError } from '../directory-sync.js';
import { fenced } from '../record/recorder.js';
import type { CycleRequest } from './cycle-request.js';
import { foreignAccounts } from './foreign-accounts.js';
import type { Connection, OpenState } from './open-connection.js';

const isPaused = () =>
  new DirectorySyncError('stopped', 'This connection is paused: nothing is synced until it is resumed.');
const isDisconnected = (at: string) =>
  new DirectorySyncError(
    'stopped',
    `This connection was disconnected at ${at}: nothing is read or sent, and everybody keeps the account they have. "directory-sync resume" connects it again.`,
  );

/** Paused, or ended by hand. */
const standsStill = ({ paused, disconnected }: ConnectionState): DirectorySyncError | undefined => {
  if (disconnected !== undefined) return isDisconnected(disconnected.at);
  return paused ? isPaused() : undefined;
};

/** Why nothing would be sent that a preview could show; a pause is for now, and is looked past. `undefined`: something may. */
export const whyNoPreview = async (
  connection: Connection,
  state: OpenState['state'],
  signal: AbortSignal | undefined,
): Promise<DirectorySyncError | undefined> => {
  const { disconnected } = state.connection();
  return disconnected === undefined ? foreignAccounts(connection, state, signal) : isDisconnected(disconnected.at);
};

/** Why a cycle may not begin; `undefined`: it may. */
export const whyNotBegin = async (
  connection: Connection,
  { state, recorder }: OpenState,
  { giveWay, signal }: CycleRequest,
): Promise<DirectorySyncError | undefined> => {
  const still = standsStill(state.connection());
  if (still !== undefined) return still;
  if (giveWay === true && recorder.isOvertaken()) return fenced();
  return foreignAccounts(connection, state, signal);
};
