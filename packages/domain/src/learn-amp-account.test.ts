import { expect, it } from 'vitest';
import { isActiveStatus, isProtectedRole } from './learn-amp-account.js';

it.each(['not_invited', 'invite_scheduled', 'invite_pending', 'confirmed', 'unknown'] as const)(
  'an account that is %s counts as active',
  (status) => {
    expect(isActiveStatus(status)).toBe(true);
  },
);

it('an account that is deactivated does not', () => {
  expect(isActiveStatus('deactivated')).toBe(false);
});

it.each([
  ['owner', true],
  ['admin', true],
  ['super_admin', true],
  ['learner', false],
  ['Owner of nothing', false],
  [null, false],
  [undefined, false],
])('whoever is %s is deactivated only by name: %s', (role, isProtected) => {
  expect(isProtectedRole(role)).toBe(isProtected);
});
