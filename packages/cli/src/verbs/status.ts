import type { Status } from '@learnamp/directory-sync';
import type { InvocationOf } from '../command-line/invocation.js';
import { counted, printable } from '../reports/printable.js';
import type { Style } from '../reports/style.js';
import { table } from '../reports/table.js';
import type { ExitCode, VerbContext } from './verb-context.js';

const age = (seconds: number): string => {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
};

const lastSync = ({ lastSync: last }: Status, style: Style): string => {
  if (last === null) return 'No sync has been completed yet: run "directory-sync sync".';
  return last.ok
    ? `The last sync completed at ${last.at}.`
    : style.warning(`The last sync, at ${last.at}, did not complete: run "directory-sync sync" again.`);
};

const statusText = (status: Status, style: Style): string => {
  const { inScope, linked, held, parked } = status.people;
  const cursors = status.cursors.map(({ source, ageSeconds }) => [source, age(ageSeconds)]);
  return [
    `${style.strong(printable(status.connectionId))}: ${lastSync(status, style)}`,
    `${counted(inScope, 'person', 'people')} in scope, ${linked} with a Learn Amp account, ${held} held, ${parked} parked.`,
    status.head === null
      ? 'The event log is empty.'
      : `The event log ends at revision ${status.head.revision} (hash ${status.head.hash.slice(0, 12)}).`,
    ...(cursors.length === 0 ? [] : ['', table(['delta cursor', 'age'], cursors)]),
    '',
  ].join('\n');
};

export const status = async (invocation: InvocationOf<'status'>, context: VerbContext): Promise<ExitCode> => {
  const found = await context.connection.status();
  await context.terminal.out.write(invocation.json ? `${JSON.stringify(found)}\n` : statusText(found, context.style));
  return 0;
};
