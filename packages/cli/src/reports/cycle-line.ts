import type { Alert, EndedCycle, SyncReport } from '@learnamp/directory-sync';
import { commandKinds, doneInWords } from './command-words.js';
import { changesInWords, recorded } from './event-words.js';
import { counted, duration, printable } from './printable.js';

const sent = ({ commands }: SyncReport): ReadonlyArray<string> =>
  commandKinds.flatMap((kind) => {
    const count = commands[kind]?.succeeded ?? 0;
    return count === 0 ? [] : [doneInWords(kind, count)];
  });

const standing = ({ people: { held, parked } }: SyncReport): ReadonlyArray<string> => [
  ...(held === 0 ? [] : [`${counted(held, 'person waits', 'people wait')} for approval`]),
  ...(parked === 0 ? [] : [`${parked} parked`]),
];

const triggers: Readonly<Record<SyncReport['trigger'], string>> = {
  manual: 'as asked',
  full: 'from the beginning',
  schedule: 'on schedule',
  notification: 'after a notification',
};

/** One line for a cycle that appended something or failed; `undefined` for a quiet one. Counts only: it goes to stderr. */
export const cycleLine = ({ report, nextSyncAt }: EndedCycle): string | undefined => {
  const name = printable(report.connectionId);
  if (!report.ok) {
    const again = nextSyncAt === null ? '' : ` It is tried again at ${nextSyncAt}.`;
    return `${name}: ${printable(report.error?.message ?? 'The cycle did not complete.')}${again}`;
  }
  const events = recorded(report.events);
  if (events === 0) return undefined;
  const facts = [...changesInWords(report.events), ...sent(report), ...standing(report)];
  const what = facts.length === 0 ? counted(events, 'event recorded', 'events recorded') : facts.join(', ');
  return `${name}: synced ${triggers[report.trigger]} in ${duration(report.durationMs)}: ${what}.`;
};

const alerts: Readonly<Record<Alert['kind'], string>> = {
  held: 'commands wait for approval',
  parked: 'people need somebody to look at them',
  credentials: 'a credential is refused: renew it',
  'unsafe-link':
    'answers of Microsoft Graph lead elsewhere, and are not followed: "directory-sync status" names the host',
  'restarted-round':
    'a round of Microsoft Graph was begun three times and did not reach its end: "directory-sync status" says what to do',
  'delivery-paused': 'nothing is delivered: Learn Amp gives no answer',
  'invariant-violated': 'nothing is delivered: a rule of safety would have been broken',
  stale: 'no round reached its end for a while: changes are late',
  'old-links': 'no round has reached its end for days: soon everything has to be read from the beginning',
  notifications: 'notifications do not arrive: changes come with the polls',
};

/** One line for something a person has to do. */
export const alertLine = ({ kind, connectionId, counts }: Alert): string => {
  const { daysLeft } = counts;
  if (kind === 'credentials' && daysLeft !== undefined)
    return printable(`${connectionId}: the Graph credential ends in ${counted(daysLeft, 'day', 'days')}: replace it.`);
  const numbers = Object.entries(counts).map(([what, count]) => `${what} ${count}`);
  const behind = numbers.length === 0 ? '' : ` (${numbers.join(', ')})`;
  return printable(`${connectionId}: ${alerts[kind]}${behind}.`);
};
