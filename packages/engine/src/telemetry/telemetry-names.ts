/**
 * Every name that telemetry uses: nothing else is emitted. docs/reference/telemetry.md shows this table, and a test holds that each name
 * is emitted in a real sync. No attribute is about a person: neither a name or address nor an object id.
 */
export const attributeNames = {
  connection: 'directory_sync.connection.id',
  tenant: 'directory_sync.tenant.id',
  trigger: 'directory_sync.trigger',
  outcome: 'directory_sync.outcome',
  error: 'error.type',
  source: 'directory_sync.source',
  round: 'directory_sync.round.kind',
  event: 'directory_sync.event.type',
  command: 'directory_sync.command.kind',
  hold: 'directory_sync.hold.kind',
  people: 'directory_sync.people.state',
  system: 'directory_sync.system',
  result: 'directory_sync.notification.result',
  items: 'directory_sync.items',
  pages: 'directory_sync.pages',
  events: 'directory_sync.events.recorded',
  planned: 'directory_sync.people.planned',
  together: 'directory_sync.commands.together',
} as const;

/** The attributes there are, by the short name that the code uses. */
export type AttributeName = keyof typeof attributeNames;

/** `error` is beside them on every span that failed, and says which kind of failure it was. */
type SpanRow = { readonly name: string; readonly attributes: ReadonlyArray<AttributeName>; readonly says: string };

/** Every span: its name, attributes and meaning. `docs/reference/telemetry.md` is the same table. */
export const spanNames = {
  cycle: {
    name: 'directory_sync.cycle',
    attributes: ['connection', 'trigger', 'outcome', 'events'],
    says: 'One cycle of a connection, or the sync of one person (trigger `person`), from the fold to the report.',
  },
  round: {
    name: 'directory_sync.round',
    attributes: ['connection', 'source', 'round', 'outcome', 'pages'],
    says: 'One read of a source to its delta link. Outcome: `Reached`, `Resync`, `PageExpired`.',
  },
  page: {
    name: 'directory_sync.page',
    attributes: ['connection', 'source', 'round', 'items'],
    says: 'One page: asked for, decoded, and recorded with its cursor.',
  },
  plan: {
    name: 'directory_sync.plan',
    attributes: ['connection', 'planned'],
    says: 'Planning whoever may need anything; `planned` counts those with something to do.',
  },
  command: {
    name: 'directory_sync.command',
    attributes: ['connection', 'command', 'outcome', 'together'],
    says: 'One command, for as long as the call took that carried it; `together` counts the commands of that call.',
  },
} as const satisfies Readonly<Record<string, SpanRow>>;

/** The spans there are, by the short name that the code uses. */
export type SpanName = keyof typeof spanNames;

export type MetricKind = 'counter' | 'histogram' | 'observed counter' | 'gauge';

type MetricRow = SpanRow & { readonly kind: MetricKind; readonly unit: string };

/**
 * Every metric: its name, kind, unit (UCUM), attributes and meaning. `docs/reference/telemetry.md` is the same table.
 */
export const metricNames = {
  cycles: {
    name: 'directory_sync.cycles',
    kind: 'counter',
    unit: '{cycle}',
    attributes: ['connection', 'trigger', 'outcome'],
    says: 'Cycles that ended. Outcome: `ok`, `held`, `attention`, or the code of the error that ended it.',
  },
  duration: {
    name: 'directory_sync.cycle.duration',
    kind: 'histogram',
    unit: 's',
    attributes: ['connection', 'trigger'],
    says: 'How long cycles took.',
  },
  requests: {
    name: 'directory_sync.requests',
    kind: 'counter',
    unit: '{request}',
    attributes: ['connection', 'system'],
    says: 'Requests of cycles to `graph` and `learn-amp`, repeated ones included.',
  },
  events: {
    name: 'directory_sync.events',
    kind: 'counter',
    unit: '{event}',
    attributes: ['connection', 'event'],
    says: 'Events this process appended to the stream of the connection.',
  },
  commands: {
    name: 'directory_sync.commands',
    kind: 'counter',
    unit: '{command}',
    attributes: ['connection', 'command', 'outcome'],
    says: 'Commands that were sent, by what became of them: `Succeeded`, `Exists`, `Rejected`, `Deferred`, `Unsupported`, `Unknown`, `Failed`, or `NotTried` behind one of the same person that was not done.',
  },
  lag: {
    name: 'directory_sync.lag',
    kind: 'histogram',
    unit: 's',
    attributes: ['connection'],
    says: 'From the first notification of a change to the end of the cycle that answered it.',
  },
  freshness: {
    name: 'directory_sync.freshness',
    kind: 'gauge',
    unit: 's',
    attributes: ['connection'],
    says: 'Age of the last complete read of every source: grows while anything keeps the connection from one.',
  },
  people: {
    name: 'directory_sync.people',
    kind: 'gauge',
    unit: '{person}',
    attributes: ['connection', 'people'],
    says: 'People `in-scope` and `linked`, as of the last cycle.',
  },
  held: {
    name: 'directory_sync.held',
    kind: 'gauge',
    unit: '{person}',
    attributes: ['connection', 'hold'],
    says: 'People whose `deactivations` or `creations` wait for a decision, as of the last cycle.',
  },
  parked: {
    name: 'directory_sync.parked',
    kind: 'gauge',
    unit: '{person}',
    attributes: ['connection'],
    says: 'People who need a person to look, as of the last cycle.',
  },
  throttled: {
    name: 'directory_sync.throttled',
    kind: 'observed counter',
    unit: '{answer}',
    attributes: ['tenant', 'system'],
    says: 'Answers of Microsoft Graph that told the tenant to wait (429), items of a batch included. Of a running engine.',
  },
  wait: {
    name: 'directory_sync.throttle.wait',
    kind: 'gauge',
    unit: 's',
    attributes: ['tenant', 'system'],
    says: 'How long Graph still asks the tenant to wait; 0: not at all. Of a running engine.',
  },
  notifications: {
    name: 'directory_sync.notifications',
    kind: 'observed counter',
    unit: '{item}',
    attributes: ['result'],
    says: 'Intake of the notification handler: items `received`, `marked`, `ignored`, `rejected`; requests `validation` and `refused`. Of a running engine.',
  },
} as const satisfies Readonly<Record<string, MetricRow>>;

export type MetricName = keyof typeof metricNames;

type OfKind<Kind extends MetricKind> = {
  [Name in MetricName]: (typeof metricNames)[Name]['kind'] extends Kind ? Name : never;
}[MetricName];
/** Metrics that are added to. */
export type CounterName = OfKind<'counter'>;
/** Metrics of which the distribution is told. */
export type HistogramName = OfKind<'histogram'>;
/** Metrics that are read when somebody asks. */
export type ObservedName = OfKind<'observed counter' | 'gauge'>;
