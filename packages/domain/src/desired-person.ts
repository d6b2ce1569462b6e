import type { Attributes } from './attributes.js';
import type { ProfileField } from './commands.js';
import type { ObjectId, TeamKey } from './ids.js';

/** What the directory holds of one person, as folded from the log: the input of `desire`. */
export type PersonFacts = {
  readonly userId: ObjectId;
  readonly attributes: Attributes;
  readonly accountEnabled: boolean;
};

/** Something `desire` could not carry over as it stood; reported once, never a reason to reject the person. */
export type DesireNote =
  | { readonly _tag: 'UnmappedLanguage'; readonly value: string }
  | { readonly _tag: 'Shortened'; readonly field: string }
  | { readonly _tag: 'InvalidHireDate' }
  | { readonly _tag: 'DerivedNames' };

/** The address, in lower case; where there is no usable one, `noEmail` says why. */
export type DesiredEmail =
  | { readonly email: string; readonly noEmail: undefined }
  | {
      readonly email: undefined;
      readonly noEmail: 'guest-without-address' | 'deleted-account-address' | 'missing';
    };

/** What Learn Amp should hold of one person who is in scope, from the person's own facts alone. */
export type DesiredPerson = DesiredEmail & {
  readonly userId: ObjectId;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  /** A value to set; `null` where the directory was seen to empty it; absent where it never had one or the field is off. */
  readonly profile: Readonly<Partial<Record<ProfileField, string | null>>>;
  readonly team: { readonly key: TeamKey; readonly name: string } | undefined;
  /** By custom-field name, as in `profile`. */
  readonly customFields: Readonly<Record<string, string | null>>;
  readonly notes: ReadonlyArray<DesireNote>;
};
