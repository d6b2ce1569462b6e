import type { Effects, Repeat } from './effects.js';

/** Learn Amp's own state: accounts, teams, what was sent and what went wrong, for tests and the demo to read and to edit by hand. */
export type AccountStatus = 'not_invited' | 'invite_scheduled' | 'invite_pending' | 'confirmed' | 'deactivated';
export type Role = 'viewer' | 'curator' | 'reporter' | 'learning_designer' | 'hr' | 'admin' | 'owner';

export type Account = {
  readonly id: number;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly jobTitle: string | null;
  readonly department: string | null;
  readonly location: string | null;
  readonly language: string;
  /** YYYY-MM-DD. */
  readonly hireDate: string | null;
  readonly timeZone: string;
  readonly role: Role;
  readonly integrationExternalId: string | null;
  readonly occupationRole: string | null;
  readonly status: AccountStatus;
  readonly primaryTeamId: number | null;
  readonly secondaryTeamIds: ReadonlyArray<number>;
  /** The override manager. */
  readonly managerId: number | null;
  readonly customFields: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly deactivatedAt: string | null;
};

export type Team = {
  readonly id: number;
  readonly name: string;
  readonly integrationExternalId: string | null;
  readonly managerId: number | null;
  readonly secondaryManagerIds: ReadonlyArray<number>;
  readonly parentTeamId: number | null;
  readonly tags: ReadonlyArray<string>;
};

export type Invitation = { readonly accountId: number; readonly email: string; readonly at: string };
export type Deactivation = { readonly accountId: number; readonly email: string; readonly at: string };

/** One write through the API, refused ones included. */
export type Write = {
  readonly sequence: number;
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly status: number;
};

/** A picture put in place by a host in process: the public API has no way to it. */
export type AccountAvatar = { readonly bytes: Uint8Array; readonly mediaType: 'image/jpeg' | 'image/png' };
export type AvatarWrite = { readonly accountId: number; readonly avatar: AccountAvatar | undefined };

export type NewAccount = Partial<Omit<Account, 'id' | 'createdAt' | 'updatedAt'>> & {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
};
export type NewTeam = Partial<Omit<Team, 'id'>> & { readonly name: string };

export interface LearnAmpModel {
  /** In order of id; deleted ones are gone. */
  readonly accounts: () => ReadonlyArray<Account>;
  readonly account: (id: number) => Account | undefined;
  /** Without case. */
  readonly accountByEmail: (email: string) => Account | undefined;
  readonly accountByExternalId: (externalId: string) => Account | undefined;
  readonly teams: () => ReadonlyArray<Team>;
  readonly team: (id: number) => Team | undefined;
  /** Exactly so named; names need not be unique. */
  readonly teamsNamed: (name: string) => ReadonlyArray<Team>;
  /** Every invitation mail ever sent. */
  readonly invitations: () => ReadonlyArray<Invitation>;
  readonly deactivations: () => ReadonlyArray<Deactivation>;
  readonly writes: () => ReadonlyArray<Write>;
  /** The first active owner. */
  readonly owner: () => Account;

  /** By hand in the product, all of these: they enter no log of writes. */
  readonly addAccount: (account: NewAccount) => Account;
  readonly updateAccount: (id: number, patch: Partial<Omit<Account, 'id'>>) => Account;
  /** With its side effects: memberships go, people and teams the person managed move to the owner. */
  readonly deactivate: (id: number) => void;
  readonly reactivate: (id: number) => void;
  readonly deleteAccount: (id: number) => void;
  readonly addTeam: (team: NewTeam) => Team;
  readonly updateTeam: (id: number, patch: Partial<Omit<Team, 'id'>>) => Team;
  readonly deleteTeam: (id: number) => void;
  /** An address that belongs to somebody in another company: it cannot be used, and is not found. */
  readonly takeElsewhere: (email: string) => void;

  readonly avatarOf: (id: number) => AccountAvatar | undefined;
  /** `undefined` clears. */
  readonly setAvatar: (id: number, avatar: AccountAvatar | undefined) => void;
  /** Every call of `setAvatar`, in order. */
  readonly avatarWrites: () => ReadonlyArray<AvatarWrite>;

  /** Every call that asked once more for what an earlier call had brought about. */
  readonly repeats: () => ReadonlyArray<Repeat>;
  readonly effects: Effects;

  readonly isTakenElsewhere: (email: string) => boolean;
  readonly recordWrite: (write: Omit<Write, 'sequence'>) => void;
  readonly recordInvitation: (account: Account) => void;
}
