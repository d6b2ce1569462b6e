import type { Viewer } from '../access/access.js';
import type { PersonStatus, PersonView } from '../directory-sync.js';

/** What is searched for, how the people are chosen, and which page of them. */
export type PeopleSearch = {
  /**
   * Words that all have to be found, without case or accents: in the name, the address or the team, or as an object id or
   * Learn Amp id as a whole. Default: everybody.
   */
  readonly text?: string | undefined;
  /** One of these. Default: any. */
  readonly statuses?: ReadonlyArray<PersonStatus> | undefined;
  /** Most on one page. Default 50, at most 200. */
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly after?: string | undefined;
  /**
   * Longest wait, in milliseconds, for the first look at everybody, which the first search of a process takes: after it the
   * answer is an empty page with `reading`. Default: as long as it takes.
   */
  readonly patienceMs?: number | undefined;
  /** On whose behalf; recorded in the access log, with those of this page. */
  readonly by?: Viewer | undefined;
};

/** One page, by name and then by object id. */
export type PeoplePage = {
  /** In the order that was asked for. */
  readonly people: ReadonlyArray<PersonView>;
  /** How many were found, on all pages. */
  readonly found: number;
  /** How many of those that the text finds have each status, whatever `statuses` asks for. */
  readonly byStatus: Readonly<Record<PersonStatus, number>>;
  /** What `after` takes for the next page; `null`: this was the last. */
  readonly next: string | null;
  /** How far the first look at everybody is; nobody is told before its end. */
  readonly reading?: { readonly done: number; readonly total: number } | undefined;
};
