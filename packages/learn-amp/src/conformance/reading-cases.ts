import assert from 'node:assert/strict';
import * as E from 'fp-ts/lib/Either.js';
import { accountAt, creationOf, created, find, listed, personCalled, succeed, teamCalled } from './made-up.js';
import type { PortCase } from './port-under-test.js';

export const readingCases: ReadonlyArray<PortCase> = [
  {
    title: 'the list holds every account once, deactivated ones included',
    run: async (company) => {
      const before = await listed(company);
      const gone = await company.addAccount({ email: 'gone@fabrikam.example', status: 'deactivated' });
      const people = Array.from({ length: 120 }, (_, n) => personCalled(`Crew${String(n)}`));
      for (const person of people) await succeed(company, creationOf(person));
      const after = await listed(company);
      assert.equal(after.length, before.length + 121);
      assert.equal(new Set(after.map(({ learnAmpUserId }) => learnAmpUserId)).size, after.length);
      assert.equal(after.find(({ learnAmpUserId }) => learnAmpUserId === gone)?.status, 'deactivated');
      const ids = new Set(after.map(({ externalId }) => externalId));
      for (const { userId } of people) assert.ok(ids.has(userId), 'an account is listed without its external id');
    },
  },
  {
    title: 'an account is found by its id, its external id, and its address without case, in every status',
    run: async (company) => {
      const { id, userId } = await created(company, 'Ada');
      const gone = await company.addAccount({ email: 'Gone.Person@Fabrikam.example', status: 'deactivated' });
      for (const lookup of [
        { by: 'id', learnAmpUserId: id },
        { by: 'externalId', externalId: userId },
        { by: 'email', email: 'ADA.person@Fabrikam.Example' },
      ] as const)
        assert.equal((await find(company, lookup))?.learnAmpUserId, id, `by ${lookup.by}`);
      assert.equal((await find(company, { by: 'email', email: 'gone.person@fabrikam.example' }))?.learnAmpUserId, gone);
      assert.equal((await accountAt(company, gone)).status, 'deactivated');
    },
  },
  {
    title: 'who is not there is answered as nobody, and is no failure',
    run: async (company) => {
      assert.equal(await find(company, { by: 'externalId', externalId: personCalled('Ada').userId }), undefined);
      assert.equal(await find(company, { by: 'email', email: 'nobody@fabrikam.example' }), undefined);
      // A part of an address is another address.
      await company.addAccount({ email: 'joanna.may@fabrikam.example' });
      assert.equal(await find(company, { by: 'email', email: 'anna.may@fabrikam.example' }), undefined);
    },
  },
  {
    title: 'teams are listed, those made by hand and those made through the port',
    run: async (company) => {
      await company.addTeam('Made by hand');
      const { teamId } = await succeed(company, teamCalled('Made here'));
      const teams = [];
      for await (const page of company.port.teams()) {
        if (E.isLeft(page)) assert.fail(`the list failed: ${page.left._tag}`);
        teams.push(...page.right);
      }
      assert.ok(teams.some(({ name }) => name === 'Made by hand'));
      assert.equal(teams.find(({ name }) => name === 'Made here')?.teamId, teamId);
    },
  },
  {
    title: 'requests are counted, and closing twice is closing once',
    run: async ({ port }) => {
      assert.ok(port.requestCount() >= 0);
      await port.close();
      await port.close();
    },
  },
];
