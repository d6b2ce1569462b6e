import type { ObjectId } from '@learnamp/directory-sync-domain';
import { recordAccess } from '../access/record-access.js';
import type { Connection } from '../connection/open-connection.js';
import { DirectorySyncError } from '../directory-sync.js';
import { readStory } from '../why/person-story.js';
import { askEngineForPerson } from './ask-engine-for-person.js';
import type { PersonCycle, PersonSync, PersonSyncOptions } from './person-sync.js';
import type { PersonRequest } from './run-person-sync.js';

const withoutTrace = (cycle: PersonCycle): PersonSync => ({ ...cycle, events: [], commands: [] });

/** What the cycle recorded, read from the log by whoever shows it. */
const traceOf = async (connection: Connection, cycle: PersonCycle): Promise<PersonSync> => {
  const { userId, correlationId } = cycle;
  const state = await connection.present();
  const head = state.head();
  if (head === undefined) return withoutTrace(cycle);
  const { events, commands } = await readStory(connection.stream, userId, {
    to: head.revision,
    named: state.membership.nameOf,
    signal: undefined,
  });
  return {
    ...cycle,
    events: events.filter((event) => event.correlationId === correlationId),
    commands: commands.filter((command) => command.correlationId === correlationId),
  };
};

export type PersonRunner = {
  /** The cycle in this process, in its turn. */
  readonly run: (request: PersonRequest) => Promise<PersonCycle>;
  /** Asks the engine in another process; the running engine itself has nobody to ask. */
  readonly askOther?: typeof askEngineForPerson;
};

/**
 * Syncs one person, and tells step by step how. That somebody looks at them is recorded first; a running engine is asked, as
 * for any sync.
 */
export const syncUser = async (
  connection: Connection,
  userId: ObjectId,
  options: PersonSyncOptions,
  { run, askOther = askEngineForPerson }: PersonRunner,
): Promise<PersonSync> => {
  const { by, onProgress, signal } = options;
  await recordAccess(connection, { view: 'why', userIds: [userId], count: 1, by });
  const cycle =
    (await askOther(connection, userId, options)) ??
    (await run({ userId, onProgress, signal, actors: [by?.actor ?? 'unknown'] }));
  try {
    return await traceOf(connection, cycle);
  } catch (error) {
    // A log that cannot be read is the outcome of the cycle, which has reported it.
    if (!cycle.report.ok && error instanceof DirectorySyncError) return withoutTrace(cycle);
    throw error;
  }
};
