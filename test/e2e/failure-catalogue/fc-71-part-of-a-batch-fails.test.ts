import type { LearnAmpPort, Receipt } from '@learnamp/directory-sync';
import { describe, expect, it } from 'vitest';
import { openInProcessLearnAmp } from '../../support/in-process-learn-amp.js';
import { calm, openStage } from '../../support/stage.js';

type Batch = NonNullable<LearnAmpPort['executeAll']>;
type Answers = ReadonlyArray<ReadonlyArray<Receipt>>;

/** Learn Amp in process, whose first answer to a batch is spoilt on its way back. */
const openSpoilt = async (spoil: (answers: Answers) => Answers) => {
  const host = openInProcessLearnAmp();
  const { executeAll } = host.port;
  let spoilt = 0;
  const once: Batch = async (subjects, options) => {
    const answers = (await executeAll?.(subjects, options)) ?? [];
    spoilt += 1;
    return spoilt === 1 ? spoil(answers) : answers;
  };
  const port: LearnAmpPort = { ...host.port, executeAll: once };
  const stage = await openStage({ graph: calm, port, preferences: { invitations: 'immediate' } });
  return { host, stage, crew: stage.crew(20), spoilt: () => spoilt };
};

const spoils: ReadonlyArray<readonly [name: string, spoil: (answers: Answers) => Answers]> = [
  ['in another order', (answers) => answers.toReversed()],
  ['without that of one person', (answers) => [...answers.slice(0, 7), [], ...answers.slice(8)]],
  ['cut short', (answers) => answers.slice(0, 12)],
  [
    'with one that may have been applied',
    (answers) =>
      answers.map((receipts, at) =>
        at === 3 ? receipts.map((receipt) => ({ ...receipt, outcome: { _tag: 'Unknown' } as const })) : receipts,
      ),
  ],
];

describe('FC-71 a batch of Learn Amp is answered', () => {
  it.each(spoils)(
    '%s: a missing answer is no success and no refusal; everybody has one account and one mail',
    async (_name, spoil) => {
      const { host, stage, crew, spoilt } = await openSpoilt(spoil);
      await stage.sync();
      expect(spoilt()).toBeGreaterThan(0);
      // Whoever was not answered is looked up; nobody is made again.
      await stage.sync();
      expect(await stage.sync()).toMatchObject({ ok: true, exitCode: 0, people: { linked: 20 } });
      expect(host.book.size()).toBe(2 + 20);
      expect(new Set(host.invitations).size).toBe(20);
      expect(host.invitations).toHaveLength(20);
      for (const userId of crew) expect(host.book.byExternalId(userId)?.externalId).toBe(userId);
      const links = await stage.events('UserLinked');
      for (const { data } of links) {
        const { userId, learnAmpUserId } = data as { userId: string; learnAmpUserId: string };
        expect(host.book.byExternalId(userId)?.learnAmpUserId).toBe(learnAmpUserId);
      }
      expect(links).toHaveLength(20);
    },
  );

  it('with a failure for one person and what was done for the others: what was done is recorded', async () => {
    const { host, stage } = await openSpoilt((answers) =>
      answers.map((receipts, at) =>
        at === 3
          ? receipts.map(({ commandId }) => ({
              commandId,
              outcome: {
                _tag: 'Failed',
                failure: { _tag: 'LearnAmpUnreachable', detail: 'the database is busy' },
              } as const,
            }))
          : receipts,
      ),
    );
    const report = await stage.sync();
    expect(report.commands['CreateUser']?.succeeded).toBe(19);
    await stage.sync();
    expect(await stage.sync()).toMatchObject({ ok: true, people: { linked: 20 } });
    expect(host.book.size()).toBe(22);
    expect(host.invitations).toHaveLength(20);
  });
});
