/**
 * What Graph says about the budget of an app in a tenant, from the headers of its answers
 * (https://learn.microsoft.com/graph/throttling-limits, "Identity and access service limits"): the cost of each request
 * in resource units, how much of the budget is used once that is 80 % or more, and which limit a 429 is about.
 */
import { isThrottling } from './retry-policy.js';

export type LastThrottled = {
  readonly at: string;
  /** Of `x-ms-throttle-scope` the scope and the limit; what follows names the app and the tenant. */
  readonly scope: string | undefined;
  /** `x-ms-throttle-information`, such as `ResourceUnitLimitExceeded`. */
  readonly information: string | undefined;
};

export type MeterReading = {
  /** Answers that were 429, items of a batch included. */
  readonly throttled: number;
  readonly resourceUnits: { readonly total: number; readonly lastTenSeconds: number };
  /** The latest `x-ms-throttle-limit-percentage`, 0.8 to 1.8, for ten seconds; `undefined` below 0.8. */
  readonly limitShare: number | undefined;
  readonly lastThrottled: LastThrottled | undefined;
};

/** The directory's budget is counted in windows of ten seconds. */
const WINDOW_MS = 10_000;
const SLOW_FROM = 0.8;
const MOST = 1.8;

const numberIn = (headers: Headers, name: string): number | undefined => {
  const text = headers.get(name)?.trim() ?? '';
  return /^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
};

const wordsIn = (headers: Headers, name: string): string | undefined => {
  const words = headers
    .get(name)
    ?.split('/')
    .slice(0, 2)
    .map((word) => word.replace(/[^\w-]/g, '').slice(0, 60))
    .join('/');
  return words === '' ? undefined : words;
};

export const makeThrottleMeter = (now: () => number) => {
  let throttled = 0;
  let total = 0;
  let lastThrottled: LastThrottled | undefined;
  let share: { readonly value: number; readonly at: number } | undefined;
  /** Units by second: ten of them at most, however many requests. */
  let recent: ReadonlyArray<{ readonly second: number; readonly units: number }> = [];

  /** What lies ahead by more is of a clock that was set back since. */
  const isRecent = (at: number): boolean => Math.abs(now() - at) < WINDOW_MS;
  const within = (second: number): boolean => isRecent(second * 1000);
  const addUnits = (units: number): void => {
    total += units;
    const second = Math.floor(now() / 1000);
    const kept = recent.filter((entry) => within(entry.second));
    const same = kept.find((entry) => entry.second === second)?.units ?? 0;
    recent = [...kept.filter((entry) => entry.second !== second), { second, units: same + units }];
  };
  const limitShare = (): number | undefined => (share !== undefined && isRecent(share.at) ? share.value : undefined);

  return {
    observe: (status: number, headers: Headers): void => {
      const units = numberIn(headers, 'x-ms-resource-unit');
      if (units !== undefined) addUnits(units);
      const seen = numberIn(headers, 'x-ms-throttle-limit-percentage');
      if (seen !== undefined) share = seen < SLOW_FROM ? undefined : { value: Math.min(MOST, seen), at: now() };
      if (!isThrottling(status)) return;
      throttled += 1;
      lastThrottled = {
        at: new Date(now()).toISOString(),
        scope: wordsIn(headers, 'x-ms-throttle-scope'),
        information: wordsIn(headers, 'x-ms-throttle-information'),
      };
    },
    /** How far apart requests start: at once below 80 % of the budget, from 0.1 s at 80 % to 1 s at 180 %. */
    spacingMs: (): number => {
      const value = limitShare();
      return value === undefined ? 0 : Math.round(100 * 10 ** (value - SLOW_FROM));
    },
    read: (): MeterReading => ({
      throttled,
      resourceUnits: {
        total,
        lastTenSeconds: recent.reduce((sum, { second, units }) => (within(second) ? sum + units : sum), 0),
      },
      limitShare: limitShare(),
      lastThrottled,
    }),
  };
};
