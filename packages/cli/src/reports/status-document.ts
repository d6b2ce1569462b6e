import type { Reading } from './status-table.js';

/** What `--json` prints of one connection. */
export const documentOf = (reading: Reading): unknown => {
  if (reading._tag === 'Read') return reading.status;
  const { connectionId, code, problem } = reading;
  return { connectionId, error: { code, message: problem } };
};

/** One configuration: its document. Several: an array of theirs. */
export const statusDocument = (readings: ReadonlyArray<Reading>): string => {
  const [only, ...others] = readings.map(documentOf);
  return JSON.stringify(others.length === 0 ? only : [only, ...others]);
};
