import type { AccountStatus, LearnAmpUserId } from '@learnamp/directory-sync-domain';
import type { LearnAmpPort } from '../learn-amp-port.js';

/** An account that a case needs to find: made by hand, not through the port. */
export type HandMade = {
  readonly email: string;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly status?: AccountStatus | undefined;
  readonly role?: 'viewer' | 'admin' | 'owner' | undefined;
  readonly externalId?: string | undefined;
};

/** One company of the host, of its own for each case: with an active owner, and whatever else the host has in every company. */
export type LearnAmpPortUnderTest = {
  readonly port: LearnAmpPort;
  readonly addAccount: (account: HandMade) => Promise<LearnAmpUserId>;
  readonly addTeam: (name: string) => Promise<void>;
  /** How many invitations were ever sent to this account. */
  readonly invitationsTo: (account: LearnAmpUserId) => Promise<number>;
  /** For `seats`: leaves room for so many active people more. */
  readonly leaveSeats?: ((free: number) => Promise<void>) | undefined;
  /** For `custom-fields`: the names of two fields that may be emptied. */
  readonly customFields?: readonly [string, string] | undefined;
  /** Ends the company; called once, whatever happened. */
  readonly close: () => Promise<void>;
};

/** What a port need not be able to do. The cases of one that is not named are left out, and that it answers `Unsupported` is checked instead. */
export type PortCapability = 'avatars' | 'later-invitations' | 'custom-fields' | 'seats' | 'batch';

/** The functions of a test runner, such as those of vitest, jest or node:test. */
export type Runner = {
  readonly describe: (title: string, body: () => void) => unknown;
  readonly it: (title: string, body: () => Promise<void>) => unknown;
};

/** One behaviour that every port has, by name: for test runners without `describe` and `it`. */
export type PortCase = {
  readonly title: string;
  /** Runs only for ports with it. */
  readonly needs?: PortCapability | undefined;
  /** Runs only for ports without it. */
  readonly without?: PortCapability | undefined;
  readonly run: (company: LearnAmpPortUnderTest) => Promise<void>;
};
