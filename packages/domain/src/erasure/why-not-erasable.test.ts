import { expect, it } from 'vitest';
import { initialDelivered, type DeliveredPerson } from '../delivery/delivered-person.js';
import { initialPerson } from '../directory/directory-person.js';
import type { CommandId, LearnAmpUserId } from '../ids.js';
import { person } from '../testing/made-ids.js';
import { isSettledLeaver, whyNotErasable } from './why-not-erasable.js';

const ann = person(1);
const leaver = { ...initialPerson(ann), everInScope: true };
const linked: Partial<DeliveredPerson> = { link: '7' as LearnAmpUserId, status: 'confirmed' };
const hold = (standing: 'held' | 'approved' | 'rejected'): Partial<DeliveredPerson> => ({
  ...linked,
  hold: { kind: 'deactivations', standing, reason: 'count', since: '' },
});

it.each<[string | undefined, Partial<DeliveredPerson>]>([
  [undefined, {}],
  [undefined, { ...linked, status: 'deactivated' }],
  [undefined, { ...linked, gone: true }],
  ['active', linked],
  ['active', { ...linked, status: undefined }],
  ['active', hold('approved')],
  ['held', hold('held')],
  ['kept', hold('rejected')],
  ['under-way', { createUncertain: true }],
  ['under-way', { ...linked, status: 'deactivated', unknown: { DeactivateUser: 'c' as CommandId } }],
])('of somebody out of the group, %s: %j', (why, delivered) => {
  const held = { ...initialDelivered(ann), ...delivered };
  expect(whyNotErasable(leaver, held)).toBe(why);
  expect(isSettledLeaver(leaver, held)).toBe(why === undefined);
});

it('nobody in the group, whatever became of the account', () => {
  const deactivated = { ...initialDelivered(ann), ...linked, status: 'deactivated' as const };
  expect(whyNotErasable({ ...leaver, inScope: true }, deactivated)).toBe('in-scope');
});

it('who was erased, or never was in the group, is no leaver whose data is still here', () => {
  expect(isSettledLeaver({ ...leaver, erased: true }, initialDelivered(ann))).toBe(false);
  expect(isSettledLeaver(initialPerson(ann), initialDelivered(ann))).toBe(false);
});
