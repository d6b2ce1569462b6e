import * as t from 'io-ts';
import { LearnAmpUserId, ObjectId, TeamId, TeamKey } from './ids.js';

/** Profile fields of Learn Amp that may be set and emptied (learnamp.md 2.3). `hireDate` is `YYYY-MM-DD`, `language` one of the 27 codes. */
export const profileFields = ['jobTitle', 'department', 'location', 'language', 'hireDate'] as const;
export type ProfileField = (typeof profileFields)[number];
export const ProfileField = t.keyof({
  jobTitle: null,
  department: null,
  location: null,
  language: null,
  hireDate: null,
});

export const ProfileValues = t.exact(
  t.partial({ jobTitle: t.string, department: t.string, location: t.string, language: t.string, hireDate: t.string }),
);
export type ProfileValues = Readonly<t.TypeOf<typeof ProfileValues>>;

/** The three fields every update of Learn Amp carries: as they stand after the command. */
export const Identity = t.strict({ email: t.string, firstName: t.string, lastName: t.string });
export type Identity = Readonly<t.TypeOf<typeof Identity>>;

export const Invite = t.union([t.literal('none'), t.literal('now'), t.strict({ on: t.string })]);
export type Invite = t.TypeOf<typeof Invite>;

const person = { userId: ObjectId, learnAmpUserId: LearnAmpUserId };

/**
 * The commands, by kind (learnamp.md 7.3). There is no delete of anything; roles, secondary teams, team managers,
 * team hierarchy and time zones are never written. Commands are derived from state, never queued.
 */
export const commandCodecs = {
  CreateUser: t.strict({
    kind: t.literal('CreateUser'),
    userId: ObjectId,
    identity: Identity,
    externalId: t.union([t.string, t.null]),
    profile: ProfileValues,
    invite: Invite,
  }),
  LinkUser: t.strict({
    kind: t.literal('LinkUser'),
    ...person,
    /** `null`: the link is kept by the engine alone (preference `externalId`, or a foreign value in the slot). */
    externalId: t.union([t.string, t.null]),
    identity: Identity,
  }),
  /** Names, and profile fields to set or to empty. */
  UpdateProfile: t.strict({
    kind: t.literal('UpdateProfile'),
    ...person,
    identity: Identity,
    set: ProfileValues,
    clear: t.readonlyArray(ProfileField),
  }),
  ChangeEmail: t.strict({ kind: t.literal('ChangeEmail'), ...person, from: t.string, identity: Identity }),
  DeactivateUser: t.strict({
    kind: t.literal('DeactivateUser'),
    ...person,
    reason: t.union([t.literal('left_scope'), t.literal('disabled'), t.literal('deleted')]),
  }),
  ReactivateUser: t.strict({
    kind: t.literal('ReactivateUser'),
    ...person,
    reason: t.union([t.literal('returned'), t.literal('adopted'), t.literal('drift')]),
  }),
  EnsureTeam: t.strict({ kind: t.literal('EnsureTeam'), teamKey: TeamKey, name: t.string }),
  SetPrimaryTeam: t.strict({
    kind: t.literal('SetPrimaryTeam'),
    ...person,
    identity: Identity,
    teamKey: TeamKey,
    teamId: TeamId,
  }),
  SetOverrideManager: t.strict({
    kind: t.literal('SetOverrideManager'),
    ...person,
    identity: Identity,
    managerUserId: ObjectId,
    managerLearnAmpUserId: LearnAmpUserId,
  }),
  ClearOverrideManager: t.strict({ kind: t.literal('ClearOverrideManager'), ...person, identity: Identity }),
  /** `photo`: the mark of `PhotoChanged`. The command stays derivable from events; the bytes join it at delivery. */
  SetAvatar: t.strict({ kind: t.literal('SetAvatar'), ...person, photo: t.string }),
  ClearAvatar: t.strict({ kind: t.literal('ClearAvatar'), ...person }),
  SendInvitation: t.strict({ kind: t.literal('SendInvitation'), ...person }),
  SetCustomFields: t.strict({
    kind: t.literal('SetCustomFields'),
    ...person,
    identity: Identity,
    fields: t.readonlyArray(t.strict({ name: t.string, value: t.union([t.string, t.null]) })),
  }),
} as const;

type Codecs = typeof commandCodecs;
export type CommandKind = keyof Codecs;
export type Command = { [K in CommandKind]: Readonly<t.TypeOf<Codecs[K]>> }[CommandKind];
/** The command of one kind. */
export type CommandOf<K extends CommandKind> = Extract<Command, { readonly kind: K }>;

export const commandKinds = Object.keys(commandCodecs) as ReadonlyArray<CommandKind>;
/** The fourteen kinds of command (`docs/reference/commands.md`). None deletes. */
export const CommandKind: t.Type<CommandKind, string> = t.keyof(
  Object.fromEntries(commandKinds.map((kind) => [kind, null])) as Record<CommandKind, null>,
);

/** Decodes by `kind` through a map: a union of fourteen members would be tried one by one. */
export const Command = Object.assign(
  new t.Type<Command, unknown>(
    'Command',
    (value): value is Command => {
      const kind = (value as { kind?: unknown } | null)?.kind;
      return CommandKind.is(kind) && commandCodecs[kind].is(value);
    },
    (input, context) => {
      const kind = (input as { kind?: unknown } | null)?.kind;
      return CommandKind.is(kind)
        ? commandCodecs[kind].validate(input, context)
        : t.failure(input, context, 'not a kind of command');
    },
    (command) => (commandCodecs[command.kind] as t.Type<Command, unknown>).encode(command),
  ),
  {
    /** Which codec decides about a value (event-sourcing, `VariantCodec`). */
    variantOf: (value: unknown): t.Mixed | undefined => {
      const kind = (value as { kind?: unknown } | null)?.kind;
      return CommandKind.is(kind) ? commandCodecs[kind] : undefined;
    },
  },
);

/** `safe`: nobody notices. `visible`: mail goes out or others see it. `destructive`: data at Learn Amp is lost (learnamp.md 3.1). */
export type Risk = 'safe' | 'visible' | 'destructive';

/** The order of one plan (learnamp.md 7.6): deactivations last, after reports have their new managers. */
export const phaseOf: Readonly<Record<CommandKind, number>> = {
  EnsureTeam: 1,
  ReactivateUser: 2,
  CreateUser: 2,
  LinkUser: 2,
  ChangeEmail: 3,
  UpdateProfile: 3,
  SetCustomFields: 3,
  SetPrimaryTeam: 4,
  SetOverrideManager: 5,
  ClearOverrideManager: 5,
  SetAvatar: 6,
  ClearAvatar: 6,
  SendInvitation: 7,
  DeactivateUser: 8,
};

const risks: Readonly<Record<CommandKind, Risk>> = {
  EnsureTeam: 'safe',
  CreateUser: 'safe',
  LinkUser: 'safe',
  UpdateProfile: 'safe',
  SetCustomFields: 'safe',
  SetAvatar: 'safe',
  ReactivateUser: 'visible',
  ChangeEmail: 'visible',
  SetPrimaryTeam: 'visible',
  SetOverrideManager: 'visible',
  ClearOverrideManager: 'visible',
  SendInvitation: 'visible',
  DeactivateUser: 'destructive',
  ClearAvatar: 'destructive',
};

export const riskOf = (command: Command): Risk =>
  command.kind === 'CreateUser' && command.invite !== 'none' ? 'visible' : risks[command.kind];

/** Whom a command is about: a person's object id, or a team's key. */
export const subjectOf = (command: Command): string =>
  command.kind === 'EnsureTeam' ? command.teamKey : command.userId;
