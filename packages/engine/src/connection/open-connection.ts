import { mappedAttributes, standardAttributes } from '@learnamp/directory-sync-domain';
import type { DirectoryEvent } from '@learnamp/directory-sync-domain';
import type { EventStream, ProjectionDatabase, ProjectionRows } from '@learnamp/directory-sync-event-sourcing';
import { makeMemoryProjections, timeOrderedId } from '@learnamp/directory-sync-event-sourcing';
import { DEADLINE_MS, withDeadline, type LearnAmpPort } from '@learnamp/directory-sync-learn-amp';
import { randomBytes } from 'node:crypto';
import { makeStandingLook } from '../views/standing-look.js';
import { checkIdentity, checkKeys } from '../connection-identity.js';
import type { Attention, DirectorySyncOptions, Logger, World } from '../directory-sync.js';
import { refuseHalfImport } from '../log-transfer/import-marker.js';
import { makeLinkCache } from '../link-cache.js';
import type { LinkCache } from '../observe/cycle-context.js';
import { makeLeftOutCache, type LeftOutCache } from '../observe/left-out.js';
import { makeRecordedLinks, type RecordedLinks } from '../observe/recorded-links.js';
import { openState, openStream, rowsOf, viewState } from '../open-stream.js';
import { tryToFinishErasures } from '../personal-data/finish-erasures.js';
import { makeRecorder, type Envelope, type Recorder } from '../record/recorder.js';
import type { EngineState } from '../state/engine-state.js';
import { makeConnectionTelemetry, type ConnectionTelemetry } from '../telemetry/connection-telemetry.js';
import { makeKeptView } from './kept-view.js';
import { quietTelemetry } from '../telemetry/telemetry.js';

const quiet: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined };

export type OpenState = { readonly state: EngineState; readonly recorder: Recorder };

/** What the parts of one connection's engine share. */
export type Connection = {
  readonly options: DirectorySyncOptions;
  readonly world: World;
  readonly logger: Logger;
  readonly telemetry: ConnectionTelemetry;
  readonly stream: EventStream<DirectoryEvent>;
  readonly links: LinkCache;
  readonly recordedLinks: RecordedLinks;
  /** What the preferences ask Graph for, beyond what it may refuse. */
  readonly attributes: ReadonlyArray<string>;
  readonly leftOut: LeftOutCache;
  /** Folds the log once; a fold that failed is tried again by the next call. */
  readonly open: (onEvents?: (count: number) => void) => Promise<OpenState>;
  /** Everything up to the head, whoever appended it: what is open is brought up to date, else it is looked at. */
  readonly present: () => Promise<EngineState>;
  /** Who needs a look, over such a state. */
  readonly standing: (state: EngineState) => Promise<ReadonlyArray<Attention>>;
  readonly projections: ProjectionDatabase;
  /** The rows the state is folded into, through a handle of the caller's own: what one asks of it disturbs nobody. */
  readonly rows: () => Promise<ProjectionRows>;
  /** The state to look at, and to try things on: nothing of it is written anywhere. */
  readonly view: () => Promise<EngineState>;
  /** The rows were replaced: what is open reads them anew. */
  readonly forget: () => Promise<void>;
  /** Tells of what other processes appended, once this one has read it. */
  readonly onOthers: (listener: (events: ReadonlyArray<Envelope>) => void) => void;
};

/** A host's promise that never settles would hold the connection for ever. */
const answeringInTime = ({
  learnAmp,
  learnAmpDeadlineMs: deadlineMs = DEADLINE_MS,
}: DirectorySyncOptions): LearnAmpPort =>
  learnAmp.hasOwnDeadlines === true ? learnAmp : withDeadline(learnAmp, { deadlineMs });

export const openConnection = (given: DirectorySyncOptions): Connection => {
  const options = { ...given, learnAmp: answeringInTime(given) };
  const now = options.world?.now ?? (() => new Date());
  // Ids in the order of time keep the log's id index compact: three times the append rate of random ones on a large file.
  const world: World = { now, newId: options.world?.newId ?? (() => timeOrderedId(now(), randomBytes(10))) };
  const stream = openStream(options, world);
  const listeners: ((events: ReadonlyArray<Envelope>) => void)[] = [];
  const logger = options.logger ?? quiet;
  const telemetry = makeConnectionTelemetry(options.telemetry ?? quietTelemetry, { ...options, now });
  const onRecorded = (type: string, count: number): void => telemetry.count('events', count, { event: type });
  let opened: Promise<OpenState> | undefined;

  const projections = options.projections ?? makeMemoryProjections();
  const rows = () => rowsOf(projections, stream);
  const checked = async (state: EngineState): Promise<EngineState> => {
    checkIdentity(options, state.connection());
    await checkKeys(options.keys, state.newestKey());
    return state;
  };
  const finished = async (state: EngineState): Promise<EngineState> => {
    await tryToFinishErasures({ options, stream, projections, rows, logger }, state);
    return state;
  };
  const fold = async (onEvents?: (count: number) => void): Promise<EngineState> => {
    await refuseHalfImport(options.log, options.connectionId);
    return finished(await checked(await openState(stream, await rows(), onEvents)));
  };
  const view = async (): Promise<EngineState> => {
    await refuseHalfImport(options.log, options.connectionId);
    return checked(await viewState(stream, await rows()));
  };
  const keptView = makeKeptView({ stream, rows, view });
  /** Rows that were lost under an open state are folded anew by whoever asks next. */
  const stillOpen = async (): Promise<OpenState | undefined> => {
    const open = await opened;
    if (open?.state.isLost() === true) opened = undefined;
    // An import may have begun since the empty log was opened.
    else if (open !== undefined && open.state.head() === undefined)
      await refuseHalfImport(options.log, options.connectionId);
    return opened;
  };
  const onOthers = (events: ReadonlyArray<Envelope>): void => {
    for (const listener of listeners) listener(events);
  };

  return {
    options,
    world,
    logger,
    telemetry,
    stream,
    links: makeLinkCache(options, options.connectionId),
    recordedLinks: makeRecordedLinks(stream),
    leftOut: makeLeftOutCache(options.cache, options.connectionId),
    attributes: [...standardAttributes, ...mappedAttributes(options.preferences)],
    projections,
    rows,
    view,
    open: async (onEvents) => {
      await stillOpen();
      opened ??= fold(onEvents)
        .then((state) => ({
          state,
          recorder: makeRecorder({ stream, state, newId: world.newId, onOthers, onRecorded }),
        }))
        .catch((error: unknown) => {
          opened = undefined;
          throw error;
        });
      return opened;
    },
    present: async () => {
      const open = await stillOpen();
      if (open === undefined) return keptView.look();
      keptView.drop();
      await open.recorder.refresh();
      return open.state;
    },
    standing: makeStandingLook(options, stream),
    forget: async () => {
      keptView.drop();
      (await stillOpen())?.state.forget();
    },
    onOthers: (listener) => {
      listeners.push(listener);
    },
  };
};
