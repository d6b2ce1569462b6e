import type { Preferences } from './preferences.js';

/** What holds for a company that configured nothing: the product's own attribute map, and every safeguard on. */
export const defaultPreferences: Preferences = {
  invitations: 'manual',
  assignOverrideManagers: true,
  syncPhotos: true,
  attributes: {
    firstName: ['givenName'],
    lastName: ['surname'],
    email: ['userPrincipalName'],
    jobTitle: ['jobTitle'],
    department: ['department'],
    primaryTeam: ['department'],
    location: ['officeLocation'],
    language: ['preferredLanguage'],
    hireDate: ['employeeHireDate'],
  },
  customFields: {},
  blanks: 'clear',
  deactivateBlockedAccounts: false,
  adoptByEmail: true,
  graceRounds: 0,
  hireDateTimeZone: 'UTC',
  externalId: 'integrationExternalId',
  clearRemovedPhotos: false,
  neverDeactivate: [],
  deactivationHold: {
    enabled: true,
    windowHours: 24,
    count: 500,
    largeShare: 0.05,
    largeShareFrom: 20,
    smallShare: 0.2,
    smallShareFrom: 5,
  },
  creationHold: { enabled: true, count: 100, share: 0.25 },
  eraseLeaversAfterMonths: null,
};
