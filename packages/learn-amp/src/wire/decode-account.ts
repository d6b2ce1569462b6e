import type { AccountStatus, LearnAmpAccount, LearnAmpUserId, TeamId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import {
  RecordOrNothing,
  ShownText,
  TeamIdOnWire,
  TextOnWire,
  UserIdOnWire,
  unwrap,
  type Shown,
} from './shown-text.js';
import type { ExternalIdSlot } from '../rest/rest-settings.js';

/** A user of the API, in the short or the expanded form. Only what no account can be without is required. */
const User = t.intersection([
  t.type({ id: UserIdOnWire, email: TextOnWire, firstName: ShownText, lastName: ShownText, status: t.unknown }),
  t.type({
    integrationExternalId: ShownText,
    role: ShownText,
    jobTitle: ShownText,
    department: ShownText,
    location: ShownText,
    language: ShownText,
    hireDate: ShownText,
    primaryTeam: RecordOrNothing,
    manager: RecordOrNothing,
    customFields: t.unknown,
  }),
]);
type User = t.TypeOf<typeof User>;

const Reference = t.type({ id: UserIdOnWire });
const TeamReference = t.type({ id: TeamIdOnWire, name: ShownText });
const NamedValues = t.array(t.type({ name: t.string, value: ShownText }));

const statuses: Readonly<Record<string, AccountStatus>> = {
  not_invited: 'not_invited',
  not_yet_invited: 'not_invited',
  invite_scheduled: 'invite_scheduled',
  invite_pending: 'invite_pending',
  confirmed: 'confirmed',
  deactivated: 'deactivated',
};

/** Answers carry the text that people read ("Invite pending"), inside an object. A text we do not know is `unknown`, never deactivated. */
export const decodeStatus = (input: unknown): AccountStatus => {
  const nested = RecordOrNothing.decode(input);
  const text = E.isRight(nested) && nested.right ? nested.right['status'] : input;
  if (typeof text !== 'string') return 'unknown';
  const key = text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  return Object.hasOwn(statuses, key) ? (statuses[key] ?? 'unknown') : 'unknown';
};

/** The reference does not show custom fields in an answer: a list of pairs, as in a request, or an object by name. */
const decodeCustomFields = (input: unknown): Readonly<Record<string, string | null>> | undefined => {
  const pairs = NamedValues.decode(input);
  if (E.isRight(pairs)) return Object.fromEntries(pairs.right.map(({ name, value }) => [name, value ?? null]));
  const byName = RecordOrNothing.decode(input);
  if (E.isLeft(byName) || !byName.right) return undefined;
  return Object.fromEntries(
    Object.entries(byName.right).flatMap(([name, value]) => {
      const shown = ShownText.decode(value);
      return E.isRight(shown) && shown.right !== undefined ? [[name, shown.right]] : [];
    }),
  );
};

const decodeTeam = (team: User['primaryTeam']): { teamId: TeamId; name: string } | null | undefined => {
  if (team === null) return null;
  const decoded = TeamReference.decode(team);
  return E.isRight(decoded) ? { teamId: decoded.right.id, name: decoded.right.name ?? '' } : undefined;
};

const decodeManager = (manager: User['manager']): LearnAmpUserId | null | undefined => {
  if (manager === null) return null;
  const decoded = Reference.decode(manager);
  return E.isRight(decoded) ? decoded.right.id : undefined;
};

type CustomFields = Readonly<Record<string, string | null>> | undefined;

/** What stands in the slot that was chosen for our id; another slot's value belongs to somebody else. */
const externalIdIn = (slot: ExternalIdSlot, user: User, customFields: CustomFields): Shown => {
  if (slot === 'none') return undefined;
  if (slot === 'integrationExternalId') return user.integrationExternalId;
  return customFields === undefined ? undefined : (customFields[slot.customField] ?? null);
};

/** The calendar day of a date or a date with time. */
const dayOf = (shown: Shown): Shown =>
  typeof shown === 'string' ? (/^\d{4}-\d{2}-\d{2}/.exec(shown)?.[0] ?? shown) : shown;

/** Leaves out what was not shown: an absent key says less than `null`. */
const shownOnly = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

const toAccount = (slot: ExternalIdSlot, user: User): LearnAmpAccount => {
  const customFields = decodeCustomFields(user.customFields);
  return {
    learnAmpUserId: user.id,
    email: user.email,
    firstName: user.firstName ?? null,
    lastName: user.lastName ?? null,
    status: decodeStatus(user.status),
    ...shownOnly({
      externalId: externalIdIn(slot, user, customFields),
      role: typeof user.role === 'string' ? user.role.toLowerCase().replace(/\s+/g, '_') : user.role,
      jobTitle: user.jobTitle,
      department: user.department,
      location: user.location,
      language: user.language,
      hireDate: dayOf(user.hireDate),
      primaryTeam: decodeTeam(user.primaryTeam),
      managerLearnAmpUserId: decodeManager(user.manager),
      customFields,
    }),
  };
};

/** Decodes a user, bare or inside `{ user }`. A failure names the fields that are missing, never their values. */
export const decodeAccount =
  (slot: ExternalIdSlot) =>
  (input: unknown): E.Either<string, LearnAmpAccount> =>
    pipe(
      User.decode(unwrap(input, 'user')),
      E.bimap(
        (errors) => missingFields(errors),
        (user) => toAccount(slot, user),
      ),
    );

/** Names of the fields a decoding failed at, for a message. */
export const missingFields = (errors: t.Errors): string => {
  const names = errors.map(({ context }) => context.at(-1)?.key ?? '').filter((key) => /^[A-Za-z]+$/.test(key));
  return names.length === 0 ? 'is not an object' : `has no usable ${[...new Set(names)].join(' and ')}`;
};
