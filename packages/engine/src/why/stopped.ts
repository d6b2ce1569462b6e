import { DirectorySyncError } from '../directory-sync.js';

/** Whoever asked does not want to know any more. */
export const stopped = (): DirectorySyncError =>
  new DirectorySyncError('stopped', 'Stopped before everything was asked.');
