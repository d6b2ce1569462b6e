import { type Fields, flagField, integerField, listField, textField } from './body-fields.js';
import { type LearnAmpContext, notFound, refuse } from './learn-amp-context.js';
import type { Account, Role } from './learn-amp-model.js';

export type AccountPatch = Partial<Omit<Account, 'id' | 'createdAt' | 'updatedAt'>>;

const roles: ReadonlyArray<Role> = ['viewer', 'curator', 'reporter', 'learning_designer', 'hr', 'admin'];

const exclusive = (fields: Fields, one: string, other: string): void => {
  if (textOrList(fields, one) && textOrList(fields, other)) refuse(400, `${one}, ${other} are mutually exclusive`);
};
const textOrList = (fields: Fields, name: string): boolean =>
  name in fields && fields[name] !== null && fields[name] !== '';

/** Missing and blank identity fields, all in one answer. */
export const requireIdentity = (fields: Fields, names: ReadonlyArray<string>): void => {
  const faults: Record<string, string[]> = {};
  for (const name of names) {
    const value = textField(fields, name);
    if (value === undefined) faults[name] = name === 'email' ? ['is missing', 'is empty'] : ['is missing'];
    else if (value === null) faults[name] = ['is empty'];
  }
  const texts = Object.entries(faults).flatMap(([name, messages]) => messages.map((message) => `${name} ${message}`));
  if (texts.length > 0) refuse(400, texts.join(', '), faults);
};

const email = (learnAmp: LearnAmpContext, given: string, self: number | undefined): string => {
  if (!/^[^\s@]+@[^\s@]+$/.test(given)) refuse(400, 'email is invalid', { email: ['is invalid'] });
  const holder = learnAmp.model.accountByEmail(given);
  if ((holder !== undefined && holder.id !== self) || learnAmp.model.isTakenElsewhere(given)) {
    refuse(400, 'Validation failed: Email has already been taken', { email: ['has already been taken'] });
  }
  return given;
};

const externalId = (learnAmp: LearnAmpContext, given: string | null, self: number | undefined): string | null => {
  const holder = given === null ? undefined : learnAmp.model.accountByExternalId(given);
  if (holder !== undefined && holder.id !== self) {
    refuse(400, 'Validation failed: Integration external id has already been taken', {
      integrationExternalId: ['has already been taken'],
    });
  }
  return given;
};

const language = (learnAmp: LearnAmpContext, given: string): string =>
  learnAmp.behaviour.languages.includes(given)
    ? given
    : refuse(400, 'language does not have a valid value', { language: ['does not have a valid value'] });

const role = (learnAmp: LearnAmpContext, given: string): Role => {
  const known = roles.find((name) => name === given);
  if (known === undefined)
    return refuse(400, 'role does not have a valid value', { role: ['does not have a valid value'] });
  if (known === 'hr' && !learnAmp.behaviour.hrRolePackage) refuse(422, 'role hr is not available for your company');
  return known;
};

const date = (given: string): string => {
  const real = /^\d{4}-\d{2}-\d{2}$/.test(given) && !Number.isNaN(Date.parse(given));
  return real ? given : refuse(400, 'hireDate is invalid', { hireDate: ['is invalid'] });
};

const teamByExternalId = (learnAmp: LearnAmpContext, given: unknown, name: string): number => {
  const found = learnAmp.model.teams().find((team) => team.integrationExternalId === String(given));
  const message = 'must match existing teams integration external IDs';
  return found?.id ?? refuse(400, `${name} ${message}`, { [name]: [message] });
};

const teamById = (learnAmp: LearnAmpContext, given: unknown, name: string): number => {
  const id = Number(given);
  const message = 'must match existing teams IDs';
  return learnAmp.model.team(id)?.id ?? refuse(400, `${name} ${message}`, { [name]: [message] });
};

const teams = (learnAmp: LearnAmpContext, fields: Fields): AccountPatch => {
  exclusive(fields, 'primaryTeamId', 'primaryTeamIntegrationExternalId');
  exclusive(fields, 'secondaryTeamIds', 'secondaryTeamIntegrationExternalIds');
  const id = integerField(fields, 'primaryTeamId');
  const external = textField(fields, 'primaryTeamIntegrationExternalId');
  const secondary =
    listField(fields, 'secondaryTeamIds')?.map((given) => teamById(learnAmp, given, 'secondaryTeamIds')) ??
    listField(fields, 'secondaryTeamIntegrationExternalIds')?.map((given) =>
      teamByExternalId(learnAmp, given, 'secondaryTeamIntegrationExternalIds'),
    );
  let primary: number | null | undefined;
  if (typeof id === 'number') primary = teamById(learnAmp, id, 'primaryTeamId');
  else if (typeof external === 'string')
    primary = teamByExternalId(learnAmp, external, 'primaryTeamIntegrationExternalId');
  else primary = id === undefined ? external : id;
  return {
    ...(primary === undefined ? {} : { primaryTeamId: primary }),
    ...(secondary === undefined ? {} : { secondaryTeamIds: [...new Set(secondary)] }),
  };
};

const manager = (learnAmp: LearnAmpContext, fields: Fields): AccountPatch => {
  exclusive(fields, 'managerId', 'managerEmail');
  const id = integerField(fields, 'managerId');
  const address = textField(fields, 'managerEmail');
  if (typeof address === 'string') {
    const found = learnAmp.model.accountByEmail(address);
    if (found === undefined || found.status === 'deactivated') {
      return refuse(400, 'managerEmail must match an existing user email within your company');
    }
    return { managerId: found.id };
  }
  if (typeof id === 'number') {
    const found = learnAmp.model.account(id);
    const inactive = learnAmp.behaviour.managerMustBeActive && found?.status === 'deactivated';
    if (found === undefined || inactive)
      return refuse(400, 'managerId must match an existing user within your company');
    return { managerId: found.id };
  }
  return id === null || address === null ? { managerId: null } : {};
};

/** Matched by name; `null` and blank clear; an unknown name makes the whole call a 404. */
const customFields = (learnAmp: LearnAmpContext, fields: Fields, before: Account | undefined): AccountPatch => {
  const given = listField(fields, 'customFields');
  if (given === undefined || !learnAmp.behaviour.customFieldsEnabled) return {};
  const values = new Map(Object.entries(before?.customFields ?? {}));
  for (const item of given) {
    const entry = (typeof item === 'object' && item !== null ? item : {}) as Fields;
    const name = textField(entry, 'name');
    const known = learnAmp.behaviour.customFields.find((field) => field.name === name);
    if (known === undefined) return notFound();
    const value = textField(entry, 'value');
    if (value !== undefined && value !== null) values.set(known.name, value);
    else if (known.required === true)
      refuse(400, "Validation failed: Value can't be blank", { value: ["can't be blank"] });
    else values.delete(known.name);
  }
  return { customFields: Object.fromEntries(values) };
};

/** Checks every field and says what would change; nothing is applied by a request that is refused. */
export const accountPatch = (learnAmp: LearnAmpContext, fields: Fields, before: Account | undefined): AccountPatch => {
  const given = <K extends keyof AccountPatch>(
    name: K,
    read: (text: string | null) => AccountPatch[K] | undefined,
  ): AccountPatch => {
    const value = textField(fields, name);
    const read_ = value === undefined ? undefined : read(value);
    return read_ === undefined ? {} : { [name]: read_ };
  };
  const present =
    <T>(check: (text: string) => T) =>
    (text: string | null): T | undefined =>
      text === null ? undefined : check(text);
  const clearable = (text: string | null): string | null => text;
  return {
    ...given(
      'email',
      present((text) => email(learnAmp, text, before?.id)),
    ),
    ...given(
      'firstName',
      present((text) => text),
    ),
    ...given(
      'lastName',
      present((text) => text),
    ),
    ...given('integrationExternalId', (text) => externalId(learnAmp, text, before?.id)),
    ...given(
      'language',
      present((text) => language(learnAmp, text)),
    ),
    ...given(
      'role',
      present((text) => role(learnAmp, text)),
    ),
    ...given('jobTitle', clearable),
    ...given('department', clearable),
    ...given('location', clearable),
    ...given('hireDate', (text) => (text === null ? null : date(text))),
    ...given('occupationRole', (text) =>
      text === null || learnAmp.behaviour.occupationRoles.includes(text)
        ? text
        : refuse(422, 'occupationRole does not match an existing role in your company'),
    ),
    ...teams(learnAmp, fields),
    ...manager(learnAmp, fields),
    ...customFields(learnAmp, fields, before),
  };
};

export const skipsInvitation = (fields: Fields): boolean => flagField(fields, 'skipInvitation') ?? false;
