import { expect, it } from 'vitest';
import { facts } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

const strangers = [
  {
    '@odata.type': '#microsoft.graph.user',
    id: 'b3b1c0de-0000-4000-8000-000000000001',
    '@removed': { reason: 'deleted' },
  },
  {
    '@odata.type': '#microsoft.graph.user',
    id: 'b3b1c0de-0000-4000-8000-000000000002',
    '@removed': { reason: 'changed' },
  },
];

type Body = { readonly value: ReadonlyArray<Readonly<Record<string, unknown>>> };

it.each([
  ['read with the whole tenant', { people: 12, outsiders: 2 }],
  ['read by profile', { people: 6, outsiders: 60 }],
])('FC-16 removals of people never seen before say nothing in a first round (%s)', async (_how, size) => {
  const stage = await openStage({
    graph: { ...calm, removedInFirstRound: true },
    company: { ...size, guest: false, mononym: false, things: false, existingAccounts: 0, photos: 0 },
  });
  const { directory, simulator } = stage;
  const gone = simulator.company.people.slice(0, 2);
  for (const id of gone) directory.deleteUser(id);
  for (let n = 0; n < 5; n += 1) {
    const id = directory.addUser({ displayName: `Gone ${n}`, userPrincipalName: `gone${n}@fabrikam.example` });
    directory.deleteUser(id);
  }
  // History of a group: members long gone, and strangers.
  const history = simulator.faults.add({
    system: 'graph',
    path: /\/groups\/.*delta/,
    action: {
      rewrite: (response) => {
        const { value } = response.body as Body;
        const [first, ...rest] = value;
        const members = (first?.['members@delta'] ?? []) as ReadonlyArray<unknown>;
        const told = first === undefined ? [] : [{ ...first, 'members@delta': [...strangers, ...members] }];
        return { ...response, body: { ...(response.body as Body), value: [...told, ...rest] } };
      },
    },
  });
  const report = await stage.sync();
  expect(history.hits()).toBeGreaterThan(0);
  const people = size.people - 2;
  expect(report).toMatchObject({ ok: true, exitCode: 0, people: { inScope: people, linked: people } });
  expect(facts(report)).toMatchObject({ UserJoinedGroup: people });
  for (const type of ['GroupMemberRemoved', 'UserDeleted', 'UserLeftGroup'])
    expect(facts(report)).not.toHaveProperty(type);
  expect(stage.learnAmp.deactivations()).toEqual([]);
  for (const id of gone) expect(stage.learnAmp.accountByExternalId(id)).toBeUndefined();
});
