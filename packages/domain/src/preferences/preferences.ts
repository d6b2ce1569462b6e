import type { ObjectId } from '../ids.js';

/** Learn Amp's fields that a directory attribute may feed. `primaryTeam` follows `department` unless it is mapped apart. */
export const mappedFields = [
  'firstName',
  'lastName',
  'email',
  'jobTitle',
  'department',
  'primaryTeam',
  'location',
  'language',
  'hireDate',
] as const;
export type MappedField = (typeof mappedFields)[number];

export type DeactivationHold = {
  readonly enabled: boolean;
  readonly windowHours: number;
  readonly count: number;
  readonly largeShare: number;
  readonly largeShareFrom: number;
  readonly smallShare: number;
  readonly smallShareFrom: number;
};
export type CreationHold = { readonly enabled: boolean; readonly count: number; readonly share: number };

/** What a company decided about its sync, complete: every key has its value or its default. */
export type Preferences = {
  readonly invitations: 'immediate' | 'manual' | 'hire-date';
  readonly assignOverrideManagers: boolean;
  readonly syncPhotos: boolean;
  /** Per Learn Amp field the attributes to try in order; an empty list switches the field off. */
  readonly attributes: Readonly<Record<MappedField, ReadonlyArray<string>>>;
  /** Graph attribute -> name of a Learn Amp custom field. */
  readonly customFields: Readonly<Record<string, string>>;
  readonly blanks: 'clear' | 'keep';
  readonly deactivateBlockedAccounts: boolean;
  readonly adoptByEmail: boolean;
  readonly graceRounds: number;
  readonly hireDateTimeZone: string;
  readonly externalId: 'integrationExternalId' | 'none' | { readonly customField: string };
  readonly clearRemovedPhotos: boolean;
  /** Object ids, or e-mails in lower case. */
  readonly neverDeactivate: ReadonlyArray<ObjectId | string>;
  readonly deactivationHold: DeactivationHold;
  readonly creationHold: CreationHold;
  readonly eraseLeaversAfterMonths: number | null;
};

/** One mistake in a configuration: where, and what to do. */
export type ConfigurationMistake = { readonly path: string; readonly message: string };
