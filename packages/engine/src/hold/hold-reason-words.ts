import type { HoldReason } from '@learnamp/directory-sync-domain';

/** Why a plan of deactivations or creations waits, as a person reads it: the same on the command line and in the console. */
export const holdReasonWords: Readonly<Record<HoldReason, string>> = {
  count: 'too many within a day',
  'small-share': 'a large share of the accounts within a day',
  'large-share': 'too many within a day for a company of this size',
  'scope-empty': 'nobody would be left in the group',
  'scope-group-deleted': 'the group was deleted in Entra',
  'scope-group-unreadable': 'the group cannot be read',
  'scope-group-changed': 'another group was chosen',
  protected: 'an owner or admin of Learn Amp: approved by name only',
  'last-owner': 'the only active owner of Learn Amp: never deactivated',
};

/** Of a planned command, whose reason to wait may not be told yet. */
export const heldBecause = (reason: string): string =>
  Object.entries(holdReasonWords).find(([known]) => known === reason)?.[1] ?? 'somebody has to decide';
