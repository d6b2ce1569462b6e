import type { ErrorCode, PersonSync, Preview, PreviewedCommand, SyncReport } from '@learnamp/directory-sync';
import type { ConfigurationMistake } from '../configuration/reader.js';

/** What `sync --json` prints where usage or configuration is wrong. */
export const mistakesDocument = (mistakes: ReadonlyArray<ConfigurationMistake>): string => {
  const errors = mistakes.map(({ path, message }) => ({ path, message }));
  return `${JSON.stringify({ ok: false, exitCode: 2, errors })}\n`;
};

/** Whose it is by id alone, and what it is about without any value. */
export const withoutNames = ({
  kind,
  userId,
  role,
  held,
  holdReason,
  reason,
  risk,
  before,
  after,
}: PreviewedCommand) => ({
  kind,
  userId,
  role,
  held,
  holdReason,
  reason,
  risk,
  fields: [...new Set([...Object.keys(before), ...Object.keys(after)])],
});

/**
 * What `sync --json` prints: the shape of the report is fixed, and what the library adds to it is left out. A dry run tells each
 * command, with its reason, its risk and which fields it would change; `preview --names` has the values.
 */
export const syncDocument = (report: SyncReport, preview?: Pick<Preview, 'totals' | 'commands'>): string => {
  const document: { -readonly [K in keyof SyncReport]: SyncReport[K] } = { ...report };
  delete document.notes;
  if (preview === undefined) return `${JSON.stringify(document)}\n`;
  const { totals, commands } = preview;
  return `${JSON.stringify({ ...document, preview: { totals, commands: commands.map(withoutNames) } })}\n`;
};

/** The same of `sync --user`, with the trace of the person. */
export const personDocument = ({ report, ...person }: PersonSync): string => {
  const { userId, outcome, conclusion, steps, events, commands } = person;
  const document: { -readonly [K in keyof SyncReport]: SyncReport[K] } = { ...report };
  delete document.notes;
  return `${JSON.stringify({ ...document, person: { userId, outcome, conclusion, steps, events, commands } })}\n`;
};

type Attempt = {
  readonly connectionId: string;
  readonly full: boolean;
  readonly startedAt: Date;
  readonly finishedAt: Date;
};

/** The report of a cycle that ended before the engine could make one: it read, recorded and sent nothing. */
export const failedReport = (attempt: Attempt, code: ErrorCode, message: string): SyncReport => ({
  ok: false,
  exitCode: 1,
  connectionId: attempt.connectionId,
  trigger: attempt.full ? 'full' : 'manual',
  startedAt: attempt.startedAt.toISOString(),
  finishedAt: attempt.finishedAt.toISOString(),
  durationMs: attempt.finishedAt.getTime() - attempt.startedAt.getTime(),
  requests: { graph: 0, learnAmp: 0 },
  events: {},
  commands: {},
  people: { inScope: 0, linked: 0, held: 0, parked: 0 },
  attention: [],
  error: { code, message },
});
