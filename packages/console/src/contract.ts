import type {
  ActivityDay,
  AdminConsent,
  DirectorySyncError,
  DoctorCheck,
  EventView,
  PeoplePage,
  PersonAt,
  PersonView,
  Preferences,
  Preview,
  PreviewTotals,
  Progress,
  RebuildReport,
  Status,
  SyncReport,
  VerifyReport,
  WhatIfSummary,
  Why,
} from '@learnamp/directory-sync';
import type { Visitor } from './console-options.js';

/** What the API answers, in JSON: the application and every other client read these. */
export type Session = Pick<Visitor, 'name' | 'role'> & {
  readonly version: string;
  /** Settings can be saved here. */
  readonly savesSettings: boolean;
};

/** One line of the overview: of `GET api/companies`. */
export type Company = {
  readonly connectionId: string;
  readonly name: string;
  /** `false`: its tenant or its group is not known yet, and nothing of it can be asked for but its settings. */
  readonly isSetUp: boolean;
  /** `null`: it could not be told; `problem` says why. */
  readonly status: Status | null;
  readonly problem: string | null;
};

/** One company with the ids of its tenant and group; `null` until they are known: of `GET api/companies/:company`. */
export type CompanyDetails = Company & { readonly tenantId: string | null; readonly groupId: string | null };

/** What people decide about a connection, and what they need to know to decide it. */
export type Settings = {
  readonly tenantId: string | null;
  readonly groupId: string | null;
  readonly preferences: Preferences;
  /** To be given back with a change. `null`: nothing is saved here. */
  readonly version: string | null;
  readonly isSetUp: boolean;
  /** The tenant of a log that has begun stays what it is. */
  readonly hasBegun: boolean;
  /** The app registration that administrators consent to, and where they are led back to; `null`: the host has no such app. */
  readonly application: { readonly clientId: string; readonly redirectUri: string } | null;
};

/** Settings were saved; `restart`: an engine of another process runs, and follows them once it is started again. */
export type SettingsKept = { readonly takesEffect: 'next-sync' | 'restart' };

/** Where to send an administrator of the tenant. */
export type ConsentBegun = { readonly url: string };

/** The consent of an administrator, checked by signing in, and whose connection it is for. */
export type ConsentGiven = AdminConsent & { readonly connectionId: string };

/** Changes by day, the oldest first: of `GET api/companies/:company/activity`. */
export type Activity = { readonly days: ReadonlyArray<ActivityDay> };

/** A page of people: of `GET api/companies/:company/people`. Who asks is recorded. */
export type People = PeoplePage;

/** One person and their manager: the two sides as they stand, and the whole explanation. */
export type Person = {
  readonly person: PersonView | null;
  readonly manager: PersonView | null;
  readonly now: PersonAt | null;
  readonly why: Why;
};

/** A page of the log: of `GET api/companies/:company/events`. Data is opened; no delta link and no secret is in it. */
export type Events = {
  /** Newest first. */
  readonly events: ReadonlyArray<EventView>;
  /** Where the next page begins; `null`: this was the last. */
  readonly next: string | null;
  /** Revision of the newest event when the page was read, of whatever kind; `-1`: none. Behind it `events/live` goes on. */
  readonly head: string;
};

/** What can be begun as a job. The newest of each kind is kept, in memory. */
export type JobKind = 'sync' | 'full-sync' | 'preview' | 'rebuild' | 'verify' | 'what-if' | 'check';

/** One command in words. `userId` is `null` for a team; `held` is the reason why it waits, `null` where it does not. */
export type CommandLine = {
  readonly userId: string | null;
  readonly displayName: string | null;
  readonly kind: string;
  readonly says: string;
  readonly held: string | null;
};

/** What a job found out, by its kind. Lists are cut; their counts are whole. */
export type JobResult =
  | { readonly kind: 'sync' | 'full-sync'; readonly report: SyncReport }
  | {
      readonly kind: 'preview';
      readonly report: SyncReport;
      readonly expected: Preview['expected'];
      readonly totals: PreviewTotals;
      readonly commands: ReadonlyArray<CommandLine>;
    }
  | { readonly kind: 'rebuild'; readonly report: RebuildReport }
  | { readonly kind: 'verify'; readonly report: VerifyReport }
  | {
      readonly kind: 'what-if';
      readonly summary: WhatIfSummary;
      /** What saving alone would lead to: without what the saved preferences send, or hold, in any case. */
      readonly changes: { readonly people: number; readonly commands: WhatIfSummary['commands'] };
      readonly commands: ReadonlyArray<CommandLine>;
      readonly noLonger: ReadonlyArray<CommandLine>;
    }
  /** Of these ids, which need not be the saved ones; grows line by line. */
  | {
      readonly kind: 'check';
      readonly tenantId: string;
      readonly groupId: string;
      readonly checks: ReadonlyArray<DoctorCheck>;
    };

/**
 * Something that takes longer than a request. Times are ISO 8601; one of `result` and `problem` is there once
 * `endedAt` is.
 */
export type Job = {
  readonly id: string;
  readonly kind: JobKind;
  readonly by: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly progress: Progress | null;
  /** What the step that is under way still takes, in milliseconds; others may follow. `null`: not to be told, or not yet. */
  readonly stepLeftMs: number | null;
  readonly result: JobResult | null;
  readonly problem: Problem | null;
};

/** The body of every refusal: a code, and one or two sentences that name no person. */
export type Problem = { readonly code: DirectorySyncError['code'] | ConsoleCode; readonly message: string };

/**
 * Why the console refuses: `docs/reference/errors.md` has each with its sentence. Codes of the engine come beside
 * them.
 */
export type ConsoleCode =
  | 'not-signed-in'
  | 'not-allowed'
  | 'another-site'
  | 'unknown-company'
  | 'unknown-page'
  | 'unknown-person'
  | 'invalid-request'
  | 'not-saved-here'
  | 'changed-meanwhile'
  | 'not-set-up'
  | 'internal';
