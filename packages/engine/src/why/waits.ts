import type { DeliveredPerson, DirectoryPerson, ObjectId, PersonPlan, PlanNote } from '@learnamp/directory-sync-domain';
import { notKept } from '@learnamp/directory-sync-domain';
import { holdReasonWords } from '../hold/hold-reason-words.js';
import type { EngineState } from '../state/engine-state.js';
import type { WhyWait } from './why.js';

/** One person as both sides stand, and what would be done now. */
export type PersonNow = {
  readonly state: EngineState;
  readonly userId: ObjectId;
  readonly person: DirectoryPerson | undefined;
  readonly delivered: DeliveredPerson;
  readonly plan: PersonPlan;
  readonly graceRounds: number;
};

type Wait = Omit<WhyWait, 'kind'>;

const parkedUntil: Readonly<Record<string, Wait>> = {
  'no-name': {
    says: 'no account can be made, since the directory names neither names nor a display name to derive them from',
    until: 'until the person has a name in Entra',
  },
  'adoption-refused': {
    says: 'the account that has this address at Learn Amp is not taken over (adoptByEmail is off)',
    until: 'until adoptByEmail is on, or that account has another address',
  },
  'account-deleted-at-learn-amp': {
    says: 'the linked account was deleted at Learn Amp and is not made again',
    until: 'until the account is restored at Learn Amp: the next full sync sees it',
  },
  email_used_elsewhere: {
    says: 'the address is taken by an account that this company cannot see at Learn Amp',
    until: 'until the address is changed in Entra, or freed at Learn Amp',
  },
};

const parkedWait = (reason: string): Wait => {
  if (reason.startsWith(notKept))
    return {
      says: `Learn Amp showed what was written otherwise each time${reason.slice(notKept.length)}, and it is not written any more`,
      until: 'until the value is changed in Entra or at Learn Amp, or somebody asks for it by directory-sync retry',
    };
  const until = 'until the named fact is put right in Entra or at Learn Amp';
  return parkedUntil[reason] ?? { says: reason, until };
};

const conflictUntil: Readonly<Record<string, string>> = {
  'address-of-another-person': 'another person has the account with this address',
  'external-id-of-another-person': 'the account with this address carries the id of another person',
  'foreign-external-id': 'the account with this address carries an id of another system',
  'address-swap': 'two people are to have the address of each other, which no order of calls can do',
};

const leaveUntil: Readonly<Record<string, Wait>> = {
  'still-a-member': {
    says: 'the account stays as it is, since the groups say left and a second read says still a member',
    until: 'until both reads agree: it is asked again by each sync, and the groups are read again',
  },
  forbidden: {
    says: 'the account stays as it is, since Microsoft Graph refused the second read behind the leave',
    until: 'until the app may read the person and the group: it is asked again by each sync',
  },
  unreadable: {
    says: 'the account stays as it is, since the second read behind the leave gave no usable answer',
    until: 'until Microsoft Graph answers: it is asked again by each sync',
  },
};

const managerUntil = (now: PersonNow, on: string): Wait => {
  const managerId = now.person?.managerId ?? now.person?.previousManagerId ?? undefined;
  const named = managerId === undefined ? 'the manager' : `the manager ${managerId}`;
  const userId = managerId ?? undefined;
  switch (on) {
    case 'manager-self':
      return {
        says: 'no override manager is set, since the directory names the person as their own',
        until: 'until it names somebody else',
        userId,
      };
    case 'manager-inactive':
      return {
        says: 'the override manager waits',
        until: `until the account of ${named} is active at Learn Amp`,
        userId,
      };
    case 'manager-deleted':
      return {
        says: `the override manager stays as it is, since ${named} was deleted in Entra,`,
        until: `until ${named} is restored, or the directory names another one`,
        userId,
      };
    default: {
      const isKnown = managerId !== undefined && now.state.person(managerId)?.inScope === true;
      return isKnown
        ? { says: 'the override manager waits', until: `until ${named} has an account`, userId }
        : {
            says: 'the override manager waits',
            until: `until ${named} is a member of the group and has an account`,
            userId,
          };
    }
  }
};

const deferredWait = (now: PersonNow, reason: string): Wait => {
  if (reason !== 'address-taken') return managerUntil(now, reason);
  const { deferred } = now.delivered;
  const standing = now.plan.standing.flatMap((event) => (event.type === 'CommandDeferred' ? [event.data] : []));
  const waits = [...standing, deferred.CreateUser, deferred.ChangeEmail];
  const holder = waits.find((wait) => wait?.on === 'address-taken')?.waitingFor ?? undefined;
  const named = holder === undefined ? 'somebody else' : holder;
  return {
    says: 'the address waits for whoever has it now',
    until: `until ${named} has another address`,
    userId: holder,
  };
};

const conflictWait = ({ state, delivered }: PersonNow, reason: string): Wait => {
  const account = delivered.conflict?.learnAmpUserId ?? undefined;
  const holder = account === undefined ? undefined : state.holderOfAccount(account);
  const which = account === undefined ? '' : ` (account ${account}${holder === undefined ? '' : `, person ${holder}`})`;
  return {
    says: `${conflictUntil[reason] ?? reason}${which}`,
    until: 'until one of the two has another address in Entra or at Learn Amp',
    userId: holder,
  };
};

const noteWait = (now: PersonNow, { kind, reason }: PlanNote): WhyWait | undefined => {
  switch (kind) {
    case 'deferred':
      return { kind, ...deferredWait(now, reason) };
    case 'parked':
      return { kind, ...parkedWait(reason) };
    case 'unanswered':
      return {
        kind: 'unknown',
        says: `Learn Amp gave no answer to ${reason}, though it answered others`,
        until: 'until the next sync, which looks at what became of it and tries again',
      };
    case 'rejected':
      return {
        kind,
        says: `Learn Amp refuses ${reason}`,
        until:
          'until the value is changed in Entra, or what Learn Amp lacks is there: it is asked again after 1 day, 7 days and 28 days, and at once by directory-sync retry',
      };
    case 'identity-conflict':
      return { kind, ...conflictWait(now, reason) };
    case 'leave-unconfirmed':
      return { kind, ...(leaveUntil[reason] ?? { says: reason, until: 'until a second read agrees' }) };
    case 'no-email':
      return {
        kind,
        says: 'the directory has no usable e-mail address',
        until: 'until the person has a mail address in Entra',
      };
    case 'protected':
      return {
        kind,
        says: 'the account stays active, as neverDeactivate asks,',
        until: 'until the person is taken off neverDeactivate',
      };
    case 'unmapped-language':
    case 'shortened':
    case 'unusable-hire-date':
      return undefined;
  }
};

const holdWait = ({ delivered, userId }: PersonNow): ReadonlyArray<WhyWait> => {
  const { hold } = delivered;
  if (hold === undefined || hold.standing === 'approved') return [];
  const what = hold.kind === 'deactivations' ? 'the deactivation' : 'the creation of the account';
  const back = hold.kind === 'deactivations' ? ', or the person is in the group again' : '';
  if (hold.standing === 'held')
    return [
      {
        kind: 'held',
        says: `${what} waits for approval${hold.reason === undefined ? '' : `: ${holdReasonWords[hold.reason]}`}`,
        until: `until somebody approves: directory-sync held approve --user ${userId}${back}`,
      },
    ];
  const until =
    hold.kind === 'deactivations'
      ? 'until the person leaves, is deleted or is blocked anew in Entra'
      : 'until something about the person changes in Entra';
  return [{ kind: 'held', says: `${what} was turned down`, until }];
};

/** A leave that no read contradicted, and that not enough have confirmed. */
const openLeave = ({ person, delivered, graceRounds }: PersonNow): ReadonlyArray<WhyWait> => {
  const leave = person?.inScope === false ? person.leave : undefined;
  if (leave === undefined || leave.because !== undefined || delivered.link === undefined) return [];
  if (delivered.gone || delivered.status === 'deactivated' || leave.confirmations > graceRounds) return [];
  const missing = graceRounds + 1 - leave.confirmations;
  const reads = missing === 1 ? 'one more read agrees' : `${missing} more reads agree`;
  return [
    {
      kind: 'leave-unconfirmed',
      says: 'the account stays as it is, since the leave is not confirmed yet,',
      until: `until ${reads}, one in each sync`,
    },
  ];
};

const unknownWait = ({ delivered }: PersonNow): ReadonlyArray<WhyWait> => {
  const kinds = Object.keys(delivered.unknown);
  return kinds.length === 0
    ? []
    : [
        {
          kind: 'unknown',
          says: `nothing more is sent, since no answer came to ${kinds.join(', ')},`,
          until: 'until the next sync has looked at Learn Amp',
        },
      ];
};

const teamWait = ({ state, plan }: PersonNow): ReadonlyArray<WhyWait> => {
  const { teams, rejectedTeams } = state.connection();
  const { team } = plan;
  const code = team === undefined || team.key in teams ? undefined : rejectedTeams[team.key];
  return code === undefined
    ? []
    : [
        {
          kind: 'rejected',
          says: `Learn Amp refuses the team (${code})`,
          until: 'until the team can be made or found at Learn Amp: each full sync asks once more',
        },
      ];
};

const scopeHolds: Readonly<Record<string, string>> = {
  'scope-group-deleted': 'the scope group was deleted, and nobody leaves',
  'scope-group-unreadable': 'the scope group cannot be read, and nobody joins or leaves',
};

const connectionWaits = ({ state }: PersonNow): ReadonlyArray<WhyWait> => {
  const { paused, scopeHold } = state.connection();
  return [
    ...(paused
      ? [
          {
            kind: 'paused' as const,
            says: 'the connection is paused, and nothing is read or sent',
            until: 'until somebody resumes it: directory-sync resume',
          },
        ]
      : []),
    ...(scopeHold === undefined
      ? []
      : [
          {
            kind: 'scope-frozen' as const,
            says: scopeHolds[scopeHold] ?? scopeHold,
            until: 'until the group can be read again, or another one is configured',
          },
        ]),
  ];
};

/** Whatever does not go on by itself for this person, and until what: their own first, then the connection's. */
export const waitsOf = (now: PersonNow): ReadonlyArray<WhyWait> => [
  ...holdWait(now),
  ...unknownWait(now),
  ...openLeave(now),
  // The same silence is told once: of the command that still waits for its answer.
  ...now.plan.notes
    .filter(({ kind }) => kind !== 'unanswered' || Object.keys(now.delivered.unknown).length === 0)
    .flatMap((note) => noteWait(now, note) ?? []),
  ...teamWait(now),
  ...connectionWaits(now),
];
