import { describe, expect, it } from 'vitest';
import type { CommandOf } from '../commands.js';
import { initialDelivered, type DeliveredPerson, type Rejected } from '../delivery/delivered-person.js';
import { account, person } from '../testing/made-ids.js';
import { isDueAgain, isLeftOut, refusalKey } from './refused.js';

const userId = person(1);
const identity = { email: 'a@contoso.com', firstName: 'A', lastName: 'B' };
const command: CommandOf<'UpdateProfile'> = {
  kind: 'UpdateProfile',
  userId,
  learnAmpUserId: account(1),
  identity,
  set: { jobTitle: 'x' },
  clear: [],
};
const refused = (more: Partial<Rejected> = {}): DeliveredPerson => ({
  ...initialDelivered(userId),
  rejected: { UpdateProfile: { command, code: 'validation', fields: [], revision: '9', at: '', times: 1, ...more } },
});

describe('what Learn Amp refused', () => {
  it.each([
    [1, 22, 24],
    [2, 24 * 6, 24 * 7],
    [3, 24 * 27, 24 * 28],
    [9, 24 * 27, 24 * 28],
  ])('is asked about again after the %i. time in %i hours not yet, in %i hours (FC-85)', (times, early, due) => {
    const at = '2026-03-01T00:00:00Z';
    const hoursLater = (hours: number): string => new Date(Date.parse(at) + hours * 3_600_000).toISOString();
    expect(isDueAgain({ at, times }, hoursLater(early))).toBe(false);
    expect(isDueAgain({ at, times }, hoursLater(due))).toBe(true);
  });

  it('is not asked about again by a clock that cannot be read, or that was set back', () => {
    expect(isDueAgain({ at: '', times: 1 }, '2026-03-01T00:00:00Z')).toBe(false);
    expect(isDueAgain({ at: '2026-03-01T00:00:00Z', times: 1 }, '')).toBe(false);
    expect(isDueAgain({ at: '2026-03-09T00:00:00Z', times: 1 }, '2026-03-01T00:00:00Z')).toBe(false);
  });

  it('is left out while its content is the same, it is not time, and the settings are those it was refused under', () => {
    const context = { settingsRevision: () => '8' };
    expect(isLeftOut(context, refused(), command)).toBe(true);
    expect(isLeftOut(context, refused(), { ...command, set: { jobTitle: 'y' } })).toBe(false);
    expect(
      isLeftOut({ ...context, askAgain: new Set([refusalKey(userId, 'UpdateProfile')]) }, refused(), command),
    ).toBe(false);
    expect(isLeftOut({ ...context, settingsRevision: () => '10' }, refused(), command)).toBe(false);
    expect(isLeftOut({ ...context, settingsRevision: () => '10' }, refused({ revision: '11' }), command)).toBe(true);
  });

  it('for what it is, and not for what Learn Amp lacks, is left out whatever changes elsewhere', () => {
    const context = { settingsRevision: () => '10' };
    expect(isLeftOut(context, refused({ code: 'too_large' }), command)).toBe(true);
  });
});
