import { describe, expect, it } from 'vitest';
import type { LearnAmpAccount } from '../learn-amp-account.js';
import { ann, openCompany, type Company } from '../testing/company.js';
import { MOST_WRITTEN, slotsNotKept } from './not-kept.js';

const settled = (): Company => {
  const company = openCompany({ customFields: { employeeId: 'Number' } });
  company.join(ann, { employeeId: '7' });
  company.sync();
  return company;
};

/** Somebody, or something, at Learn Amp makes another text of what was written, and that is seen. */
const shows = (company: Company, changed: Partial<LearnAmpAccount>): void => {
  const account = { ...company.accountOf(ann)!, ...changed };
  company.learnAmp.accounts.set(account.learnAmpUserId, { ...company.accountOf(ann)!, ...changed });
  company.record({ type: 'LearnAmpUserObserved', data: { userId: ann, account } });
};
const again = (company: Company, times: number, changed: Partial<LearnAmpAccount>): void => {
  for (let time = 0; time < times; time++) {
    shows(company, changed);
    company.sync();
  }
};
const writtenIn = (company: Company) => company.plan(ann).commands.map(({ kind }) => kind);
const notesOf = (company: Company) => company.plan(ann).notes.map(({ kind, reason }) => `${kind}: ${reason}`);

describe('a text that Learn Amp makes another of each time', () => {
  it.each<readonly [string, Partial<LearnAmpAccount>, string]>([
    ['jobTitle', { jobTitle: 'ANALYST' }, 'UpdateProfile'],
    ['jobTitle', { jobTitle: null }, 'UpdateProfile'],
    ['firstName', { firstName: 'ANN' }, 'UpdateProfile'],
    ['lastName', { lastName: 'ARCHER' }, 'UpdateProfile'],
    ['custom:Number', { customFields: { Number: '007' } }, 'SetCustomFields'],
  ])('is written three times, and then told: %s', (slot, changed, kind) => {
    const company = settled();
    again(company, MOST_WRITTEN - 1, changed);
    shows(company, changed);
    expect(writtenIn(company)).toEqual([]);
    expect(slotsNotKept(company.delivered(ann))).toEqual([slot]);
    expect(notesOf(company)).toEqual([`parked: not-kept-by-learn-amp (${slot})`]);
    expect(company.learnAmp.sent.filter((command) => command.kind === kind)).toHaveLength(
      MOST_WRITTEN - 1 + (kind === 'SetCustomFields' ? 1 : 0),
    );
  });

  it('stays unwritten and told at each later look that shows it so', () => {
    const company = settled();
    again(company, MOST_WRITTEN + 2, { jobTitle: 'ANALYST' });
    expect(company.delivered(ann).notKept['jobTitle']).toMatchObject({ shown: 'ANALYST', times: MOST_WRITTEN });
    expect([writtenIn(company), notesOf(company)]).toEqual([[], ['parked: not-kept-by-learn-amp (jobTitle)']]);
  });

  it('is written once more when the directory has another text, and the note is gone', () => {
    const company = settled();
    again(company, MOST_WRITTEN, { jobTitle: 'ANALYST' });
    company.tell(ann, 'JobTitleChanged', 'Architect');
    expect(notesOf(company)).toEqual([]);
    expect(company.sync()).toEqual(['UpdateProfile']);
    expect(company.accountOf(ann)?.jobTitle).toBe('Architect');
  });

  it('is counted from the beginning when it is shown in yet another way', () => {
    const company = settled();
    again(company, MOST_WRITTEN - 1, { jobTitle: 'ANALYST' });
    again(company, 1, { jobTitle: 'analyst' });
    expect(company.delivered(ann).notKept['jobTitle']).toMatchObject({ shown: 'analyst', times: 1 });
    expect(notesOf(company)).toEqual([]);
  });

  it('is forgotten once it is kept', () => {
    const company = settled();
    again(company, MOST_WRITTEN - 1, { jobTitle: 'ANALYST' });
    shows(company, {});
    expect(company.delivered(ann).notKept).toEqual({});
  });

  it('is written again when the account was seen to hold something else since', () => {
    const company = settled();
    again(company, MOST_WRITTEN, { jobTitle: 'ANALYST' });
    company.tell(ann, 'JobTitleChanged', 'Architect');
    company.sync();
    company.tell(ann, 'JobTitleChanged', 'Analyst');
    expect(writtenIn(company)).toEqual(['UpdateProfile']);
    expect(slotsNotKept(company.delivered(ann))).toEqual([]);
  });

  it('that the directory has no word for any more is neither written nor told', () => {
    const company = settled();
    again(company, MOST_WRITTEN, { firstName: 'ANN' });
    company.tell(ann, 'GivenNameChanged', null);
    company.tell(ann, 'SurnameChanged', null);
    company.tell(ann, 'DisplayNameChanged', null);
    expect([writtenIn(company), notesOf(company)]).toEqual([[], []]);
  });

  it('does not keep the other texts from being written, and a name that is not kept stays as it is shown', () => {
    const company = settled();
    again(company, MOST_WRITTEN, { firstName: 'ANN' });
    company.tell(ann, 'JobTitleChanged', 'Architect');
    expect(company.plan(ann).commands).toMatchObject([
      { kind: 'UpdateProfile', identity: { firstName: 'ANN', lastName: 'Archer' }, set: { jobTitle: 'Architect' } },
    ]);
  });

  it('says nothing by a name that an answer does not show', () => {
    const company = settled();
    again(company, MOST_WRITTEN, { firstName: null, lastName: null });
    expect(company.delivered(ann).notKept).toEqual({});
    expect(notesOf(company)).toEqual([]);
  });
});
