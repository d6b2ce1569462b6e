import type {
  Command,
  CommandId,
  LearnAmpAccount,
  LearnAmpFailure,
  LearnAmpUserId,
  Receipt,
  TeamId,
} from '@learnamp/directory-sync-domain';
import type * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';

/** A command with its idempotency key. */
export type DispatchedCommand = {
  readonly commandId: CommandId;
  readonly command: Command;
  /** An earlier attempt of this command may have reached Learn Amp: look before writing. */
  readonly unknown: boolean;
  /**
   * Of `DeactivateUser`: somebody approved this person's held deactivation by name, so an owner or admin may be deactivated.
   * The last owner never.
   */
  readonly approvedByName?: true | undefined;
  /** Of `SetAvatar`: the picture itself, fetched for this call and kept nowhere. */
  readonly photo?: AvatarPicture | undefined;
};

/** JPEG or PNG by its first bytes, 1 MiB at most. */
export type AvatarPicture = { readonly bytes: Uint8Array; readonly mediaType: 'image/jpeg' | 'image/png' };

/** A team as it stands at Learn Amp. */
export type LearnAmpTeam = { readonly teamId: TeamId; readonly name: string; readonly externalId: string | null };

/** How one account is asked for. `undefined` is the answer where there is none. */
export type AccountLookup =
  | { readonly by: 'id'; readonly learnAmpUserId: LearnAmpUserId }
  | { readonly by: 'externalId'; readonly externalId: string }
  /** Compared without case, in every status. */
  | { readonly by: 'email'; readonly email: string };

/** Something a person has to do about one connection. Counts only, nobody's data. */
export type PortAlert = {
  readonly kind: string;
  readonly connectionId: string;
  readonly counts: Readonly<Record<string, number>>;
};

/** `signal` aborts when nobody waits for the answer any more: what can be stopped should be; commands count as unknown then. */
export type PortOptions = { readonly signal?: AbortSignal | undefined };

/**
 * Learn Amp, as the engine needs it: implemented in process by the monolith, or by the REST client.
 * Commands set state, so the same command sent twice takes effect once; `CreateUser` looks before it creates
 * when `unknown` is set, and after any refusal.
 */
export interface LearnAmpPort {
  /** Every account of the company, deactivated ones included, in pages. A page that cannot be read fails; it is never skipped. */
  readonly accounts: (
    options?: PortOptions,
  ) => AsyncIterable<E.Either<LearnAmpFailure, ReadonlyArray<LearnAmpAccount>>>;
  /** Every team, in pages. A page that cannot be read is a failure and ends the list. */
  readonly teams: (options?: PortOptions) => AsyncIterable<E.Either<LearnAmpFailure, ReadonlyArray<LearnAmpTeam>>>;
  /** One account in whatever status, or `undefined`. A failure is never `undefined`. */
  readonly findAccount: (
    lookup: AccountLookup,
    options?: PortOptions,
  ) => TE.TaskEither<LearnAmpFailure, LearnAmpAccount | undefined>;
  /**
   * Runs the commands of one subject, in order, and answers each. After one that did not succeed the rest are not tried: they are left out.
   * A refused `SetCustomFields` names the fields that were not written; the others of the command were.
   */
  readonly execute: (
    commands: ReadonlyArray<DispatchedCommand>,
    options?: PortOptions,
  ) => Promise<ReadonlyArray<Receipt>>;
  /**
   * Many subjects in one call, each with its commands in order; answers for each, at its place, what `execute` would have. A subject
   * that fails takes no other down. A port that has it still gets single subjects through `execute`.
   */
  readonly executeAll?:
    | ((
        subjects: ReadonlyArray<ReadonlyArray<DispatchedCommand>>,
        options?: PortOptions,
      ) => Promise<ReadonlyArray<ReadonlyArray<Receipt>>>)
    | undefined;
  /** Told what waits for a person, when it begins and daily while it stands. What it throws is caught. */
  readonly alert?: ((alert: PortAlert) => void | Promise<void>) | undefined;
  /** Requests made so far, tokens apart; 0 for a port that makes none. */
  readonly requestCount: () => number;
  /**
   * Whether avatars can be set and cleared. `false`: nobody's photo is read from the directory for this port. Absent: it is
   * tried once, and an `Unsupported` is remembered in the log.
   */
  readonly avatars?: boolean | undefined;
  /**
   * The bytes of an account's present avatar; `undefined`: it has none. With it a removed photo clears only the avatar that came
   * from here, and never one that the person put in its place. Absent: that cannot be told.
   */
  readonly readAvatar?:
    | ((
        learnAmpUserId: LearnAmpUserId,
        options?: PortOptions,
      ) => TE.TaskEither<LearnAmpFailure, Uint8Array | undefined>)
    | undefined;
  /**
   * Every call settles by itself, however long it waits on purpose, as those of the REST client do: no deadline is put on it. Absent: a call
   * that is not answered in time is given up (`learnAmpDeadlineMs`), and its commands are unknown.
   */
  readonly hasOwnDeadlines?: boolean | undefined;
  /** Frees what the port opened. A running engine calls it for those alone that it opened; `createDirectorySync` for the one it was given. */
  readonly close: () => Promise<void>;
}
