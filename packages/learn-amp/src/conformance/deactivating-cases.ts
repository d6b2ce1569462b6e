import assert from 'node:assert/strict';
import { accountAt, commandsAbout, created, listed, personCalled, refuse, someone, succeed } from './made-up.js';
import type { PortCase } from './port-under-test.js';

export const deactivatingCases: ReadonlyArray<PortCase> = [
  {
    title: 'DeactivateUser deactivates and deletes nothing; again is fine, and ReactivateUser brings the person back',
    run: async (company) => {
      const { about, id } = await created(company, 'Ada', { profile: { jobTitle: 'Engineer' } });
      await succeed(company, about.deactivate());
      assert.notEqual((await succeed(company, about.deactivate())).result, 'updated');
      const { status, jobTitle } = await accountAt(company, id);
      assert.deepEqual([status, jobTitle], ['deactivated', 'Engineer']);
      await succeed(company, about.reactivate());
      await succeed(company, about.reactivate());
      assert.notEqual((await accountAt(company, id)).status, 'deactivated');
      assert.equal(await company.invitationsTo(id), 0);
    },
  },
  {
    title: 'an owner or admin is not deactivated unless somebody approved it by name',
    run: async (company) => {
      for (const role of ['admin', 'owner'] as const) {
        const email = `${role}.person@fabrikam.example`;
        const id = await company.addAccount({ email, role });
        const about = commandsAbout(personCalled(role), id);
        await refuse(company, about.deactivate(), { code: 'protected' });
        assert.notEqual((await accountAt(company, id)).status, 'deactivated');
        await succeed(company, about.deactivate(), { approvedByName: true });
        assert.equal((await accountAt(company, id)).status, 'deactivated');
      }
    },
  },
  {
    title: 'the last owner is never deactivated, approved or not',
    run: async (company) => {
      const owners = (await listed(company)).filter(({ role, status }) => role === 'owner' && status !== 'deactivated');
      assert.ok(owners.length > 0, 'a company has an owner');
      const [last, ...others] = owners.map(({ learnAmpUserId }) => ({
        id: learnAmpUserId,
        about: commandsAbout(personCalled('Owner'), learnAmpUserId),
      }));
      for (const { about } of others) await succeed(company, about.deactivate(), { approvedByName: true });
      assert.ok(last !== undefined);
      await refuse(company, last.about.deactivate(), { code: 'last_owner', approvedByName: true });
      assert.notEqual((await accountAt(company, last.id)).status, 'deactivated');
    },
  },
  {
    title: 'an account that carries another person’s object id by now is not deactivated, approved or not',
    run: async (company) => {
      const id = await company.addAccount({ email: 'ada.person@fabrikam.example', externalId: someone() });
      const about = commandsAbout(personCalled('Ada'), id);
      for (const approvedByName of [undefined, true] as const)
        await refuse(company, about.deactivate(), { code: 'duplicate_external_id', approvedByName });
      assert.notEqual((await accountAt(company, id)).status, 'deactivated');
    },
  },
];
