import { profileFields, type Command, type CommandKind, type CommandOf } from '../commands.js';
import type { Draft } from '../evolve/change-by-type.js';
import type { AccountStatus } from '../learn-amp-account.js';
import { applyIdentity, forgetDetails, forgetPlace, learnManager, without } from './account-shown.js';
import type { DeliveredPerson } from './delivered-person.js';

type Effects = {
  readonly [K in CommandKind]: (draft: Draft<DeliveredPerson>, command: CommandOf<K>, revision: string) => void;
};

const own = (draft: Draft<DeliveredPerson>, fields: ReadonlyArray<string>): void => {
  draft.owned = [...new Set([...draft.owned, ...fields])];
};

/** The receipt may have shown which active status it is. */
const active = (status: AccountStatus | undefined): AccountStatus =>
  status === undefined || status === 'deactivated' ? 'confirmed' : status;

const nothing = (): void => undefined;

const effects: Effects = {
  CreateUser: (draft, { identity, profile, invite }, revision) => {
    applyIdentity(draft, identity);
    draft.profile = { ...Object.fromEntries(profileFields.map((field) => [field, null])), ...profile };
    own(draft, Object.keys(profile));
    draft.teamKey = undefined;
    draft.teamId = null;
    learnManager(draft, null, revision);
    draft.conflict = undefined;
    draft.status ??= invite === 'none' ? 'not_invited' : 'invite_pending';
  },
  LinkUser: (draft, { identity }) => {
    applyIdentity(draft, identity);
  },
  UpdateProfile: (draft, { identity, set, clear }) => {
    applyIdentity(draft, identity);
    const cleared = Object.fromEntries(clear.map((field) => [field, null]));
    draft.profile = { ...draft.profile, ...set, ...cleared };
    own(draft, [...Object.keys(set), ...clear]);
  },
  ChangeEmail: (draft, { identity }) => {
    applyIdentity(draft, identity);
    draft.conflict = undefined;
    draft.deferred = without(draft.deferred, 'ChangeEmail');
  },
  DeactivateUser: (draft) => {
    draft.status = 'deactivated';
    draft.deactivatedHere = true;
    forgetDetails(draft);
  },
  ReactivateUser: (draft) => {
    if (draft.candidate !== null && draft.candidate !== undefined) {
      const lost = without(without(draft.candidate, 'primaryTeam'), 'managerLearnAmpUserId');
      draft.candidate = { ...lost, status: active(lost.status) };
    }
    draft.status = active(draft.status);
    draft.deactivatedHere = false;
    forgetPlace(draft);
  },
  SetPrimaryTeam: (draft, { identity, teamKey, teamId }) => {
    applyIdentity(draft, identity);
    draft.teamKey = teamKey;
    draft.teamId = teamId;
  },
  SetOverrideManager: (draft, { identity, managerLearnAmpUserId }, revision) => {
    applyIdentity(draft, identity);
    draft.managerSetAccount = managerLearnAmpUserId;
    draft.managerSetRevision = revision;
    learnManager(draft, managerLearnAmpUserId, revision);
    draft.deferred = without(draft.deferred, 'SetOverrideManager');
  },
  ClearOverrideManager: (draft, { identity }, revision) => {
    applyIdentity(draft, identity);
    learnManager(draft, null, revision);
  },
  SetCustomFields: (draft, { identity, fields }) => {
    applyIdentity(draft, identity);
    const written = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
    draft.customFields = { ...draft.customFields, ...written };
    own(
      draft,
      fields.map(({ name }) => `custom:${name}`),
    );
  },
  SetAvatar: (draft, { photo }) => {
    draft.photo = { mark: photo, contentHash: null };
  },
  ClearAvatar: (draft) => {
    draft.photo = null;
  },
  SendInvitation: nothing,
  EnsureTeam: nothing,
};

/** What a command that succeeded left at Learn Amp. */
export const applyCommand = (draft: Draft<DeliveredPerson>, command: Command, revision: string): void => {
  const effect = effects[command.kind] as (draft: Draft<DeliveredPerson>, command: Command, revision: string) => void;
  effect(draft, command, revision);
};
