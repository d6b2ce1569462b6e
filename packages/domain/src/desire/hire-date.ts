/** Directories write their smallest date where they mean "not set". */
const NOT_SET = '0001-01-01';

/** Date, time, seconds, offset. Edm.DateTimeOffset, and what people type into other attributes. */
const TIMESTAMP =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt ]((?:[01]\d|2[0-3]):[0-5]\d)(?::([0-5]\d)(?:\.\d{1,12})?)?([Zz]|[+-](?:0\d|1[0-4]):[0-5]\d)?)?$/;

/**
 * Making a formatter costs far more than using it; the few zones of one process are kept. `gregory` has no gap in 1582,
 * `iso8601` has (in ICU).
 */
const formatters = new Map<string, Intl.DateTimeFormat>();
const FORMATTERS_KEPT = 32;

const formatterOf = (timeZone: string): Intl.DateTimeFormat => {
  const kept = formatters.get(timeZone);
  if (kept !== undefined) return kept;
  if (formatters.size >= FORMATTERS_KEPT) formatters.clear();
  const made = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  formatters.set(timeZone, made);
  return made;
};

const calendarDate = (timeZone: string, instant: Date): string => {
  const parts = formatterOf(timeZone).formatToParts(instant);
  const digits = (wanted: string): string => parts.map(({ type, value }) => (type === wanted ? value : '')).join('');
  return `${digits('year').padStart(4, '0')}-${digits('month')}-${digits('day')}`;
};

/** `Date` alone would roll 30 February over into March. */
const isCalendarDate = (date: string): boolean => {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const found = new Date(0);
  found.setUTCFullYear(year, month - 1, day);
  return found.getUTCMonth() === month - 1 && found.getUTCDate() === day;
};

/**
 * The calendar date on which a timestamp falls in a time zone, `YYYY-MM-DD`. `null`: it says "not set" (1 January of year 1).
 * `undefined`: no date can be read. A date alone, or a time without an offset, is the date as written in every zone.
 * The machine's own time zone has no part in it. `timeZone` is an IANA name that `Intl` knows; another one throws.
 */
export const hireDateIn = (timeZone: string, timestamp: string): string | null | undefined => {
  const [, date, time, seconds = '00', offset] = TIMESTAMP.exec(timestamp.trim()) ?? [];
  if (date === undefined || date < NOT_SET || !isCalendarDate(date)) return undefined;
  if (date === NOT_SET) return null;
  if (time === undefined || offset === undefined) return date;
  const found = calendarDate(timeZone, new Date(`${date}T${time}:${seconds}${offset.toUpperCase()}`));
  if (found === NOT_SET) return null;
  return found.length === NOT_SET.length ? found : undefined;
};
