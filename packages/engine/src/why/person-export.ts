import type { CommandKind, LearnAmpAccount, ObjectId } from '@learnamp/directory-sync-domain';
import type { AccessView } from '../access/access.js';
import type { EventView } from '../directory-sync.js';
import type { Why } from './why.js';

/** Everything that is held of one person (GDPR article 15). Other people stand in it by object id only. */
export type PersonExport = {
  readonly connectionId: string;
  readonly tenantId: ObjectId;
  readonly userId: ObjectId;
  readonly exportedAt: string;
  /** Up to this event of the log. */
  readonly head: { readonly revision: string; readonly hash: string } | null;
  readonly erased: Why['erased'];
  /** What the directory was told to hold. `null`: nothing, or erased. */
  readonly profile: {
    readonly inScope: boolean;
    readonly attributes: Readonly<Record<string, string | null>>;
    readonly accountEnabled: boolean;
    readonly managerId: ObjectId | null;
    readonly groupPath: ReadonlyArray<ObjectId>;
    readonly groupNames: ReadonlyArray<string | null>;
    readonly deleted: 'soft' | 'permanent' | null;
  } | null;
  /** What Learn Amp was seen to hold, or was sent. */
  readonly learnAmp: {
    readonly learnAmpUserId: string | null;
    readonly status: string | null;
    readonly role: string | null;
    readonly email: string | null;
    readonly firstName: string | null;
    readonly lastName: string | null;
    readonly profile: Readonly<Record<string, string | null>>;
    readonly customFields: Readonly<Record<string, string | null>>;
    readonly primaryTeam: string | null;
    readonly managerLearnAmpUserId: string | null;
    /** An account that matches, and is not linked. */
    readonly candidate: LearnAmpAccount | null;
  };
  readonly hold: { readonly kind: string; readonly standing: string; readonly reason: string | null } | null;
  /** Kinds of command that were refused, wait, or need a person. */
  readonly open: ReadonlyArray<{ readonly kind: CommandKind; readonly standing: string }>;
  /** In order, opened. Lists of people are cut down to this one. */
  readonly events: ReadonlyArray<EventView>;
  readonly commands: Why['commands'];
  /** Who was shown this person's data, or everybody's. */
  readonly accesses: ReadonlyArray<AccessView>;
  /** The keys that seal the person's events, or did: ids, never a key. */
  readonly keys: ReadonlyArray<{ readonly keyId: string; readonly standing: 'present' | 'retired' | 'destroyed' }>;
  /** Rows of the local database, as they stand. */
  readonly rows: ReadonlyArray<{ readonly table: string; readonly key: string; readonly value: unknown }>;
  /** Where else something of theirs stands, or deliberately does not. */
  readonly elsewhere: ReadonlyArray<string>;
};
