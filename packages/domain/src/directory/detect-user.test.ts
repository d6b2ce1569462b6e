import { specifyDecider } from '@learnamp/directory-sync-event-sourcing/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { standardAttributes } from '../attributes.js';
import type { ManagerMention, UserObservation } from '../observations.js';
import { foldPerson, personAfter } from '../testing/fold.js';
import { person } from '../testing/made-ids.js';
import { joined, seen, tracked, wholeProfile } from '../testing/made-observations.js';
import { detectUser } from './detect-user.js';
import { attributeEvents, initialPerson, type DirectoryPerson } from './directory-person.js';

const [ann, boss, chief] = [person(1), person(2), person(3)];
const profile = wholeProfile('Ann');
const annInScope = personAfter(ann, joined(ann, profile, { managerId: boss }));
const annWhoLeft = personAfter(ann, joined(ann, profile), {
  type: 'UserLeftGroup',
  data: { userId: ann, reason: 'removed' },
});
const removed = (reason: 'soft' | 'permanent'): UserObservation => ({ _tag: 'UserRemoved', userId: ann, reason });

const { given } = specifyDecider(
  (known: DirectoryPerson, observation: UserObservation) => detectUser(known, observation, tracked),
  { evolve: (state, event) => foldPerson(state, [event]) },
);

describe('given somebody in scope, when an entry mentions attributes', () => {
  it.each(standardAttributes)('a new %s is one event of its own, from and to', (attribute) => {
    given(annInScope)
      .when(seen(ann, { [attribute]: 'new' }))
      .then([{ type: attributeEvents[attribute], data: { userId: ann, from: profile[attribute] ?? null, to: 'new' } }]);
  });

  it('the same values again are no news', () => {
    given(annInScope)
      .when(seen(ann, profile, { accountEnabled: true, complete: true }))
      .thenNothing();
  });

  it('a custom attribute is told by its path, and one that nobody asked for is passed over', () => {
    const attribute = 'onPremisesExtensionAttributes.extensionAttribute1';
    given(annInScope)
      .when(seen(ann, { [attribute]: 'x', mobilePhone: '1', constructor: 'y' }))
      .then([{ type: 'CustomAttributeChanged', data: { userId: ann, attribute, from: null, to: 'x' } }]);
  });

  it('null is emptied, and not mentioned is nothing (FC-27)', () => {
    given(annInScope)
      .when(seen(ann, { jobTitle: null }))
      .then([{ type: 'JobTitleChanged', data: { userId: ann, from: 'Analyst', to: null } }]);
    given(annInScope).when(seen(ann, {})).thenNothing();
  });

  it('in a complete entry an attribute that is absent is empty', () => {
    const others = Object.fromEntries(Object.entries(profile).filter(([name]) => name !== 'jobTitle'));
    given(annInScope)
      .when(seen(ann, others, { complete: true }))
      .then([{ type: 'JobTitleChanged', data: { userId: ann, from: 'Analyst', to: null } }]);
  });

  it('an entry without the principal name is never complete', () => {
    given(annInScope)
      .when(seen(ann, { displayName: 'Ann Archer' }, { complete: true }))
      .thenNothing();
    given(annInScope)
      .when(seen(ann, {}, { complete: true }))
      .thenNothing();
  });

  it('case-only changes are facts, and white space that was never there is none', () => {
    given(annInScope)
      .when(seen(ann, { userPrincipalName: 'Ann@contoso.com' }))
      .then([
        { type: 'UserPrincipalNameChanged', data: { userId: ann, from: 'ann@contoso.com', to: 'Ann@contoso.com' } },
      ]);
  });

  it.each([
    ['every property null', Object.fromEntries(tracked.map((name) => [name, null]))],
    ['the principal name null beside a display name', { userPrincipalName: null, displayName: 'Ann', jobTitle: null }],
    ['the display name null without a principal name', { displayName: null, jobTitle: null, department: null }],
  ])('limited information changes nothing: %s (FC-08)', (_, attributes) => {
    for (const complete of [true, false])
      given(annInScope)
        .when(seen(ann, attributes, { complete, accountEnabled: false, manager: { _tag: 'Known', managerId: null } }))
        .thenNothing();
  });

  it('a blocked and an unblocked account are told once', () => {
    given(annInScope)
      .when(seen(ann, {}, { accountEnabled: false }))
      .then([{ type: 'AccountBlocked', data: { userId: ann } }]);
    given(foldPerson(annInScope, [{ type: 'AccountBlocked', data: { userId: ann } }]))
      .when(seen(ann, {}, { accountEnabled: true }))
      .then([{ type: 'AccountUnblocked', data: { userId: ann } }]);
  });

  it('the name of a deleted account that leaks before its removal is kept as said (FC-43)', () => {
    const to = `${ann.replaceAll('-', '')}ann@contoso.com`;
    given(annInScope)
      .when(seen(ann, { userPrincipalName: to }))
      .then([{ type: 'UserPrincipalNameChanged', data: { userId: ann, from: 'ann@contoso.com', to } }]);
  });
});

describe('given somebody with a manager, when an entry speaks of managers', () => {
  const entries = (
    assigned: ReturnType<typeof person> | undefined,
    ...gone: ReadonlyArray<ReturnType<typeof person>>
  ): ManagerMention => ({ _tag: 'Entries', assigned, removed: gone });
  const managed = (manager: ManagerMention) => seen(ann, {}, { manager });

  it('another one is assigned, whether or not the old one is named as removed', () => {
    for (const mention of [entries(chief), entries(chief, boss), { _tag: 'Known', managerId: chief } as const])
      given(annInScope)
        .when(managed(mention))
        .then([{ type: 'ManagerAssigned', data: { userId: ann, managerId: chief, from: boss } }]);
  });

  it('the present one removed is unassigned, and somebody else removed is history', () => {
    given(annInScope)
      .when(managed(entries(undefined, chief, boss)))
      .then([{ type: 'ManagerUnassigned', data: { userId: ann, from: boss } }]);
    given(annInScope)
      .when(managed(entries(undefined, chief)))
      .thenNothing();
  });

  it('none, by a direct read, is unassigned; not mentioned is nothing (FC-63)', () => {
    given(annInScope)
      .when(managed({ _tag: 'Known', managerId: null }))
      .then([{ type: 'ManagerUnassigned', data: { userId: ann, from: boss } }]);
    given(annInScope)
      .when(managed({ _tag: 'NotMentioned' }))
      .thenNothing();
    given(annInScope)
      .when(managed(entries(boss)))
      .thenNothing();
  });

  it('the person as their own manager is recorded as said (FC-60)', () => {
    given(annInScope)
      .when(managed(entries(ann)))
      .then([{ type: 'ManagerAssigned', data: { userId: ann, managerId: ann, from: boss } }]);
  });
});

describe('given a deletion, when it is told', () => {
  it('soft and then permanent are two facts, each once, and soft after permanent is none (FC-14, FC-45)', () => {
    const soft = { type: 'UserDeleted', data: { userId: ann, reason: 'soft' } } as const;
    const permanent = { type: 'UserDeleted', data: { userId: ann, reason: 'permanent' } } as const;
    given(annInScope).when(removed('soft')).then([soft]);
    given(foldPerson(annInScope, [soft]))
      .when(removed('permanent'))
      .then([permanent]);
    given(foldPerson(annInScope, [permanent]))
      .when(removed('soft'))
      .thenNothing();
  });

  it('it is nothing for somebody never met, in the first round as in any (FC-16)', () => {
    given(initialPerson(ann)).when(removed('soft')).thenNothing();
    given(initialPerson(ann))
      .when(seen(ann, profile, { complete: true }))
      .thenNothing();
  });

  const deletedInScope = foldPerson(annInScope, [{ type: 'UserDeleted', data: { userId: ann, reason: 'soft' } }]);

  it('an ordinary entry restores, with whatever it brings, when it comes before the end of the round (FC-44)', () => {
    given(deletedInScope)
      .when(seen(ann, { ...profile, jobTitle: 'Architect' }))
      .then([
        { type: 'UserRestored', data: { userId: ann } },
        { type: 'JobTitleChanged', data: { userId: ann, from: 'Analyst', to: 'Architect' } },
      ]);
  });

  it('an entry under the name of a deleted account, or under no name, restores nothing and teaches nothing', () => {
    const userPrincipalName = `${ann.replaceAll('-', '').toUpperCase()}ann@contoso.com`;
    given(deletedInScope)
      .when(seen(ann, { userPrincipalName, jobTitle: 'x' }))
      .thenNothing();
    given(deletedInScope)
      .when(seen(ann, { jobTitle: 'x' }))
      .thenNothing();
  });

  it('of somebody who left only deletion and restoring are recorded', () => {
    given(annWhoLeft)
      .when(seen(ann, { jobTitle: 'x', userPrincipalName: 'new@contoso.com' }, { accountEnabled: false }))
      .thenNothing();
    given(annWhoLeft)
      .when(removed('permanent'))
      .then([{ type: 'UserDeleted', data: { userId: ann, reason: 'permanent' } }]);
    given(foldPerson(annWhoLeft, [{ type: 'UserDeleted', data: { userId: ann, reason: 'soft' } }]))
      .when(seen(ann, { ...profile, jobTitle: 'x' }))
      .then([{ type: 'UserRestored', data: { userId: ann } }]);
  });
});

const value = fc.constantFrom('a', 'b', null);
const attributes = fc.dictionary(fc.constantFrom(...tracked, 'unasked'), value, { maxKeys: 8 });
const manager: fc.Arbitrary<ManagerMention> = fc.oneof(
  fc.constant<ManagerMention>({ _tag: 'NotMentioned' }),
  fc.record({
    _tag: fc.constant('Entries' as const),
    assigned: fc.constantFrom(undefined, boss, chief, ann),
    removed: fc.subarray([boss, chief]),
  }),
  fc.record({ _tag: fc.constant('Known' as const), managerId: fc.constantFrom(null, boss, chief) }),
);
const observation: fc.Arbitrary<UserObservation> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(removed('soft'), removed('permanent')) },
  {
    weight: 4,
    arbitrary: fc
      .record({ attributes, manager, accountEnabled: fc.constantFrom(undefined, true, false), complete: fc.boolean() })
      .map(({ attributes: mentioned, ...more }) => seen(ann, mentioned, more)),
  },
);

describe('whatever Graph says', () => {
  it('saying it again right away gives no events', () => {
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 6 }), (told) => {
        let state = annInScope;
        for (const entry of told) {
          state = foldPerson(state, detectUser(state, entry, tracked));
          expect(detectUser(state, entry, tracked)).toEqual([]);
        }
      }),
    );
  });

  it('dropping keys from an entry never clears anything (FC-27)', () => {
    const whole = seen(ann, { ...profile, userPrincipalName: 'ann@contoso.com' }, { accountEnabled: true });
    fc.assert(
      fc.property(fc.subarray(Object.keys(whole.attributes)), fc.boolean(), (kept, complete) => {
        const rest = Object.fromEntries(Object.entries(whole.attributes).filter(([name]) => kept.includes(name)));
        // A complete entry from which the principal name is lost as well lists nothing any more.
        const isComplete = complete && !kept.includes('userPrincipalName');
        expect(detectUser(annInScope, { ...whole, attributes: rest, complete: isComplete }, tracked)).toEqual([]);
      }),
    );
  });
});
