import type { DeliveredPerson, DirectoryEvent, DirectoryPerson } from '@learnamp/directory-sync-domain';
import { isActiveStatus } from '@learnamp/directory-sync-domain';

/** How many: kept while folding, so that asking costs nothing however many people are known. */
export type Counts = {
  readonly events: number;
  readonly everInScope: number;
  readonly inScope: number;
  /** In scope, with a linked account that is there. */
  readonly linked: number;
  /** In scope, and without an account yet. */
  readonly waiting: number;
  /** Linked people whose account is active. */
  readonly active: number;
  /** People with an account, or for whom one may have been made. */
  readonly begun: number;
};

export const noCounts: Counts = { events: 0, everInScope: 0, inScope: 0, linked: 0, waiting: 0, active: 0, begun: 0 };

const isActive = (person: DeliveredPerson | undefined): boolean =>
  person?.link !== undefined && !person.gone && person.status !== undefined && isActiveStatus(person.status);

const counted = ['everInScope', 'inScope', 'linked', 'waiting', 'active', 'begun'] as const;

const bitIf = (is: boolean, bit: number): number => (is ? 1 << bit : 0);

/** Where one person is counted: a bit for each of `counted`, so that most events are seen to change nothing at once. */
export const sharesOf = (person: DirectoryPerson | undefined, delivered: DeliveredPerson | undefined): number => {
  const inScope = person?.inScope === true;
  const hasLink = delivered?.link !== undefined;
  const begun = hasLink || delivered?.createUncertain === true;
  return (
    bitIf(person?.everInScope === true, 0) |
    bitIf(inScope, 1) |
    bitIf(inScope && hasLink && !delivered.gone, 2) |
    bitIf(inScope && !hasLink, 3) |
    bitIf(isActive(delivered), 4) |
    bitIf(begun, 5)
  );
};

/** The counts after the shares of one person became others. */
export const recount = (counts: Counts, old: number, now: number): Counts => {
  if (old === now) return counts;
  const next: { -readonly [K in keyof Counts]: Counts[K] } = { ...counts };
  counted.forEach((name, bit) => {
    next[name] += ((now >> bit) & 1) - ((old >> bit) & 1);
  });
  return next;
};

/** How many accounts were active when deactivations were dispatched: between two of those the number only rises. */
export type Sample = { readonly at: string; readonly active: number };

/** More dispatches of deactivations than this in one window hold everything anyway. */
const SAMPLES = 2_000;

/**
 * An erasure brings along what was counted before it: a fold without the erased person's key would count one account less,
 * and hold less or more than the one before.
 */
export const sampled = (
  samples: ReadonlyArray<Sample>,
  event: DirectoryEvent,
  active: number,
): ReadonlyArray<Sample> => {
  if (event.type === 'PersonErased') return event.data.activeBefore ?? samples;
  return event.type === 'CommandsDispatched' && event.data.items.some(({ kind }) => kind === 'DeactivateUser')
    ? [...samples, { at: event.data.graphTime, active }].slice(-SAMPLES)
    : samples;
};

/** Fits into one event beside everything else. */
const KEPT_SAMPLES = 200;

/**
 * The samples that can still decide something: of the window that ends at a Graph time, those above which no later one lies.
 * Where there are more than an event holds, the largest stay, so that the hold never sees less than there was.
 */
export const decisiveSamples = (
  samples: ReadonlyArray<Sample>,
  { graphTime, windowHours }: { readonly graphTime: string; readonly windowHours: number },
): ReadonlyArray<Sample> => {
  const start = Date.parse(graphTime) - windowHours * 3_600_000;
  const decisive: Sample[] = [];
  let most = -1;
  for (const sample of [...samples].reverse()) {
    if (Date.parse(sample.at) < start || sample.active <= most) continue;
    most = sample.active;
    decisive.push(sample);
  }
  return decisive.slice(-KEPT_SAMPLES).reverse();
};

export const largestOf = (
  samples: ReadonlyArray<Sample>,
  active: number,
  { graphTime, windowHours }: { readonly graphTime: string; readonly windowHours: number },
): number => {
  const start = Date.parse(graphTime) - windowHours * 3_600_000;
  return samples.reduce(
    (most, sample) => (Date.parse(sample.at) >= start ? Math.max(most, sample.active) : most),
    active,
  );
};
