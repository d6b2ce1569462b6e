import type { DirectorySync, EventView, Stores, SyncReport } from '@learnamp/directory-sync';
import type { Simulator } from '@learnamp/directory-sync-simulator';
import { watchInvariants } from './check-invariants.js';
import { type AtRest, nothingSeen, type Said, type Violation, type World } from './world.js';

export type Look = {
  /** Reads the events. None where no engine can: then what stands in the log is looked at another time. */
  readonly engine?: Pick<DirectorySync, 'events'> | undefined;
  readonly log?: Stores['log'] | undefined;
  readonly reports?: ReadonlyArray<SyncReport> | undefined;
  readonly said?: ReadonlyArray<Said> | undefined;
  readonly atRest?: AtRest | undefined;
};

export type WorldOptions = {
  readonly connectionId?: string | undefined;
  readonly now?: (() => Date) | undefined;
  readonly notified?: ReadonlyArray<string> | undefined;
  /** Beside those of the simulator. */
  readonly secrets?: ReadonlyArray<string> | undefined;
};

/** Reads what came since the last look. */
export type WorldReader = (look: Look) => Promise<World>;

const eventsFrom = async (engine: Look['engine'], from: bigint): Promise<ReadonlyArray<EventView>> => {
  const events: EventView[] = [];
  for await (const event of engine?.events({ from }) ?? []) events.push(event);
  return events;
};

const storedFrom = async (log: Look['log'], stream: string, from: bigint): Promise<ReadonlyArray<Said>> => {
  const stored: Said[] = [];
  for await (const page of log?.pages(stream, { from }) ?? [])
    for (const { revision, ...record } of page)
      stored.push({ where: `revision ${revision.toString()}`, text: JSON.stringify(record) });
  return stored;
};

/** What Learn Amp and Graph saw, and what stands in the log, look by look. */
export const readWorld = (simulator: Simulator, options: WorldOptions = {}): WorldReader => {
  const { learnAmp, directory, requests } = simulator;
  const { connectionId = 'fabrikam', now = () => new Date(), notified = [], secrets = [] } = options;
  const stream = `directorySync-${connectionId}`;
  const seen = { revision: 0n, stored: 0n, request: 0, write: 0, invitation: 0, deactivation: 0, repeat: 0 };

  const isOurs = (id: string): boolean => directory.find(id) !== undefined || id === simulator.tenantId;

  return async ({ engine, log, reports = [], said = [], atRest }) => {
    // The other way round a write could be seen without the event before it.
    const [writes, invitations, deactivations, repeats] = [
      learnAmp.writes().slice(seen.write),
      learnAmp.invitations().slice(seen.invitation),
      learnAmp.deactivations().slice(seen.deactivation),
      learnAmp.repeats().slice(seen.repeat),
    ];
    const asked = requests.since(seen.request);
    const requestsLost = requests.latest() - seen.request > asked.length;
    const events = await eventsFrom(engine, seen.revision);
    const stored = await storedFrom(log, stream, seen.stored);
    seen.write += writes.length;
    seen.invitation += invitations.length;
    seen.deactivation += deactivations.length;
    seen.repeat += repeats.length;
    seen.request = requests.latest();
    seen.revision += BigInt(events.length);
    seen.stored += BigInt(stored.length);
    return {
      ...nothingSeen,
      ...{
        events,
        stored,
        requests: asked,
        requestsLost,
        writes,
        invitations,
        deactivations,
        repeats,
        reports,
        said,
        atRest,
        notified,
      },
      accounts: learnAmp.accounts(),
      secrets: [simulator.clientSecret, simulator.learnAmpClientSecret, ...secrets],
      belongs: isOurs,
      now: now(),
    };
  };
};

/** Looks at the world again and again; each look says what may not be. */
export const openInvariants = (
  simulator: Simulator,
  options: WorldOptions = {},
): ((look: Look) => Promise<ReadonlyArray<Violation>>) => {
  const read = readWorld(simulator, options);
  const watch = watchInvariants();
  return async (look) => watch(await read(look));
};

/** One line for each violation. */
export const inWords = (violations: ReadonlyArray<Violation>): string =>
  violations.map(({ id, what, where }) => `${id}: ${what} (${where})`).join('\n');
