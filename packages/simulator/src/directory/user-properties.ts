/** The properties of a user the simulator knows, as Microsoft's `user` resource page names them. */
export type UserProperties = {
  readonly displayName?: string | null;
  readonly userPrincipalName?: string | null;
  readonly mail?: string | null;
  readonly givenName?: string | null;
  readonly surname?: string | null;
  readonly jobTitle?: string | null;
  readonly department?: string | null;
  readonly companyName?: string | null;
  readonly officeLocation?: string | null;
  readonly city?: string | null;
  readonly state?: string | null;
  readonly country?: string | null;
  readonly usageLocation?: string | null;
  readonly preferredLanguage?: string | null;
  readonly mobilePhone?: string | null;
  readonly businessPhones?: ReadonlyArray<string>;
  readonly employeeId?: string | null;
  /** Edm.DateTimeOffset in UTC, such as `2020-01-01T00:00:00Z`. */
  readonly employeeHireDate?: string | null;
  readonly employeeType?: string | null;
  readonly employeeOrgData?: { readonly division: string | null; readonly costCenter: string | null } | null;
  readonly accountEnabled?: boolean | null;
  readonly userType?: 'Member' | 'Guest' | null;
  readonly externalUserState?: 'PendingAcceptance' | 'Accepted' | null;
  readonly createdDateTime?: string | null;
  readonly onPremisesSyncEnabled?: boolean | null;
  readonly onPremisesExtensionAttributes?: Readonly<Record<string, string | null>> | null;
  readonly otherMails?: ReadonlyArray<string>;
  readonly proxyAddresses?: ReadonlyArray<string>;
};

export type UserProperty = keyof UserProperties;

const names: Readonly<Record<UserProperty, true>> = {
  displayName: true,
  userPrincipalName: true,
  mail: true,
  givenName: true,
  surname: true,
  jobTitle: true,
  department: true,
  companyName: true,
  officeLocation: true,
  city: true,
  state: true,
  country: true,
  usageLocation: true,
  preferredLanguage: true,
  mobilePhone: true,
  businessPhones: true,
  employeeId: true,
  employeeHireDate: true,
  employeeType: true,
  employeeOrgData: true,
  accountEnabled: true,
  userType: true,
  externalUserState: true,
  createdDateTime: true,
  onPremisesSyncEnabled: true,
  onPremisesExtensionAttributes: true,
  otherMails: true,
  proxyAddresses: true,
};

const byLowerCase = new Map(Object.keys(names).map((name) => [name.toLowerCase(), name as UserProperty]));

/** Graph compares property names without case. */
export const userPropertyNamed = (name: string): UserProperty | undefined => byLowerCase.get(name.toLowerCase());

/** What a user shows when nothing is selected. */
export const defaultUserProperties: ReadonlyArray<UserProperty> = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
];

/** Kept outside the directory's own store, so neither listed over a collection nor tracked (delta-query-overview, "limitations"). */
export const outsideTheStore: ReadonlySet<string> = new Set(
  [
    'aboutMe',
    'birthday',
    'hireDate',
    'interests',
    'mailboxSettings',
    'mySite',
    'pastProjects',
    'preferredName',
    'print',
    'responsibilities',
    'schools',
    'signInActivity',
    'skills',
  ].map((name) => name.toLowerCase()),
);
