/** What `verify` looks at, in the order it is told. */
export const verifyChecks = [
  'chain',
  'records',
  'commands',
  'receipts',
  'invariants',
  'projections',
  'access',
  'head',
] as const;
/** The checks there are (`docs/how-to/verify-the-log.md`). */
export type VerifyCheckName = (typeof verifyChecks)[number];

/** One thing that is not as it should be. People are named by object id. */
export type VerifyFinding = {
  /** `null`: it is not about one record. */
  readonly revision: string | null;
  readonly type: string | null;
  readonly what: string;
};

/** One of the checks, how much it looked at and what it found. */
export type VerifyCheck = {
  readonly name: VerifyCheckName;
  /** Records, commands, receipts or rows that were looked at. */
  readonly checked: number;
  readonly differences: number;
  /** The first of them. */
  readonly first: ReadonlyArray<VerifyFinding>;
  /** What was met and is no difference, such as `erased`, with how often. */
  readonly counts: Readonly<Record<string, number>>;
  /** Why the check ends before the log does, or was not made at all. */
  readonly incomplete?: string | undefined;
};

/** What a verification of the whole log came to. Nothing was written. */
export type VerifyReport = {
  /** No difference was found, and nothing was left unchecked for one. */
  readonly ok: boolean;
  readonly events: number;
  readonly head: { readonly revision: string; readonly hash: string } | null;
  readonly checks: ReadonlyArray<VerifyCheck>;
  readonly durationMs: number;
};

/** Collects what one check finds. Keeps the first findings only, so that a ruined log costs no memory. */
export type Collector = {
  readonly checked: (count?: number) => void;
  readonly differs: (finding: VerifyFinding) => void;
  readonly count: (name: string) => void;
  /** The first reason stands. */
  readonly stops: (why: string) => void;
  readonly result: () => VerifyCheck;
};

const FIRST = 20;

export const makeCollector = (name: VerifyCheckName, limit = FIRST): Collector => {
  let checked = 0;
  let differences = 0;
  let incomplete: string | undefined;
  const first: VerifyFinding[] = [];
  const counts: Record<string, number> = {};
  return {
    checked: (count = 1) => {
      checked += count;
    },
    differs: (finding) => {
      differences += 1;
      if (first.length < limit) first.push(finding);
    },
    count: (what) => {
      counts[what] = (counts[what] ?? 0) + 1;
    },
    stops: (why) => {
      incomplete ??= why;
    },
    result: () => ({
      name,
      checked,
      differences,
      first,
      counts,
      ...(incomplete === undefined ? {} : { incomplete }),
    }),
  };
};

export type Collectors = Readonly<Record<VerifyCheckName, Collector>>;

export const makeCollectors = (): Collectors =>
  Object.fromEntries(verifyChecks.map((name) => [name, makeCollector(name)])) as Record<VerifyCheckName, Collector>;
