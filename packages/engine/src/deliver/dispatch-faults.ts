import type { CommandKind, DeliveredPerson, DirectoryPerson } from '@learnamp/directory-sync-domain';
import { isApprovedByName, isProtectedRole, mayBeDispatched } from '@learnamp/directory-sync-domain';

/** A rule that no dispatch may break, whatever planned it: its number in the list of invariants, and its name. */
export type Rule = { readonly id: string; readonly name: string };

export const rules = {
  confirmedLeaves: { id: 'I-01', name: 'confirmed leaves' },
  oneAccount: { id: 'I-02', name: 'one account' },
  nothingDeleted: { id: 'I-03', name: 'nothing deleted' },
  onceOnly: { id: 'I-06', name: 'once only' },
  order: { id: 'I-07', name: 'order' },
  newestFacts: { id: 'I-08', name: 'newest facts' },
  hold: { id: 'I-10', name: 'hold' },
  oneWriter: { id: 'I-16', name: 'one writer' },
  protectedPeople: { id: 'I-17', name: 'protected people' },
} as const satisfies Readonly<Record<string, Rule>>;

export type Fault = { readonly rule: Rule; readonly says: string };

const fault = (rule: Rule, says: string): Fault => ({ rule, says });

/** What the log alone shows of a person whose command is dispatched: folded up to the event before the dispatch. */
export type Subject = { readonly person: DirectoryPerson | undefined; readonly delivered: DeliveredPerson };

const isBlocked = (person: DirectoryPerson | undefined): boolean => person?.inScope === true && !person.accountEnabled;

/** Somebody who did not leave, or whose leave no second read confirmed, keeps the account. */
export const leaveFault = ({ person }: Subject): Fault | undefined =>
  isBlocked(person) || (person?.inScope !== true && (person?.leave?.confirmations ?? 0) > 0)
    ? undefined
    : fault(rules.confirmedLeaves, 'without a confirmed leave');

/** Neither held nor decided against; owners and admins only by name. */
export const holdFault = ({ delivered }: Subject, kind: CommandKind): Fault | undefined => {
  if (!mayBeDispatched(delivered, kind))
    return fault(rules.hold, `although it is ${delivered.hold?.standing ?? 'held'}`);
  if (kind !== 'DeactivateUser' || !isProtectedRole(delivered.role) || isApprovedByName(delivered, kind))
    return undefined;
  return fault(rules.protectedPeople, 'although an owner or admin is deactivated by name only');
};

/** No second account, and no second deactivation. */
export const accountFault = ({ delivered }: Subject, kind: CommandKind): Fault | undefined => {
  const { link, status } = delivered;
  if (kind === 'CreateUser' && link !== undefined) return fault(rules.oneAccount, 'although there is an account');
  if (kind !== 'DeactivateUser') return undefined;
  if (link === undefined) return fault(rules.oneAccount, 'without an account that is theirs');
  return status === 'deactivated' ? fault(rules.onceOnly, 'although the account is deactivated') : undefined;
};

/** Nothing is sent where the last command has neither a receipt nor a look behind it. */
export const unknownFault = ({ delivered }: Subject): Fault | undefined =>
  Object.keys(delivered.unknown).length === 0
    ? undefined
    : fault(rules.onceOnly, 'before it is known what became of the last command');

/** Whoever is out of scope gets nothing but a deactivation. */
export const scopeFault = ({ person }: Subject, kind: CommandKind): Fault | undefined =>
  kind === 'DeactivateUser' || person?.inScope === true
    ? undefined
    : fault(rules.newestFacts, 'although the person is not in scope');
