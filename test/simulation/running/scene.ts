import type { SyncReport } from '@learnamp/directory-sync';
import type { Random } from '@learnamp/directory-sync-simulator';
import type { Oracle } from '../oracle.js';
import type { Wishes } from '../oracle-rules.js';
import type { RandomCompany } from '../random-company.js';
import type { PostOffice } from './post-office.js';
import type { PhaseChanges } from './phase-changes.js';
import type { Process, Surroundings } from './process.js';

/** Everything of one life that a fault can strike or an act can move. */
export type Scene = Surroundings & {
  readonly company: RandomCompany;
  readonly oracle: Oracle;
  readonly office: PostOffice;
  readonly storage: 'memory' | 'sqlite';
  /** Those that run, the eldest first. */
  readonly alive: () => ReadonlyArray<Process>;
  /** One more process of the host. */
  readonly start: () => Promise<Process>;
  /** Everything goes on for so long. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Everything goes on until this has ended; what it rejects with is left to whoever looks. */
  readonly finish: <T>(work: Promise<T>) => Promise<T | undefined>;
  /** The clock of the host jumps. */
  readonly setHostClock: (byMs: number) => void;
  /** What was done in this phase, of which the oracle sees the end alone. */
  readonly changes: PhaseChanges;
  readonly say: (text: string) => void;
  readonly changeWishes: (change: Partial<Wishes>) => void;
  /** What the host has as the client secret from now on. */
  readonly changeSecret: (secret: string) => void;
  /** The machine loses its power in the middle of its n-th commit from now on, and starts again. Only where there are files. */
  readonly cutPower: (nth: number) => Promise<boolean>;
  readonly reports: ReadonlyArray<{ readonly actor: string; readonly report: SyncReport }>;
};

/** How often what was armed has struck. */
export type Armed = { readonly hits: () => number };

/** One kind of thing that goes wrong. A run in which it never struck has not tried it. */
export type FaultKind = {
  readonly name: string;
  readonly arm: (scene: Scene, random: Random) => Armed | Promise<Armed>;
  /** What has to happen for it to strike: people are changed, so that something is written, or Graph is asked. */
  readonly meets?: 'writes' | 'reads';
  /** Where it can be: everywhere by default. */
  readonly needs?: 'sqlite' | 'photos';
};

export const times = (count: number): Armed => ({ hits: () => count });
export const nothing: Armed = times(0);
