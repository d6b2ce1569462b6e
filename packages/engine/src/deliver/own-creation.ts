import type { DesiredPerson, LearnAmpAccount, Preferences } from '@learnamp/directory-sync-domain';

/** The statuses of an account that nobody but us has touched since it was created. */
const freshStatuses = (invitations: Preferences['invitations']): ReadonlyArray<LearnAmpAccount['status']> =>
  invitations === 'immediate'
    ? ['invite_pending', 'confirmed']
    : invitations === 'manual'
      ? ['not_invited']
      : ['not_invited', 'invite_scheduled'];

const fields = ['jobTitle', 'department', 'location', 'hireDate'] as const;

/**
 * Whether an account is what a creation made whose answer was lost. It carries the person's object id; where the company
 * keeps that elsewhere than in the external id, an account that looks exactly like ours and has the status of a new one is
 * taken for ours. Asked only after such a creation, so nobody is adopted by it who was there before.
 */
export const isOwnCreation = (
  { externalId, invitations }: Preferences,
  desired: DesiredPerson,
  account: LearnAmpAccount,
): boolean => {
  if (typeof account.externalId === 'string') return account.externalId.toLowerCase() === desired.userId;
  if (externalId === 'integrationExternalId') return false;
  const same = fields.every((field) => {
    const [wanted, shown] = [desired.profile[field], account[field]];
    return typeof wanted !== 'string' || shown === undefined || shown === wanted;
  });
  return (
    same &&
    freshStatuses(invitations).includes(account.status) &&
    account.email.toLowerCase() === desired.email &&
    account.firstName === desired.firstName &&
    account.lastName === desired.lastName
  );
};
