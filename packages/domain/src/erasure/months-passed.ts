const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month + 1, 0)).getUTCDate();

/**
 * Whether a number of calendar months lies between two times, in UTC. A day that a shorter month does not have is its last
 * one: one month after 31 January is 28 or 29 February. A time that cannot be read has not passed.
 */
export const havePassed = (months: number, since: string, now: string): boolean => {
  const from = new Date(since);
  const [year, month] = [from.getUTCFullYear(), from.getUTCMonth() + months];
  const due = new Date(from);
  due.setUTCFullYear(year, month, Math.min(from.getUTCDate(), daysIn(year, month)));
  return due.getTime() <= Date.parse(now);
};
