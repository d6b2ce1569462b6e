import type { DirectoryPerson } from '../directory/directory-person.js';
import type { PlanContext } from './plan-context.js';

/**
 * Whether a person is to have an active account: in the scope, and, where the company asked for that, not blocked. One rule,
 * so that blocking and membership never undo each other (FC-50).
 */
export const inScopeNow = ({ preferences }: PlanContext, person: DirectoryPerson): boolean =>
  person.inScope && !person.erased && (person.accountEnabled || !preferences.deactivateBlockedAccounts);
