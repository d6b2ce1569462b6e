import assert from 'node:assert/strict';
import type { LearnAmpUserId, TeamId } from '@learnamp/directory-sync-domain';
import { accountAt, commandsAbout, created, creationOf, listed, personCalled, sent, teamCalled } from './made-up.js';
import type { PortCase } from './port-under-test.js';

const nobody = (): ReturnType<typeof commandsAbout> =>
  commandsAbout(personCalled('Nobody'), '999999999' as LearnAmpUserId);

export const batchCases: ReadonlyArray<PortCase> = [
  {
    title: 'commands of one person run in order, and after one that did not succeed the rest are left out',
    run: async (company) => {
      const { about, id } = await created(company, 'Ada');
      const gone = '999999999' as TeamId;
      const commands = [
        about.update({ jobTitle: 'Engineer' }),
        about.team(gone, teamCalled('Finance').teamKey),
        about.update({ jobTitle: 'Lead' }),
      ].map((command) => sent(command));
      const receipts = await company.port.execute(commands);
      assert.deepEqual(
        receipts.map(({ commandId, outcome }) => [commandId, outcome._tag]),
        commands.slice(0, 2).map(({ commandId }, at) => [commandId, at === 0 ? 'Succeeded' : 'Rejected']),
      );
      assert.equal((await accountAt(company, id)).jobTitle, 'Engineer');
      assert.deepEqual(await company.port.execute([]), []);
    },
  },
  {
    title: 'many people in one call are answered each at its place, and one that fails takes no other down',
    needs: 'batch',
    run: async ({ port, ...company }) => {
      const { executeAll } = port;
      assert.ok(executeAll !== undefined, 'executeAll is needed for the capability batch');
      const before = (await listed({ port, ...company })).length;
      const subjects = Array.from({ length: 100 }, (_, n) =>
        n % 10 === 3
          ? [sent(nobody().update({ jobTitle: 'X' })), sent(nobody().deactivate())]
          : [sent(creationOf(personCalled(`Crew${String(n)}`)))],
      );
      const answers = await executeAll(subjects);
      assert.equal(answers.length, subjects.length);
      for (const [at, commands] of subjects.entries()) {
        const [receipt, ...rest] = answers[at] ?? [];
        assert.equal(receipt?.commandId, commands[0]?.commandId, `the answer of subject ${String(at)}`);
        assert.equal(receipt?.outcome._tag, at % 10 === 3 ? 'Rejected' : 'Succeeded');
        assert.deepEqual(rest, []);
      }
      assert.equal((await listed({ port, ...company })).length, before + 90);
      assert.deepEqual(await executeAll([]), []);
      // Sent again after a lost answer: nobody twice.
      await executeAll(subjects.map((commands) => commands.map((one) => ({ ...one, unknown: true }))));
      assert.equal((await listed({ port, ...company })).length, before + 90);
    },
  },
];
