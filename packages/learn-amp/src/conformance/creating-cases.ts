import assert from 'node:assert/strict';
import { accountAt, created, creationOf, listed, outcomeOf, personCalled, refuse, sent, succeed } from './made-up.js';
import type { PortCase } from './port-under-test.js';

export const creatingCases: ReadonlyArray<PortCase> = [
  {
    title: 'CreateUser makes an account with the external id and the fields, and sends no mail unless asked',
    run: async (company) => {
      const profile = { jobTitle: 'Engineer', department: 'R&D', location: 'Köln', hireDate: '2024-02-29' };
      const { id, userId, identity } = await created(company, 'Ada', { profile });
      const { status, externalId, ...shown } = await accountAt(company, id);
      assert.deepEqual([status, externalId], ['not_invited', userId]);
      for (const [name, value] of Object.entries({ ...identity, ...profile }))
        assert.equal(shown[name as keyof typeof shown], value, name);
      assert.equal(await company.invitationsTo(id), 0);
    },
  },
  {
    title: 'CreateUser invites once when asked',
    run: async (company) => {
      const { id } = await created(company, 'Ada', { invite: 'now' });
      assert.equal((await accountAt(company, id)).status, 'invite_pending');
      assert.equal(await company.invitationsTo(id), 1);
    },
  },
  {
    title:
      'the same CreateUser sent again, after an answer that was lost, makes no second account and sends no second mail',
    run: async (company) => {
      const person = personCalled('Ada');
      const dispatched = sent(creationOf(person, { invite: 'now' }));
      const [first] = await company.port.execute([dispatched]);
      assert.equal(first?.outcome._tag, 'Succeeded');
      const count = (await listed(company)).length;
      const [again] = await company.port.execute([{ ...dispatched, unknown: true }]);
      assert.ok(again?.outcome._tag === 'Succeeded', JSON.stringify(again?.outcome));
      assert.equal(again.outcome.result, 'found');
      const id = again.outcome.account?.learnAmpUserId;
      assert.ok(id !== undefined, 'what was found is shown');
      assert.equal((await listed(company)).length, count);
      assert.equal(await company.invitationsTo(id), 1);
    },
  },
  {
    title:
      'CreateUser that meets an account with this address, in any status and spelling, shows it and changes nothing',
    run: async (company) => {
      const before = (await listed(company)).length;
      for (const status of ['confirmed', 'not_invited', 'deactivated'] as const) {
        const person = personCalled('Ada', status.replace('_', ''));
        const email = person.identity.email.toUpperCase();
        const there = await company.addAccount({ email, status, firstName: 'By', lastName: 'Hand' });
        for (const unknown of [false, true]) {
          const outcome = await outcomeOf(company, creationOf(person, { invite: 'now' }), { unknown });
          assert.ok(outcome._tag === 'Exists', `${status}: ${JSON.stringify(outcome)}`);
          assert.equal(outcome.account.learnAmpUserId, there);
        }
        const account = await accountAt(company, there);
        assert.deepEqual([account.status, account.firstName, account.externalId ?? null], [status, 'By', null]);
        assert.equal(await company.invitationsTo(there), 0);
      }
      assert.equal((await listed(company)).length, before + 3);
    },
  },
  {
    title: 'CreateUser that meets an account with this external id and another address makes no second one',
    run: async (company) => {
      const person = personCalled('Ada');
      const there = await company.addAccount({ email: 'old.name@fabrikam.example', externalId: person.userId });
      const before = (await listed(company)).length;
      const outcome = await outcomeOf(company, creationOf(person));
      assert.ok(outcome._tag === 'Exists', JSON.stringify(outcome));
      assert.equal(outcome.account.learnAmpUserId, there);
      assert.equal((await listed(company)).length, before);
    },
  },
  {
    title: 'without a seat nobody is created or reactivated, and updates and deactivations go on',
    needs: 'seats',
    run: async (company) => {
      const { about, id } = await created(company, 'Ada');
      const gone = await created(company, 'Gone');
      await succeed(company, gone.about.deactivate());
      assert.ok(company.leaveSeats !== undefined, 'leaveSeats is needed for the capability seats');
      await company.leaveSeats(0);
      const before = (await listed(company)).length;
      await refuse(company, creationOf(personCalled('Late')), { code: 'no_seats' });
      await refuse(company, gone.about.reactivate(), { code: 'no_seats' });
      assert.equal((await listed(company)).length, before);
      assert.equal((await accountAt(company, gone.id)).status, 'deactivated');
      await succeed(company, about.update({ jobTitle: 'Engineer' }));
      await succeed(company, about.deactivate());
      assert.equal((await accountAt(company, id)).status, 'deactivated');
      // The seat is free again.
      await succeed(company, creationOf(personCalled('Later')));
    },
  },
];
