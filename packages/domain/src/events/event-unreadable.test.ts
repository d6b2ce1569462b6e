import { describe, expect, it } from 'vitest';
import { ann, ben } from '../testing/company.js';
import { joined } from '../testing/made-observations.js';
import { asUnreadable, isOfDirectory, makesGood, soleSubject } from './event-unreadable.js';

describe('an event whose data cannot be read', () => {
  it.each([
    ['JobTitleChanged', [ann], ann],
    ['CommandSucceeded', [ann], ann],
    ['ManagerAssigned', [ann, ben], undefined],
    ['CommandsHeld', [], undefined],
    ['GroupDeleted', [ann], undefined],
    ['SomethingLater', [ann], undefined],
  ])('of type %s about %o is the business of one person alone: %s', (type, subjects, userId) => {
    expect(soleSubject(type, subjects)).toBe(userId);
  });

  it('stands in a fold as a placeholder', () => {
    const placeholder = { type: 'EventUnreadable', data: { userId: ann, of: 'JobTitleChanged' } };
    expect(asUnreadable(placeholder)).toBe(placeholder);
    expect(asUnreadable({ type: 'JobTitleChanged' })).toBeUndefined();
  });

  it('is made good by the whole profile where it spoke of the directory, and by an erasure whatever it was', () => {
    const again = joined(ann, {});
    expect(makesGood(again, 'JobTitleChanged')).toBe(ann);
    expect(makesGood(again, 'CommandSucceeded')).toBeUndefined();
    expect(makesGood({ type: 'UserRestored', data: { userId: ann } }, 'JobTitleChanged')).toBeUndefined();
    const erased = { type: 'PersonErased', data: { userId: ann, actor: 'x', reason: 'y' } } as const;
    expect(makesGood(erased, 'CommandSucceeded')).toBe(ann);
    expect([isOfDirectory('MailChanged'), isOfDirectory('CommandSucceeded')]).toEqual([true, false]);
  });
});
