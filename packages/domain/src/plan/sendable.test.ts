import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { subjectOf, type Command } from '../commands.js';
import type { RejectionCode } from '../receipts.js';
import { ann, ben, openCompany } from '../testing/company.js';
import { isRefused } from './refused.js';

const refusing = (kind: Command['kind'], code: RejectionCode = 'validation') =>
  openCompany({}, { refuses: (command) => (command.kind === kind && subjectOf(command) === ann ? code : undefined) });

describe('a command that Learn Amp refused (FC-85)', () => {
  it('is not sent again before its content changes, is told while it is wanted, and delays nobody', () => {
    const company = refusing('CreateUser');
    company.join(ann);
    company.join(ben);
    expect(company.sync()).toEqual(['EnsureTeam', 'CreateUser', 'CreateUser', 'SetPrimaryTeam']);
    expect(company.wanted()).toEqual([]);
    expect(company.plan(ann)).toMatchObject({
      commands: [],
      notes: [{ kind: 'rejected', reason: 'CreateUser: validation' }],
    });
    company.tell(ann, 'MailChanged', 'unmapped@contoso.com');
    expect(company.wanted()).toEqual([]);
    company.tell(ann, 'JobTitleChanged', 'x');
    expect(company.wanted()).toMatchObject([{ kind: 'CreateUser', profile: { jobTitle: 'x' } }]);
  });

  it('names the fields, never what stood in them', () => {
    const company = openCompany();
    company.join(ann);
    const [command] = company.plan(ann).commands;
    const fields = ['email', 'firstName'];
    company.record({
      type: 'CommandRejected',
      data: { commandId: 'c' as never, command: command!, code: 'validation', fields },
    });
    expect(company.plan(ann).notes).toEqual([
      { userId: ann, kind: 'rejected', reason: 'CreateUser: validation (email, firstName)' },
    ]);
  });

  it('for an address used elsewhere needs a person', () => {
    const company = refusing('CreateUser', 'email_used_elsewhere');
    company.join(ann);
    company.sync();
    expect(company.plan(ann).notes).toEqual([{ userId: ann, kind: 'parked', reason: 'email_used_elsewhere' }]);
  });

  it('is forgotten once nobody wants it any more', () => {
    const company = refusing('UpdateProfile');
    company.join(ann);
    company.sync();
    company.tell(ann, 'JobTitleChanged', 'x');
    company.sync();
    expect(company.plan(ann).notes).toHaveLength(1);
    company.tell(ann, 'JobTitleChanged', 'Analyst');
    expect(company.plan(ann)).toMatchObject({ commands: [], notes: [] });
  });

  it('keeps back what has to follow it for a new account, and nothing else for a linked one', () => {
    const company = refusing('LinkUser', 'duplicate_external_id');
    company.learnAmp.add({ email: 'ann@contoso.com' });
    company.join(ann);
    expect(company.sync()).toEqual(['EnsureTeam', 'CreateUser', 'LinkUser']);
    expect(company.plan(ann)).toMatchObject({ commands: [], notes: [{ reason: 'LinkUser: duplicate_external_id' }] });

    const linked = refusing('ChangeEmail', 'duplicate_email');
    linked.join(ann);
    linked.sync();
    linked.tell(ann, 'UserPrincipalNameChanged', 'new@contoso.com');
    linked.tell(ann, 'DepartmentChanged', 'Research');
    expect(linked.sync()).toEqual(['EnsureTeam', 'ChangeEmail', 'UpdateProfile', 'SetPrimaryTeam']);
    expect(linked.accountOf(ann)).toMatchObject({ email: 'ann@contoso.com', department: 'Research' });
  });

  it('comes up again when the person returns', () => {
    const company = refusing('CreateUser');
    company.join(ann);
    company.sync();
    company.leave(ann);
    company.join(ann);
    expect(company.wanted()).toMatchObject([{ kind: 'CreateUser' }]);
  });
});

describe('the content of a command', () => {
  const base: Command = {
    kind: 'UpdateProfile',
    userId: ann,
    learnAmpUserId: '1' as never,
    identity: { email: 'a', firstName: 'b', lastName: 'c' },
    set: { jobTitle: 'x' },
    clear: ['hireDate'],
  };
  const refused = (command: Command) => ({
    ...openCompany().delivered(ann),
    rejected: { [command.kind]: { command, code: 'validation' as const, fields: [], revision: '1', at: '', times: 1 } },
  });

  it('is compared as a whole, whatever the order of its keys', () => {
    const other = {
      ...base,
      clear: [...base.clear],
      set: { ...base.set },
      identity: { lastName: 'c', firstName: 'b', email: 'a' },
    };
    expect(isRefused(refused(base), other)).toBe(true);
  });

  it('differs by any of its parts', () => {
    const changes: ReadonlyArray<Partial<typeof base>> = [
      { set: { jobTitle: 'y' } },
      { set: { jobTitle: 'x', department: 'd' } },
      { set: { department: 'x' } },
      { clear: [] },
      { clear: ['hireDate', 'location'] },
      { identity: { ...base.identity, email: 'z' } },
    ];
    fc.assert(
      fc.property(fc.constantFrom(...changes), (change) => {
        expect(isRefused(refused(base), { ...base, ...change })).toBe(false);
        expect(isRefused(refused({ ...base, ...change }), base)).toBe(false);
      }),
    );
  });
});
