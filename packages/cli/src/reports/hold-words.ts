import type { HeldKind, HeldPerson, LeftUndecided } from '@learnamp/directory-sync';

export const heldKindWords: Readonly<Record<HeldKind, { readonly one: string; readonly many: string }>> = {
  deactivations: { one: 'deactivation', many: 'deactivations' },
  creations: { one: 'new account', many: 'new accounts' },
};

export const leftOutWords: Readonly<Record<LeftUndecided['why'], string>> = {
  'not-held': 'nothing is held, or not any more',
  'by-name': 'an owner or admin of Learn Amp: approve by name, with --user',
  'last-owner': 'the only active owner of Learn Amp: make somebody else an owner first',
};

const leaves = {
  removed: 'not a member of the group any more',
  deleted: 'deleted in Entra',
  'scope-changed': 'not a member of the new group',
} as const;

/** What speaks for the command. */
export const evidenceWords = ({ evidence }: HeldPerson): string => {
  const { leave, blocked, groupPath, groupNames } = evidence;
  if (leave !== null) {
    const times = leave.confirmations === 1 ? 'confirmed once' : `confirmed ${leave.confirmations} times`;
    return `${leaves[leave.reason]}, ${times}`;
  }
  if (blocked) return 'sign-in is blocked in Entra';
  return groupPath.length > 0 ? `a member by ${groupNames.at(-1) ?? groupPath.at(-1) ?? ''}` : 'a member of the group';
};
