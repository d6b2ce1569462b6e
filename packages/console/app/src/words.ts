/** Words of the console: one place for how times, numbers and statuses read. */

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const number = new Intl.NumberFormat('en');

const units: ReadonlyArray<readonly [Intl.RelativeTimeFormatUnit, number]> = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** `5 minutes ago`, `in 2 hours`. */
export const ago = (moment: string, now: number): string => {
  const seconds = (Date.parse(moment) - now) / 1000;
  const found = units.find(([, size]) => Math.abs(seconds) >= size);
  if (found === undefined) return seconds > 5 ? 'in a moment' : 'just now';
  return relative.format(Math.round(seconds / found[1]), found[0]);
};

export const at = (moment: string): string => exact.format(new Date(moment));
export const count = (value: number): string => number.format(value);
export const counted = (value: number, one: string, many: string): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** `1 min 20 s`: of what lasts, or is left. */
export const lasting = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

export const statusWords = {
  active: 'Active',
  waiting: 'Waiting for an account',
  held: 'Held',
  parked: 'Needs attention',
  left: 'Left',
} as const;

export const stepWords: Readonly<Record<string, string>> = {
  fold: 'Reading the log',
  write: 'Writing',
  groups: 'Reading groups',
  users: 'Reading changes of people',
  profiles: 'Reading people',
  confirm: 'Confirming who left',
  accounts: 'Looking at Learn Amp',
  deliver: 'Delivering to Learn Amp',
  plan: 'Planning for everybody',
};

/** `UserJoinedGroup` as `User joined group`. */
export const spaced = (name: string): string => {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** Who said it. */
export const sourceWords = {
  graph: 'Entra',
  'learn-amp': 'Learn Amp',
  administrator: 'an administrator',
  engine: 'the sync itself',
} as const;

export const receiptWords = {
  succeeded: 'done',
  seen: 'seen at Learn Amp',
  rejected: 'refused',
  parked: 'given up for now',
  deferred: 'put off',
  unknown: 'no answer yet',
  'identity-conflict': 'another account is in the way',
  'not-tried': 'not tried',
} as const;

const moments = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** A sentence of the engine with its times as the page shows times, and a capital at its beginning. */
export const sentence = (says: string): string => {
  const shown = says.replace(moments, (moment) => (Number.isNaN(Date.parse(moment)) ? moment : at(moment)));
  return shown.charAt(0).toUpperCase() + shown.slice(1);
};

const LONGEST_NAME = 120;

/** A name that is longer than any name would fill the page: its beginning, and that there is more. */
export const shortened = (name: string): string =>
  name.length <= LONGEST_NAME
    ? name
    : // Half of a character is none.
      `${name.slice(0, LONGEST_NAME).replace(/[\ud800-\udbff]$/, '')}… (${count(name.length)} characters)`;
