import { profileFields, type Identity, type ProfileField } from '../commands.js';
import type { Draft } from '../evolve/change-by-type.js';
import type { LearnAmpAccount } from '../learn-amp-account.js';
import type { DeliveredPerson } from './delivered-person.js';

/** A record without one of its keys. */
export const without = <T extends object>(record: T, key: PropertyKey): T =>
  key in record ? (Object.fromEntries(Object.entries(record).filter(([name]) => name !== key)) as T) : record;

const emptyAsNull = (value: string | null): string | null => (value === '' ? null : value);

const emptiesAsNull = (values: Readonly<Record<string, string | null>>): Readonly<Record<string, string | null>> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, emptyAsNull(value)]));

/** The profile fields that an account shows. Learn Amp shows an empty field as `null` or as an empty text. */
export const profileShown = (account: LearnAmpAccount): Readonly<Partial<Record<ProfileField, string | null>>> =>
  Object.fromEntries(
    profileFields
      .filter((field) => account[field] !== undefined)
      .map((field) => [field, emptyAsNull(account[field] ?? null)]),
  );

export const customFieldsShown = (account: LearnAmpAccount): Readonly<Record<string, string | null>> =>
  emptiesAsNull(account.customFields ?? {});

export const applyIdentity = (draft: Draft<DeliveredPerson>, { email, firstName, lastName }: Identity): void => {
  draft.email = email;
  draft.firstName = firstName;
  draft.lastName = lastName;
};

/** Which override stands from here on. Where none does, none is this engine's own; whose another one is, the plan asks. */
export const learnManager = (
  draft: Draft<DeliveredPerson>,
  managerLearnAmpUserId: DeliveredPerson['managerLearnAmpUserId'],
  revision: string,
): void => {
  if (managerLearnAmpUserId === null) {
    draft.managerSetAccount = undefined;
    draft.managerSetRevision = '';
  }
  draft.managerLearnAmpUserId = managerLearnAmpUserId;
  draft.managerRevision = revision;
};

/** Learn Amp takes an account out of its teams, and says nothing of its override, when it is deactivated. */
export const forgetPlace = (draft: Draft<DeliveredPerson>): void => {
  draft.teamKey = undefined;
  draft.teamId = undefined;
  draft.managerLearnAmpUserId = undefined;
};

/** An avatar of ours may be there or not, and which one: the next plan sets it, whatever its bytes. */
export const doubtPhoto = (draft: Draft<DeliveredPerson>): void => {
  if (draft.photo) draft.photo = { mark: null, contentHash: null };
};

/**
 * Nobody looks at an account while it is deactivated, so everything is applied again on return. What stays is whose the
 * fields are, so that what the directory emptied meanwhile is emptied there, too.
 */
export const forgetDetails = (draft: Draft<DeliveredPerson>): void => {
  draft.firstName = undefined;
  draft.lastName = undefined;
  draft.profile = {};
  draft.customFields = Object.fromEntries(
    Object.entries(draft.customFields).filter(([name]) => !draft.owned.includes(`custom:${name}`)),
  );
  doubtPhoto(draft);
  forgetPlace(draft);
};

/** What an answer showed replaces what was believed; what it left out stays. */
export const applyAccount = (draft: Draft<DeliveredPerson>, account: LearnAmpAccount, revision: string): void => {
  draft.status = account.status;
  draft.email = account.email;
  if (account.firstName !== null) draft.firstName = account.firstName;
  if (account.lastName !== null) draft.lastName = account.lastName;
  if (account.role !== undefined) draft.role = account.role;
  draft.profile = { ...draft.profile, ...profileShown(account) };
  draft.customFields = { ...draft.customFields, ...customFieldsShown(account) };
  if (account.primaryTeam !== undefined) {
    const teamId = account.primaryTeam?.teamId ?? null;
    if (teamId !== draft.teamId) draft.teamKey = undefined;
    draft.teamId = teamId;
  }
  if (account.managerLearnAmpUserId !== undefined) learnManager(draft, account.managerLearnAmpUserId, revision);
  if (account.status === 'deactivated') forgetPlace(draft);
  else draft.deactivatedHere = false;
};
