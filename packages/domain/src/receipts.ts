import * as t from 'io-ts';
import type { CommandId, TeamId } from './ids.js';
import type { LearnAmpAccount } from './learn-amp-account.js';

/** Why Learn Amp refused one command (learnamp.md 7.4): a closed set, never Learn Amp's own text. */
export const RejectionCode = t.keyof({
  validation: null,
  duplicate_email: null,
  duplicate_external_id: null,
  email_used_elsewhere: null,
  unknown_language: null,
  unknown_manager: null,
  unknown_team: null,
  unknown_custom_field: null,
  required_custom_field: null,
  not_found: null,
  last_owner: null,
  protected: null,
  ambiguous_team: null,
  /** The plan of the company has no seat left: creating and reactivating wait for one. */
  no_seats: null,
  /** The photo is neither JPEG nor PNG. */
  not_an_image: null,
  /** The photo is larger than an avatar may be. */
  too_large: null,
  /** The photo was removed, and whether the avatar is the one that came from here cannot be told any more. */
  avatar_in_doubt: null,
  protocol: null,
});
export type RejectionCode = t.TypeOf<typeof RejectionCode>;

/** What happened to one dispatched command. */
export type Outcome =
  | {
      readonly _tag: 'Succeeded';
      /** `noop`: it was so already. `found`: an earlier attempt had reached Learn Amp. */
      readonly result: 'created' | 'updated' | 'noop' | 'found';
      /** The account as Learn Amp showed it afterwards, when it did. */
      readonly account?: LearnAmpAccount | undefined;
      readonly teamId?: TeamId | undefined;
      /** What the command asked for and Learn Amp does not take; the rest was done. */
      readonly dropped?: ReadonlyArray<'language'> | undefined;
      /** Of `SetAvatar`: the keyed hash of the bytes that Learn Amp holds now. */
      readonly photoHash?: string | undefined;
    }
  /** `CreateUser` met an account of this company with the same external id or e-mail, in any status: plan again with it. */
  | { readonly _tag: 'Exists'; readonly account: LearnAmpAccount }
  /** `fields`: what it is about. Of a `SetCustomFields` that names some of its own fields, the others were written. */
  | { readonly _tag: 'Rejected'; readonly code: RejectionCode; readonly fields: ReadonlyArray<string> }
  /** Cannot be done yet, and is no failure: `SetOverrideManager` to a manager who is inactive at Learn Amp. */
  | { readonly _tag: 'Deferred'; readonly on: 'manager-inactive' | 'manager-absent' }
  /** This port cannot do this kind of command at all. */
  | { readonly _tag: 'Unsupported' }
  /** Sent, and no answer came: it may have been applied. */
  | { readonly _tag: 'Unknown' }
  /** Not applied, and the whole run is affected. */
  | { readonly _tag: 'Failed'; readonly failure: LearnAmpFailure };

/**
 * What keeps a port from doing anything for anybody: the cycle ends, and the next one goes on. `detail` names no
 * person; `retryAt` is ISO 8601.
 */
export type LearnAmpFailure =
  | { readonly _tag: 'LearnAmpUnreachable'; readonly detail: string }
  | { readonly _tag: 'LearnAmpCredentials'; readonly detail: string }
  /** The credentials are good, and do not reach this far. `scope`: what they lack (`missing_scope`). */
  | { readonly _tag: 'LearnAmpMissingScope'; readonly scope: string; readonly detail: string }
  | { readonly _tag: 'LearnAmpThrottled'; readonly retryAt: string }
  /** `status`: that of the answer, where it was none of success. */
  | { readonly _tag: 'LearnAmpProtocol'; readonly detail: string; readonly status?: number | undefined }
  | { readonly _tag: 'LearnAmpAborted' };

/**
 * What became of one command. A port answers each command of a call, in order, up to the first that did not succeed.
 */
export type Receipt = { readonly commandId: CommandId; readonly outcome: Outcome };
