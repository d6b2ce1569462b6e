import { describe, expect, it } from 'vitest';
import type { Hold } from '../delivery/delivered-person.js';
import { isApproved, isApprovedByName, mayBeDispatched } from './standing-of.js';

const hold = (standing: Hold['standing'], reason: Hold['reason'] = 'count', kind: Hold['kind'] = 'deactivations') => ({
  hold: { kind, standing, reason, since: '' },
});

describe('what was decided of a person', () => {
  it('stops what is held and what was rejected, of its own kind alone', () => {
    expect(mayBeDispatched(hold('held'), 'DeactivateUser')).toBe(false);
    expect(mayBeDispatched(hold('rejected'), 'DeactivateUser')).toBe(false);
    expect(mayBeDispatched(hold('approved'), 'DeactivateUser')).toBe(true);
    expect(mayBeDispatched({ hold: undefined }, 'DeactivateUser')).toBe(true);
    expect(mayBeDispatched(hold('held'), 'CreateUser')).toBe(true);
    expect(mayBeDispatched(hold('held', 'count', 'creations'), 'CreateUser')).toBe(false);
    expect(mayBeDispatched(hold('held', 'count', 'creations'), 'UpdateProfile')).toBe(true);
  });

  it('is an approval by name only of an owner or admin who was held as one', () => {
    expect(isApproved(hold('approved'), 'DeactivateUser')).toBe(true);
    expect(isApprovedByName(hold('approved'), 'DeactivateUser')).toBe(false);
    expect(isApprovedByName(hold('approved', 'protected'), 'DeactivateUser')).toBe(true);
    expect(isApprovedByName(hold('held', 'protected'), 'DeactivateUser')).toBe(false);
    expect(isApproved(hold('approved'), 'CreateUser')).toBe(false);
  });
});
