import type { RateLimit } from './rate-limiter.js';

/** How Learn Amp behaves where its API documentation is silent. */
export type LearnAmpServerOptions = {
  /** Scopes of the credentials; `public` is the full access of legacy credentials. Default: what provisioning needs. */
  readonly scopes?: ReadonlyArray<string>;
  /** Whether a list without a status filter holds deactivated people. Default true. */
  readonly listsDeactivated?: boolean;
  /** `filters[email]`. Default `exact`, without case. */
  readonly emailFilter?: 'exact' | 'substring';
  /** The most people or teams in one page, whatever is asked for. Default 100. */
  readonly largestPage?: number;
  /** Whether `PUT /v1/users/{id}` insists on e-mail and both names, as its table says. Default true. */
  readonly updateNeedsIdentity?: boolean;
  /** Whether `managerId` must be active, as `managerEmail` must. Default false. */
  readonly managerMustBeActive?: boolean;
  /** Whether two teams may have one name. Default true. */
  readonly teamNamesRepeat?: boolean;
  readonly lastOwnerStatus?: 400 | 422;
  readonly customFields?: ReadonlyArray<{ readonly name: string; readonly required?: boolean }>;
  /** Default true. When off, custom fields in a payload are silently ignored. */
  readonly customFieldsEnabled?: boolean;
  /** The languages the company has switched on, out of those the API knows. Default: all. */
  readonly languages?: ReadonlyArray<string>;
  readonly hrRolePackage?: boolean;
  readonly occupationRoles?: ReadonlyArray<string>;
  /** Seats for active people; a creation or reactivation beyond them is 422. Default: no limit. */
  readonly seats?: number | (() => number);
  /** Requests beyond it are answered 429. Default: no limit. */
  readonly rateLimit?: RateLimit;
  readonly accessTokenSeconds?: number;
};

export type LearnAmpBehaviour = Required<Omit<LearnAmpServerOptions, 'languages' | 'rateLimit' | 'seats'>> & {
  readonly seats: () => number;
  readonly rateLimit: RateLimit | undefined;
};

export const provisioningScopes: ReadonlyArray<string> = [
  'users:read',
  'users:create',
  'users:update',
  'users:deactivate',
  'users:reactivate',
  'teams:read',
  'teams:create',
  'team_users:read',
  'team_users:create',
];

/** The codes of the API's table. */
export const languageCodes: ReadonlyArray<string> =
  'en en-US de es es-CO fr fr-CA it nl pt-BR pl ru no sv da zh-CN zh-TW ja ar sk ca cy el hu pt-PT ro tr'.split(' ');

const seatsOf = (seats: number | (() => number) = Number.POSITIVE_INFINITY): (() => number) =>
  typeof seats === 'function' ? seats : () => seats;

export const learnAmpBehaviour = (
  options: LearnAmpServerOptions,
): LearnAmpBehaviour & { readonly languages: ReadonlyArray<string> } => ({
  scopes: options.scopes ?? provisioningScopes,
  listsDeactivated: options.listsDeactivated ?? true,
  emailFilter: options.emailFilter ?? 'exact',
  largestPage: options.largestPage ?? 100,
  updateNeedsIdentity: options.updateNeedsIdentity ?? true,
  managerMustBeActive: options.managerMustBeActive ?? false,
  teamNamesRepeat: options.teamNamesRepeat ?? true,
  lastOwnerStatus: options.lastOwnerStatus ?? 422,
  customFields: options.customFields ?? [],
  customFieldsEnabled: options.customFieldsEnabled ?? true,
  languages: (options.languages ?? languageCodes).filter((code) => languageCodes.includes(code)),
  hrRolePackage: options.hrRolePackage ?? false,
  occupationRoles: options.occupationRoles ?? [],
  seats: seatsOf(options.seats),
  rateLimit: options.rateLimit,
  accessTokenSeconds: options.accessTokenSeconds ?? 7200,
});
