import type { Status } from '@learnamp/directory-sync';
import { stateOf } from './connection-state.js';
import { counted, printable } from './printable.js';
import { type Reading, statusTable } from './status-table.js';
import { age, ahead, stateInWords } from './status-words.js';
import type { Style } from './style.js';
import { table } from './table.js';

const lastSync = ({ lastSync: last, live }: Status, style: Style): string => {
  if (last === null)
    return live.running
      ? 'No sync has been completed yet.'
      : 'No sync has been completed yet: run "directory-sync sync".';
  if (last.ok) return `The last sync completed at ${last.at}.`;
  const next = live.running ? 'it is tried again.' : 'run "directory-sync sync" again.';
  return style.warning(`The last sync, at ${last.at}, did not complete: ${next}`);
};

const running = ({ live, paused, disconnectedAt }: Status, style: Style, now: Date): ReadonlyArray<string> => {
  if (disconnectedAt !== undefined)
    return [
      style.warning(
        `It has been disconnected since ${disconnectedAt}: nothing is read or sent, and everybody keeps their account; "directory-sync resume" connects it again.`,
      ),
    ];
  if (paused) return [style.warning('It is paused: nothing is read or sent until "directory-sync resume".')];
  if (!live.running) return ['No engine runs it: "directory-sync run" keeps it in step.'];
  const until =
    live.waitingUntil === null
      ? live.nextSyncAt === null
        ? ''
        : ` The next sync is due ${ahead(live.nextSyncAt, now)}.`
      : ` It waits until ${live.waitingUntil}.`;
  const failed = live.lastError === null ? [] : [style.bad(printable(live.lastError.message))];
  return [`An engine runs it.${until}`, ...failed];
};

const notifications = ({ live: { webhook, running: lives } }: Status, style: Style): ReadonlyArray<string> => {
  if (!lives || webhook.state === 'off') return [];
  const { lastNotificationAt, expiresAt, problem } = webhook;
  const heard = lastNotificationAt === null ? 'none came yet' : `the last one came at ${lastNotificationAt}`;
  const ends = expiresAt === null ? '' : `; the subscriptions are renewed before ${expiresAt}`;
  return [
    webhook.state === 'ok'
      ? `Notifications are on: ${heard}${ends}.`
      : style.warning('Notifications do not arrive: changes come with the polls.'),
    ...(problem === null ? [] : [style.warning(printable(problem))]),
  ];
};

/** A month before it ends a person is told by the alert as well. */
const SOON_MS = 30 * 24 * 3_600_000;

/** What a person has to do about it; `undefined`: nothing yet. */
const endingCredential = ({ credentialExpiresAt: at }: Status, now: Date): string | undefined => {
  if (at === undefined) return undefined;
  const left = Date.parse(at) - now.getTime();
  if (left > SOON_MS) return undefined;
  return left <= 0
    ? `The Graph credential ended at ${at}: replace it.`
    : `The Graph credential ends at ${at}: replace it before then.`;
};

const credential = (status: Status, style: Style, now: Date): ReadonlyArray<string> => {
  const { credentialExpiresAt: at } = status;
  const ending = endingCredential(status, now);
  if (ending !== undefined) return [style.warning(ending)];
  return at === undefined ? [] : [`The Graph credential ends at ${at}.`];
};

const refusedLinks = ({ refusedLinks: refused }: Status, style: Style): ReadonlyArray<string> =>
  refused === undefined
    ? []
    : [
        style.bad(
          printable(
            `${counted(refused.count, 'link', 'links')} in answers of Microsoft Graph led elsewhere and ${refused.count === 1 ? 'was' : 'were'} not followed; the last one at ${refused.lastAt}, to ${refused.host}.`,
          ),
        ),
      ];

const DAY_SECONDS = 24 * 3_600;
/** Delta links of Microsoft Graph live seven days, and a recorded one moves daily while rounds reach their end. */
const [OLD_AT_DAYS, LINK_DAYS] = [5, 7];

/** What a person has to do about it; `undefined`: nothing. */
const oldLinks = ({ cursors, paused, disconnectedAt }: Status): string | undefined => {
  const oldest = Math.max(0, ...cursors.map(({ ageSeconds }) => ageSeconds)) / DAY_SECONDS;
  if (oldest < OLD_AT_DAYS || disconnectedAt !== undefined) return undefined;
  const todo = paused ? 'resume it' : 'let a sync come to its end';
  return oldest < LINK_DAYS
    ? `The oldest delta link is ${Math.floor(oldest)} days old and lives ${LINK_DAYS}: ${todo} before then.`
    : `The oldest delta link is older than the ${LINK_DAYS} days it lives: the next sync reads everything from the beginning, and loses nothing.`;
};

/** What a person has to do about it; `undefined`: nothing. */
const restartedRounds = ({ restartedRounds: rounds }: Status): string | undefined => {
  if (rounds === undefined || rounds.length === 0) return undefined;
  const told = rounds.map(({ source, starts, since }) => `of ${source} (begun ${starts} times since ${since})`);
  return `A round ${told.join(' and one ')} does not reach its end, and nobody leaves by it: let one sync run without interruption; if Microsoft Graph refuses its pages again, ask Microsoft, with the request ids of the log.`;
};

const warned = (says: string | undefined, style: Style): ReadonlyArray<string> =>
  says === undefined ? [] : [style.warning(says)];

const reasons: Readonly<Record<NonNullable<Status['delivery']>['reason'], string>> = {
  'learn-amp-credentials': 'Learn Amp refuses the credentials or a scope; it is asked again, and goes on by itself.',
  'learn-amp-unreachable': 'Learn Amp gives no answer; it is asked again, and goes on by itself.',
  'invariant-violated':
    'a rule of safety would have been broken. Report it and keep the log; "directory-sync resume" tries again.',
};

const delivery = ({ delivery: standing }: Status, style: Style): ReadonlyArray<string> => {
  if (standing === null) return [];
  const { reason, since, invariant, subject } = standing;
  const which = invariant === undefined ? '' : ` (${invariant}, at ${subject ?? 'somebody'})`;
  return [style.bad(`Nothing has been sent to Learn Amp since ${since}${which}: ${reasons[reason]}`)];
};

/** One connection in sentences. */
const details = (status: Status, style: Style, now: Date): string => {
  const { inScope, linked, waiting, held, parked } = status.people;
  const cursors = status.cursors.map(({ source, ageSeconds }) => [source, age(ageSeconds)]);
  const wait = waiting === 0 ? '' : ` ${waiting} without an account yet,`;
  return [
    `${style.strong(printable(status.connectionId))}: ${stateInWords(status, style)}. ${lastSync(status, style)}`,
    `${counted(inScope, 'person', 'people')} in scope, ${linked} with a Learn Amp account,${wait} ${held} held, ${parked} parked.`,
    ...(status.freshness === null
      ? []
      : [
          `What Entra says was read to its end ${age(status.freshness.ageSeconds)} ago, at ${status.freshness.roundAt}.`,
        ]),
    ...delivery(status, style),
    ...refusedLinks(status, style),
    ...running(status, style, now),
    ...notifications(status, style),
    ...credential(status, style, now),
    ...warned(oldLinks(status), style),
    ...warned(restartedRounds(status), style),
    status.head === null
      ? 'The event log is empty.'
      : `The event log ends at revision ${status.head.revision} (hash ${status.head.hash.slice(0, 12)}).`,
    ...(cursors.length === 0 ? [] : ['', table(['delta cursor', 'age'], cursors)]),
    '',
  ].join('\n');
};

const problems = (readings: ReadonlyArray<Reading>, style: Style, now: Date): ReadonlyArray<string> =>
  readings.flatMap((reading) => {
    if (reading._tag === 'Failed') return [style.bad(printable(`${reading.connectionId}: ${reading.problem}`))];
    const { connectionId, live } = reading.status;
    const said = [
      ...(live.running ? [live.lastError?.message, live.webhook.problem] : []),
      endingCredential(reading.status, now),
      oldLinks(reading.status),
      restartedRounds(reading.status),
    ];
    return said
      .flatMap((problem) => problem ?? [])
      .map((problem) => style.warning(printable(`${connectionId}: ${problem}`)));
  });

/** Every connection at a glance; then the one there is in sentences, or of several what is wrong with them. */
export const statusText = (readings: ReadonlyArray<Reading>, style: Style, now: Date): string => {
  const [only, ...others] = readings;
  const rows = statusTable(readings, now);
  if (only?._tag === 'Read' && others.length === 0) return `${rows}\n\n${details(only.status, style, now)}`;
  const wrong = problems(readings, style, now);
  return [rows, ...(wrong.length === 0 ? [] : ['', ...wrong]), ''].join('\n');
};

/** One connection as one line, for a log. */
export const statusLine = (reading: Reading, now: Date): string => {
  if (reading._tag === 'Failed')
    return printable(`${now.toISOString()}  ${reading.connectionId}: unreadable. ${reading.problem}`);
  const { connectionId, lastSync: last, people, live } = reading.status;
  const { inScope, linked, waiting, held, parked } = people;
  const synced = last === null ? 'never synced' : `last sync ${last.at}${last.ok ? '' : ' (not completed)'}`;
  const problem = live.running ? (live.lastError?.message ?? live.webhook.problem) : null;
  const facts = [
    stateOf(reading.status),
    synced,
    `${inScope} in scope, ${linked} linked, ${waiting} waiting, ${held} held, ${parked} parked`,
    ...(problem === null ? [] : [problem]),
  ];
  return printable(`${now.toISOString()}  ${connectionId}: ${facts.join('; ')}`);
};
