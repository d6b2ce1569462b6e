import type { Command, CommandOf } from '../commands.js';
import type { DirectoryEvent } from '../events/directory-events.js';
import type { ObjectId, TeamKey } from '../ids.js';

/** Something a person should look at; it is reported while it stands. */
export type PlanNote = {
  readonly userId: ObjectId;
  readonly kind:
    | 'parked'
    | 'rejected'
    | 'identity-conflict'
    | 'leave-unconfirmed'
    | 'no-email'
    | 'protected'
    | 'deferred'
    | 'unmapped-language';
  readonly reason: string;
};

/** What one person needs now, from the present state. */
export type PersonPlan = {
  readonly commands: ReadonlyArray<Command>;
  /** A deactivation that may be sent if the hold allows it. */
  readonly leaver: CommandOf<'DeactivateUser'> | undefined;
  /** The team this person's primary team needs, ensured or not. */
  readonly team: { readonly key: TeamKey; readonly name: string } | undefined;
  /** Facts about the plan that are not in the log yet: deferrals, conflicts, parking. Recorded once, when they change. */
  readonly standing: ReadonlyArray<DirectoryEvent>;
  readonly notes: ReadonlyArray<PlanNote>;
};

export const nothing: PersonPlan = { commands: [], leaver: undefined, team: undefined, standing: [], notes: [] };
