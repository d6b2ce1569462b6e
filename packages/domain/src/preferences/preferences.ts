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
  /** When new people are invited. Default `manual`; `hire-date` only where the port can send later. */
  readonly invitations: 'immediate' | 'manual' | 'hire-date';
  /** The manager in Entra becomes the override manager. Switching it off clears nothing. Default true. */
  readonly assignOverrideManagers: boolean;
  /** The photo becomes the avatar, where the port can set one. Default true. */
  readonly syncPhotos: boolean;
  /** Per Learn Amp field the attributes to try in order; an empty list switches the field off. */
  readonly attributes: Readonly<Record<MappedField, ReadonlyArray<string>>>;
  /** Graph attribute -> name of a Learn Amp custom field. */
  readonly customFields: Readonly<Record<string, string>>;
  /** What becomes of a value that was emptied in Entra. Default `clear`. */
  readonly blanks: 'clear' | 'keep';
  /** Whether members whose sign-in is blocked are deactivated. Default false. */
  readonly deactivateBlockedAccounts: boolean;
  /** Link an account with the same address; off: the person is parked. Default true. */
  readonly adoptByEmail: boolean;
  /** How many more rounds must agree before somebody who left is deactivated. Default 0. */
  readonly graceRounds: number;
  /** The IANA zone in which the hire date is a day. Default `UTC`. */
  readonly hireDateTimeZone: string;
  /** Where at Learn Amp the object id is kept. Default `integrationExternalId`. */
  readonly externalId: 'integrationExternalId' | 'none' | { readonly customField: string };
  /** Clears the avatar of whoever removed their photo in Entra. Default false. */
  readonly clearRemovedPhotos: boolean;
  /** Object ids, or e-mails in lower case. */
  readonly neverDeactivate: ReadonlyArray<ObjectId | string>;
  /** When deactivations wait for a person (`docs/explanation/safety.md`, The hold). Shares are between 0 and 1. */
  readonly deactivationHold: DeactivationHold;
  /** When creations wait for a person, once the first sync is done. */
  readonly creationHold: CreationHold;
  /** Months after which somebody who left is erased. Default `null`: never. */
  readonly eraseLeaversAfterMonths: number | null;
};

/** One mistake in a configuration: where, and what to do. */
export type ConfigurationMistake = { readonly path: string; readonly message: string };
