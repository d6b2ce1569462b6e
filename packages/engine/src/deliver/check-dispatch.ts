import type { Command, CommandId, ObjectId, Preferences } from '@learnamp/directory-sync-domain';
import { isNeverDeactivated, phaseOf, subjectOf } from '@learnamp/directory-sync-domain';
import type { DispatchedCommand } from '@learnamp/directory-sync-learn-amp';
import { DirectorySyncError } from '../directory-sync-error.js';
import type { EngineState } from '../state/engine-state.js';
import {
  accountFault,
  holdFault,
  leaveFault,
  rules,
  scopeFault,
  unknownFault,
  type Fault,
  type Subject,
} from './dispatch-faults.js';

type CommandOfPerson = Exclude<Command, { readonly kind: 'EnsureTeam' }>;

export type DispatchCheck = {
  readonly state: Pick<EngineState, 'person' | 'delivered' | 'connection' | 'holderOfAccount' | 'isAnybodyUnreadable'>;
  readonly preferences: Pick<Preferences, 'neverDeactivate' | 'deactivateBlockedAccounts'>;
  readonly isOvertaken: () => boolean;
  /** Commands that were answered with success in this cycle. */
  readonly succeeded: ReadonlySet<CommandId>;
};

/** What a dispatch would have broken: kept with the error, so that it can be recorded. */
export type Violation = { readonly invariant: string; readonly subject: string; readonly kind: string };

const violations = new WeakMap<DirectorySyncError, Violation>();

export const violationOf = (error: DirectorySyncError): Violation | undefined => violations.get(error);

const violated = ({ rule, says }: Fault, subject: string, kind: string): DirectorySyncError => {
  const error = new DirectorySyncError(
    'invariant-violated',
    `Invariant ${rule.id} (${rule.name}): ${kind} of ${subject} was about to be sent ${says}. Nothing of it was sent, and nothing more is sent for this connection until somebody resumes it or another version runs: report it, and keep the log.`,
  );
  violations.set(error, { invariant: rule.id, subject, kind });
  return error;
};

const isNamed = ({ preferences }: DispatchCheck, { person, delivered }: Subject): boolean => {
  const addresses = [person?.attributes.userPrincipalName, person?.attributes.mail, delivered.email];
  return isNeverDeactivated(
    preferences,
    delivered.userId,
    addresses.filter((address) => typeof address === 'string'),
  );
};

const deactivationFault = (check: DispatchCheck, subject: Subject): Fault | undefined => {
  const { person } = subject;
  const blockedOnly = person?.inScope === true && !check.preferences.deactivateBlockedAccounts;
  if (blockedOnly) return { rule: rules.newestFacts, says: 'although the person is in scope' };
  if (isNamed(check, subject))
    return { rule: rules.protectedPeople, says: 'although neverDeactivate names the person' };
  return check.state.isAnybodyUnreadable()
    ? { rule: rules.confirmedLeaves, says: 'while an event of somebody cannot be read' }
    : leaveFault(subject);
};

/** The account a command goes to is the person's own, or one that is about to become theirs, and nobody else's. */
const addressFault = (
  { state }: DispatchCheck,
  { delivered }: Subject,
  command: CommandOfPerson,
): Fault | undefined => {
  if (!('learnAmpUserId' in command)) return undefined;
  const own = delivered.link ?? delivered.candidate?.learnAmpUserId;
  const holder = state.holderOfAccount(command.learnAmpUserId);
  return command.learnAmpUserId === own && (holder === undefined || holder === command.userId)
    ? undefined
    : { rule: rules.oneAccount, says: 'to an account that is not theirs' };
};

const firstFault = (check: DispatchCheck, subject: Subject, command: CommandOfPerson): Fault | undefined =>
  holdFault(subject, command.kind) ??
  accountFault(subject, command.kind) ??
  (command.kind === 'DeactivateUser' ? deactivationFault(check, subject) : scopeFault(subject, command.kind)) ??
  unknownFault(subject) ??
  addressFault(check, subject, command);

/**
 * The last look before a dispatch is recorded and sent: what may never happen is checked on the state it is appended to, whatever the
 * planner and the hold came to. Throws `invariant-violated`; then nothing of the dispatch is recorded or sent.
 */
export const checkDispatch = (check: DispatchCheck, dispatch: ReadonlyArray<DispatchedCommand>): void => {
  const ids = new Set<CommandId>();
  const phases = new Map<string, number>();
  for (const { commandId, command } of dispatch) {
    const subject = subjectOf(command);
    const fail = (found: Fault): never => {
      throw violated(found, subject, command.kind);
    };
    if (check.isOvertaken()) fail({ rule: rules.oneWriter, says: 'behind an engine of a higher epoch' });
    if (ids.has(commandId) || check.succeeded.has(commandId)) fail({ rule: rules.onceOnly, says: 'a second time' });
    ids.add(commandId);
    if (!Object.hasOwn(phaseOf, command.kind))
      fail({ rule: rules.nothingDeleted, says: 'although it is no command that there is' });
    const phase = phaseOf[command.kind];
    if (phase < (phases.get(subject) ?? phase)) fail({ rule: rules.order, says: 'out of its order' });
    phases.set(subject, phase);
    if (command.kind === 'EnsureTeam') continue;
    const userId: ObjectId = command.userId;
    const known = { person: check.state.person(userId), delivered: check.state.delivered(userId) };
    const found = firstFault(check, known, command);
    if (found !== undefined) fail(found);
  }
};
