import * as t from 'io-ts';
import { LearnAmpUserId, TeamId } from './ids.js';

/** Statuses of Learn Amp (learnamp.md 2.5). `unknown` is a text we do not know: it counts as active and is reported. */
export const AccountStatus = t.union([
  t.literal('not_invited'),
  t.literal('invite_scheduled'),
  t.literal('invite_pending'),
  t.literal('confirmed'),
  t.literal('deactivated'),
  t.literal('unknown'),
]);
export type AccountStatus = t.TypeOf<typeof AccountStatus>;

const shown = t.union([t.string, t.null]);

/** A Learn Amp user as an answer showed it. An optional field that is absent was not shown (the short form leaves many out). */
export const LearnAmpAccount = t.exact(
  t.intersection([
    t.type({
      learnAmpUserId: LearnAmpUserId,
      email: t.string,
      firstName: shown,
      lastName: shown,
      status: AccountStatus,
    }),
    t.partial({
      externalId: shown,
      role: shown,
      jobTitle: shown,
      department: shown,
      location: shown,
      language: shown,
      hireDate: shown,
      primaryTeam: t.union([t.null, t.strict({ teamId: TeamId, name: t.string })]),
      managerLearnAmpUserId: t.union([t.null, LearnAmpUserId]),
      customFields: t.record(t.string, shown),
    }),
  ]),
);
export type LearnAmpAccount = Readonly<t.TypeOf<typeof LearnAmpAccount>>;

/** Whether an account counts as active: every status but `deactivated` does, one that is not known included. */
export const isActiveStatus = (status: AccountStatus): boolean => status !== 'deactivated';
/** Whether somebody of this role is deactivated only when approved by name: owners and administrators. */
export const isProtectedRole = (role: string | null | undefined): boolean =>
  role === 'owner' || role === 'admin' || role === 'super_admin';
