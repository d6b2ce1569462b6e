import { openMemoryStores, type Alert } from '@learnamp/directory-sync';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { expect, onTestFinished, test, vi } from 'vitest';
import { connectionAt } from '../../support/example-company.js';
import { idOf } from '../../support/simulator-settings.js';
import { behind, keepAllInStep } from './many-companies.js';

const PATIENCE = { timeout: 60_000, interval: 50 };

const openCompanies = (count: number) =>
  Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const simulator = await startSimulator({ seed: 20 + n, company: { people: 3, photos: 0 } });
      onTestFinished(() => simulator.close());
      return simulator;
    }),
  );

test(
  'many companies in one process: whoever fails is told of, and stops nobody else',
  { timeout: 240_000 },
  async () => {
    const simulators = await openCompanies(4);
    const companies = simulators.map((at, n) => connectionAt(at, `company-${n}`));
    const [first, second] = companies;
    if (first === undefined || second === undefined) throw new Error('There is no company.');
    const alerts: Alert[] = [];
    const { engine, refused } = await keepAllInStep(
      openMemoryStores(),
      [
        { ...first, connectionId: 'no-such-group', groupId: idOf('00000000-0000-4000-8000-000000000001') },
        {
          ...second,
          connectionId: 'wrong-secret',
          graph: {
            ...second.graph,
            auth: { ...second.graph.auth, clientSecret: 'an old one' } as typeof second.graph.auth,
          },
        },
        ...companies,
        first,
      ],
      (alert) => alerts.push(alert),
    );
    onTestFinished(() => engine.stop());
    expect([...refused]).toEqual([['company-0', 'The connection company-0 was added already.']]);
    for (const [n, { learnAmp, company }] of simulators.entries())
      await vi.waitFor(
        () =>
          expect(
            company.people.filter((id) => learnAmp.accountByExternalId(id) === undefined),
            `company-${n}`,
          ).toEqual([]),
        PATIENCE,
      );
    await vi.waitFor(
      async () =>
        expect(Object.fromEntries(await behind(engine))).toEqual({
          'no-such-group': 'group-not-found',
          'wrong-secret': 'graph-credentials',
        }),
      PATIENCE,
    );
    await vi.waitFor(
      () => expect(alerts).toMatchObject([{ kind: 'credentials', connectionId: 'wrong-secret' }]),
      PATIENCE,
    );
  },
);
