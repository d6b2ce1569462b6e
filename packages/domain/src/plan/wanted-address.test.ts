import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObjectId } from '../ids.js';
import { ann, ben, cleo, dan, openCompany, type Company } from '../testing/company.js';
import { person } from '../testing/made-ids.js';

const staffed = (...people: ReadonlyArray<ObjectId>): Company => {
  const company = openCompany();
  for (const userId of people) company.join(userId);
  company.sync();
  return company;
};
const rename = (company: Company, userId: ObjectId, name: string): void => {
  company.tell(userId, 'UserPrincipalNameChanged', `${name}@contoso.com`);
};
const emails = (company: Company, ...people: ReadonlyArray<ObjectId>) =>
  people.map((userId) => company.accountOf(userId)?.email.replace('@contoso.com', ''));
const notesOf = (company: Company, userId: ObjectId) =>
  company.plan(userId).notes.map(({ kind, reason }) => `${kind}: ${reason}`);

describe('an address that changed', () => {
  it('is one change of the linked account: no second one, no mail (FC-41)', () => {
    const company = staffed(ann);
    rename(company, ann, 'ann.lee');
    expect(company.plan(ann).commands).toEqual([
      {
        kind: 'ChangeEmail',
        userId: ann,
        learnAmpUserId: company.delivered(ann).link,
        from: 'ann@contoso.com',
        identity: { email: 'ann.lee@contoso.com', firstName: 'Ann', lastName: 'Archer' },
      },
    ]);
    expect(company.sync()).toEqual(['ChangeEmail']);
  });

  it('in case only is no change (FC-41)', () => {
    const company = staffed(ann);
    rename(company, ann, 'ANN');
    expect(company.wanted()).toEqual([]);
  });

  it('along a chain moves from its free end, each person once', () => {
    const company = staffed(ann, ben, cleo);
    rename(company, ann, 'ben');
    rename(company, ben, 'cleo');
    rename(company, cleo, 'cleo.new');
    expect(company.plan(ann)).toMatchObject({ commands: [], notes: [{ kind: 'deferred', reason: 'address-taken' }] });
    expect(company.sync()).toEqual(['ChangeEmail', 'ChangeEmail', 'ChangeEmail']);
    expect(emails(company, ann, ben, cleo)).toEqual(['ben', 'cleo', 'cleo.new']);
    expect(company.plan(ann)).toMatchObject({ commands: [], standing: [], notes: [] });
  });

  it('is free for somebody new in the very same plan, once its holder has moved', () => {
    const company = staffed(ann);
    rename(company, ann, 'ann.lee');
    company.join(ben, { userPrincipalName: 'ann@contoso.com' });
    expect(company.sync()).toEqual(['ChangeEmail', 'CreateUser', 'SetPrimaryTeam']);
    expect(emails(company, ann, ben)).toEqual(['ann.lee', 'ann']);
  });

  it('swapped by two people is a conflict of both, recorded once, and nobody loses theirs (FC-41)', () => {
    const company = staffed(ann, ben);
    rename(company, ann, 'ben');
    rename(company, ben, 'ann');
    expect(company.sync()).toEqual([]);
    for (const userId of [ann, ben]) {
      expect(notesOf(company, userId)).toEqual(['identity-conflict: address-swap']);
      expect(company.plan(userId).standing).toEqual([]);
    }
    expect(emails(company, ann, ben)).toEqual(['ann', 'ben']);
  });

  it('passed around a ring of three is a conflict of all three; who waits outside of it waits', () => {
    const company = staffed(ann, ben, cleo, dan);
    rename(company, ann, 'ben');
    rename(company, ben, 'cleo');
    rename(company, cleo, 'ann');
    rename(company, dan, 'ann');
    expect(company.sync()).toEqual([]);
    for (const userId of [ann, ben, cleo])
      expect(notesOf(company, userId)).toEqual(['identity-conflict: address-swap']);
    expect(notesOf(company, dan)).toEqual(['deferred: address-taken']);
    rename(company, cleo, 'cleo.new');
    expect(company.sync()).toEqual(['ChangeEmail', 'ChangeEmail', 'ChangeEmail', 'ChangeEmail']);
    expect(emails(company, ann, ben, cleo, dan)).toEqual(['ben', 'cleo', 'cleo.new', 'ann']);
    for (const userId of [ann, ben, cleo, dan]) expect(company.delivered(userId).conflict).toBeUndefined();
  });

  it('of somebody who stays is a conflict of whoever wants it first in line, and others wait for the decision', () => {
    const company = staffed(ann, ben, cleo);
    rename(company, ben, 'cleo');
    rename(company, ann, 'ben');
    expect(company.sync()).toEqual([]);
    expect(notesOf(company, ben)).toEqual(['identity-conflict: address-of-another-person']);
    expect(notesOf(company, ann)).toEqual(['deferred: address-taken']);
  });

  it('of somebody who left is not taken from their account (FC-42)', () => {
    const company = staffed(ann);
    company.leave(ann);
    company.sync();
    company.join(ben, { userPrincipalName: 'ann@contoso.com' });
    expect(company.sync()).toEqual([]);
    expect(company.plan(ben)).toMatchObject({
      commands: [],
      standing: [],
      notes: [{ kind: 'identity-conflict', reason: 'address-of-another-person' }],
    });
    rename(company, ben, 'ben');
    expect(company.sync()).toEqual(['CreateUser', 'SetPrimaryTeam']);
    expect(company.delivered(ben).conflict).toBeUndefined();
  });
});

describe('two people with one address', () => {
  it('the first keeps working, the second is in conflict, and no round turns that over (FC-48)', () => {
    const company = openCompany();
    company.join(ann, { userPrincipalName: 'same@contoso.com' });
    company.join(ben, { userPrincipalName: 'Same@contoso.com' });
    company.sync();
    const { link } = company.delivered(ann);
    expect(link).toBeDefined();
    expect(company.learnAmp.accounts.size).toBe(1);
    for (let round = 0; round < 3; round++) {
      company.tell(ann, 'JobTitleChanged', `title ${round}`);
      expect(company.sync()).toEqual(['UpdateProfile']);
      expect(notesOf(company, ben)).toEqual(['identity-conflict: address-of-another-person']);
      expect(company.plan(ben).standing).toEqual([]);
      expect(company.accountOf(ann)?.learnAmpUserId).toBe(link);
    }
  });
});

describe('any renaming of linked people', () => {
  const count = 5;
  const people = Array.from({ length: count }, (_, number) => person(number));
  const wishes = fc.array(fc.nat(count + 2), { minLength: count, maxLength: count });

  it('ends; whoever is not in a ring, at one or behind one who stays has the address they want', () => {
    fc.assert(
      fc.property(wishes, (names) => {
        const company = openCompany();
        people.forEach((userId, number) => company.join(userId, { userPrincipalName: `p${number}@contoso.com` }));
        company.sync();
        people.forEach((userId, number) => rename(company, userId, `p${names[number]}`));
        company.sync();
        const wanted = names.map((name) => `p${name}`);
        const held = emails(company, ...people);
        people.forEach((userId, number) => {
          const has = held[number] === wanted[number];
          const told = notesOf(company, userId).some((note) => /address/.test(note));
          expect([userId, has || told]).toEqual([userId, true]);
          expect([userId, has && told]).toEqual([userId, false]);
        });
        expect(new Set(held).size).toBe(count);
        // An address that nobody holds and somebody wants would have been taken.
        const free = wanted.filter((address) => !held.includes(address));
        expect(free).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
