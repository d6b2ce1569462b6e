import assert from 'node:assert/strict';
import type { LearnAmpUserId } from '@learnamp/directory-sync-domain';
import {
  accountAt,
  commandsAbout,
  created,
  outcomeOf,
  personCalled,
  refuse,
  someone,
  succeed,
  teamCalled,
} from './made-up.js';
import type { PortCase } from './port-under-test.js';

export const updatingCases: ReadonlyArray<PortCase> = [
  {
    title: 'LinkUser writes the external id into an empty slot, and the same again is fine',
    run: async (company) => {
      const person = personCalled('Ada');
      const id = await company.addAccount({ email: person.identity.email });
      const about = commandsAbout(person, id);
      await succeed(company, about.link());
      await succeed(company, about.link());
      assert.equal((await accountAt(company, id)).externalId, person.userId);
      assert.equal(await company.invitationsTo(id), 0);
    },
  },
  {
    title: 'LinkUser never overwrites what somebody else wrote into the slot, and null leaves it alone',
    run: async (company) => {
      const person = personCalled('Ada');
      for (const foreign of ['HR-77', someone()]) {
        const id = await company.addAccount({ email: `${foreign}@fabrikam.example`, externalId: foreign });
        const about = commandsAbout(
          { ...person, identity: { ...person.identity, email: `${foreign}@fabrikam.example` } },
          id,
        );
        await refuse(company, about.link(), { code: 'duplicate_external_id' });
        await succeed(company, about.link(null));
        assert.equal((await accountAt(company, id)).externalId, foreign);
      }
    },
  },
  {
    title: 'LinkUser is refused where another account has the external id',
    run: async (company) => {
      const person = personCalled('Ada');
      await company.addAccount({ email: 'other@fabrikam.example', externalId: person.userId });
      const id = await company.addAccount({ email: person.identity.email });
      await refuse(company, commandsAbout(person, id).link(), { code: 'duplicate_external_id' });
      assert.equal((await accountAt(company, id)).externalId ?? null, null);
    },
  },
  {
    title: 'UpdateProfile sets and empties what it names, and leaves the rest',
    run: async (company) => {
      const profile = { jobTitle: 'Engineer', department: 'R&D', location: 'Köln' };
      const { about, id, identity } = await created(company, 'Ada', { profile });
      for (let twice = 0; twice < 2; twice += 1)
        await succeed(company, about.update({ jobTitle: 'Lead' }, ['location']));
      const { jobTitle, department, location, email, firstName } = await accountAt(company, id);
      assert.deepEqual([jobTitle, department, location ?? null], ['Lead', 'R&D', null]);
      assert.deepEqual([email.toLowerCase(), firstName], [identity.email, identity.firstName]);
    },
  },
  {
    title: 'ChangeEmail changes the address; one that another account has is refused and changes nothing',
    run: async (company) => {
      const { about, id, identity } = await created(company, 'Ada');
      await company.addAccount({ email: 'taken@fabrikam.example' });
      await refuse(company, about.email('Taken@fabrikam.example'), { code: 'duplicate_email' });
      assert.equal((await accountAt(company, id)).email.toLowerCase(), identity.email);
      await succeed(company, about.email('ada.new@fabrikam.example'));
      assert.equal((await accountAt(company, id)).email.toLowerCase(), 'ada.new@fabrikam.example');
    },
  },
  {
    title: 'commands about an account that is not there are refused as not found',
    run: async (company) => {
      const about = commandsAbout(personCalled('Ada'), '999999999' as LearnAmpUserId);
      for (const command of [about.update({ jobTitle: 'X' }), about.deactivate(), about.reactivate(), about.link()])
        await refuse(company, command, { code: 'not_found' });
    },
  },
  {
    title: 'EnsureTeam makes one team for one key, whoever asks, and finds the one made by hand',
    run: async (company) => {
      await company.addTeam('Field  SALES');
      const [first, second] = await Promise.all(
        [teamCalled('Finance'), teamCalled('finance ')].map((one) => succeed(company, one)),
      );
      assert.ok(first?.teamId !== undefined && first.teamId === second?.teamId, 'two teams were made');
      const found = await succeed(company, teamCalled('Field Sales'));
      assert.equal(found.result, 'noop');
      assert.equal((await succeed(company, teamCalled('field sales'))).teamId, found.teamId);
    },
  },
  {
    title: 'SetPrimaryTeam makes it the primary team; a team that is gone is refused',
    run: async (company) => {
      const { about, id } = await created(company, 'Ada');
      const command = teamCalled('Finance');
      const { teamId } = await succeed(company, command);
      assert.ok(teamId !== undefined, 'EnsureTeam shows the id of the team');
      for (let twice = 0; twice < 2; twice += 1) await succeed(company, about.team(teamId, command.teamKey));
      assert.equal((await accountAt(company, id)).primaryTeam?.teamId, teamId);
      await refuse(company, about.team('999999999' as typeof teamId, command.teamKey), { code: 'unknown_team' });
      assert.equal((await accountAt(company, id)).primaryTeam?.teamId, teamId);
    },
  },
  {
    title: 'SetOverrideManager sets the manager, one that is inactive is waited for, and ClearOverrideManager clears',
    run: async (company) => {
      const { about, id } = await created(company, 'Ada');
      const boss = await created(company, 'Boss');
      const gone = await created(company, 'Gone');
      await succeed(company, gone.about.deactivate());
      await succeed(company, about.manager(boss.userId, boss.id));
      assert.equal((await accountAt(company, id)).managerLearnAmpUserId, boss.id);
      const waits = await outcomeOf(company, about.manager(gone.userId, gone.id));
      assert.equal(waits._tag, 'Deferred');
      assert.equal((await accountAt(company, id)).managerLearnAmpUserId, boss.id);
      for (let twice = 0; twice < 2; twice += 1) await succeed(company, about.noManager());
      assert.equal((await accountAt(company, id)).managerLearnAmpUserId ?? null, null);
    },
  },
  {
    title: 'SetCustomFields sets and empties; a field that is not there is named, and the others are set',
    needs: 'custom-fields',
    run: async (company) => {
      assert.ok(company.customFields !== undefined, 'customFields are needed for the capability custom-fields');
      const [one, other] = company.customFields;
      const { about, id } = await created(company, 'Ada');
      await succeed(company, about.fields([{ name: one, value: '7' }]));
      const named = await refuse(
        company,
        about.fields([
          { name: one, value: null },
          { name: 'No such field', value: 'x' },
          { name: other, value: '8' },
        ]),
        { code: 'unknown_custom_field' },
      );
      assert.deepEqual(named, ['No such field']);
      const { customFields = {} } = await accountAt(company, id);
      assert.deepEqual([customFields[one] ?? null, customFields[other]], [null, '8']);
    },
  },
];
