import type { DirectorySyncError } from '../directory-sync-error.js';
import type { SyncReport } from '../sync-report.js';
import { heldOf } from '../views/held-of.js';
import { errorType } from './error-type.js';
import type { Attributes, Reading, Telemetry } from './telemetry.js';

/** What one connection tells, under its name: nothing else is in its attributes that a host could not show to anybody. */
export type ConnectionTelemetry = Telemetry & {
  /** Runs a cycle in its span, and counts what came of it. */
  readonly cycle: <Ended extends { readonly report: SyncReport }>(
    trigger: SyncReport['trigger'] | 'person',
    run: () => Promise<Ended>,
  ) => Promise<Ended>;
  /** When every source was last read to its end, as an earlier process left it. */
  readonly recall: (roundAt: number | undefined) => void;
  /** What the gauges show from now on. */
  readonly stands: (report: SyncReport, observed: boolean) => void;
  /** Nothing more is told of the connection. */
  readonly close: () => void;
};

const under = (telemetry: Telemetry, connection: string): Telemetry => {
  const its = (attributes: Attributes): Attributes => ({ connection, ...attributes });
  return {
    inSpan: (name, attributes, work) => telemetry.inSpan(name, its(attributes), work),
    startSpan: (name, attributes) => telemetry.startSpan(name, its(attributes)),
    count: (name, by, attributes) => telemetry.count(name, by, its(attributes)),
    record: (name, value, attributes) => telemetry.record(name, value, its(attributes)),
    watch: (read) =>
      telemetry.watch(() => read().map((reading) => ({ ...reading, attributes: its(reading.attributes) }))),
  };
};

const outcomeOf = ({ exitCode, error }: SyncReport): string =>
  error?.code ?? (exitCode === 3 ? 'held' : exitCode === 4 ? 'attention' : 'ok');

const eventsOf = ({ events }: SyncReport): number => Object.values(events).reduce((sum, each) => sum + each, 0);

const standing = (report: SyncReport): ReadonlyArray<Reading> => [
  { name: 'people', value: report.people.inScope, attributes: { people: 'in-scope' } },
  { name: 'people', value: report.people.linked, attributes: { people: 'linked' } },
  { name: 'held', value: heldOf(report, 'deactivations'), attributes: { hold: 'deactivations' } },
  { name: 'held', value: heldOf(report, 'creations'), attributes: { hold: 'creations' } },
  { name: 'parked', value: report.people.parked, attributes: {} },
];

/** Of cycles that ended without having looked at anything, the gauges say nothing. */
const looked = ({ error }: SyncReport): boolean => error === undefined;

export const makeConnectionTelemetry = (
  telemetry: Telemetry,
  { connectionId, now }: { readonly connectionId: string; readonly now: () => Date },
): ConnectionTelemetry => {
  const its = under(telemetry, connectionId);
  let latest: SyncReport | undefined;
  // Until something is known of it, the connection is as stale as this process is old.
  let completeAt = now().getTime();
  let isRecalled = false;
  const close = its.watch(() => [
    { name: 'freshness', value: Math.max(0, now().getTime() - completeAt) / 1_000, attributes: {} },
    ...(latest === undefined ? [] : standing(latest)),
  ]);

  const count = (trigger: string, report: SyncReport): void => {
    its.count('cycles', 1, { trigger, outcome: outcomeOf(report) });
    its.record('duration', report.durationMs / 1_000, { trigger });
    its.count('requests', report.requests.graph, { system: 'graph' });
    its.count('requests', report.requests.learnAmp, { system: 'learn-amp' });
  };

  return {
    ...its,
    cycle: (trigger, run) =>
      its.inSpan('cycle', { trigger }, async (span) => {
        try {
          const ended = await run();
          const { report } = ended;
          count(trigger, report);
          span.set({ outcome: outcomeOf(report), events: eventsOf(report) });
          if (report.error !== undefined) span.fail(report.error.code satisfies DirectorySyncError['code']);
          return ended;
        } catch (cause) {
          its.count('cycles', 1, { trigger, outcome: errorType(cause) });
          throw cause;
        }
      }),
    recall: (roundAt) => {
      if (!isRecalled && roundAt !== undefined) completeAt = Math.min(roundAt, completeAt);
      isRecalled = true;
    },
    stands: (report, observed) => {
      if (looked(report)) latest = report;
      if (observed) completeAt = Date.parse(report.finishedAt);
    },
    close,
  };
};
