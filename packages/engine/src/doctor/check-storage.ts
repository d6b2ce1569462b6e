import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Status } from '../connection-status.js';
import { DirectorySyncError } from '../directory-sync-error.js';
import { counted, failed, note, ok, type DoctorCheck } from './doctor-check.js';
import type { DoctorFiles, DoctorOptions } from './doctor-options.js';

const DAY = 24 * 3_600_000;
const LEAST_SPACE = 256 * 1024 * 1024;

const allowed = (path: string, mode: number): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  );

type Found = 'there' | 'can-be-made' | 'unwritable' | 'no-folder' | 'no-file';

const look = async (path: string): Promise<{ readonly found: Found; readonly open: boolean }> => {
  const known = await stat(path).catch(() => undefined);
  if (known !== undefined) {
    if (!known.isFile()) return { found: 'no-file', open: false };
    const writable = await allowed(path, constants.R_OK | constants.W_OK);
    // SQLite makes files beside it.
    const beside = await allowed(dirname(path), constants.W_OK);
    return { found: writable && beside ? 'there' : 'unwritable', open: (known.mode & 0o077) !== 0 };
  }
  const folder = await stat(dirname(path)).catch(() => undefined);
  if (folder?.isDirectory() !== true) return { found: 'no-folder', open: false };
  return { found: (await allowed(dirname(path), constants.W_OK)) ? 'can-be-made' : 'unwritable', open: false };
};

const problems: Readonly<Partial<Record<Found, string>>> = {
  unwritable: 'may not be written by this user: give it the right to the file and its folder',
  'no-folder': 'has no folder: make the folder, or put the path right',
  'no-file': 'is no file: put the path right',
};

const freeSpace = async (path: string): Promise<number | undefined> =>
  statfs(dirname(path)).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => undefined,
  );

/** Whether the files can be written, without a byte being written. */
export const checkFiles = async (files: DoctorFiles | undefined): Promise<DoctorCheck> => {
  if (files === undefined) return ok('files', 'Nothing is kept in files.');
  const named = Object.entries({
    'the log': files.log,
    'the key store': files.keys,
    'the local database': files.local,
  });
  const looked = await Promise.all(
    named.flatMap(([what, path]) => (path === undefined ? [] : [look(path).then((seen) => ({ what, path, ...seen }))])),
  );
  const wrong = looked.find(({ found }) => problems[found] !== undefined);
  if (wrong !== undefined) return failed('files', `${wrong.path} (${wrong.what}) ${problems[wrong.found] ?? ''}.`);
  const [log, keys] = ['the log', 'the key store'].map((name) => looked.find(({ what }) => what === name)?.found);
  if (log === 'there' && keys === 'can-be-made')
    return failed(
      'files',
      'The log is there and its key store is not: restore the key store that was backed up with it; without it nothing in the log can be read.',
    );
  const open = looked.find((each) => each.open);
  if (open !== undefined)
    return note('files', `${open.path} (${open.what}) can be read by others on this machine: set its mode to 0600.`);
  const free = await freeSpace(files.local);
  if (free !== undefined && free < LEAST_SPACE)
    return note('files', `Only ${Math.floor(free / 1024 / 1024)} MB are free where the files are: make room.`);
  return ok(
    'files',
    looked.every(({ found }) => found === 'can-be-made')
      ? 'The files can be made.'
      : 'The files are there and can be written.',
  );
};

const standing = (status: Status, now: number): DoctorCheck => {
  const check = 'log';
  const { lastSync, paused, disconnectedAt, delivery, live, people } = status;
  if (disconnectedAt !== undefined)
    return note(check, 'The connection was ended: nothing is read or sent until "resume".');
  if (paused) return note(check, 'The connection is paused: nothing is read or sent until "resume".');
  if (delivery !== null)
    return failed(
      check,
      `Nothing has been sent to Learn Amp since ${delivery.since} (${delivery.reason}): see the lines about Learn Amp.`,
    );
  if (lastSync === null)
    return ok(
      check,
      'There was no sync yet: the next one is the first, and asks before it sends anything on a terminal.',
    );
  const late = now - Date.parse(lastSync.at) > DAY;
  if (!live.running && late)
    return note(
      check,
      `The last sync was on ${lastSync.at}, and nothing runs: start "directory-sync run", or have "sync" called every few minutes.`,
    );
  if (!lastSync.ok)
    return failed(check, `The last sync did not complete: ${live.lastError?.message ?? '"sync" tells why.'}`);
  const waiting = [
    ...(people.held === 0 ? [] : [`${counted(people.held, 'person waits', 'people wait')} for a decision ("held")`]),
    ...(people.parked === 0 ? [] : [`${counted(people.parked, 'person is', 'people are')} parked ("parked")`]),
  ];
  return waiting.length > 0
    ? note(check, `In step since ${lastSync.at}; ${waiting.join(' and ')}.`)
    : ok(check, `In step since ${lastSync.at}, with ${counted(people.linked, 'account', 'accounts')}.`);
};

/** How the connection stands. The log is read, and nothing of it is changed. */
export const checkLog = async ({ status }: DoctorOptions, now: Date): Promise<DoctorCheck> => {
  if (status === undefined) return ok('log', 'No log was given to look at.');
  try {
    return standing(await status(), now.getTime());
  } catch (cause) {
    if (cause instanceof DirectorySyncError) return failed('log', cause.message);
    // A file that is no log of ours: its message is a sentence for people.
    if (cause instanceof Error && /^(SqliteFileRefused|NoSqliteDriver|EventStoreDbConnectionRefused)$/.test(cause.name))
      return failed('log', cause.message);
    return failed('log', `The log could not be looked at (${cause instanceof Error ? cause.name : typeof cause}).`);
  }
};
