import type { SyncReport } from '@learnamp/directory-sync';
import type { Check } from '../check.js';
import type { Narrator } from '../narrator.js';
import { hire, type Company } from './open-company.js';

/** What a story is told with. */
export type StoryScene = Company & {
  readonly narrator: Narrator;
  readonly check: Check;
  /** One sync, and what came of it in a line. */
  readonly sync: (options?: { readonly full?: boolean }) => Promise<SyncReport>;
  /** What Learn Amp holds, whoever changed it; without the times of changes. */
  readonly accountsNow: () => string;
  readonly deactivations: () => number;
  /** Somebody new comes, and somebody who is there gets another job: what is harmless must go on. */
  readonly harmless: (userId: string) => Harmless;
};

export type Harmless = {
  readonly sentence: string;
  readonly isDelivered: () => boolean;
};

const number = new Intl.NumberFormat('en');
export const count = (value: number): string => number.format(value);

/** "exit code 3; sent: 1 CreateUser; held: 5,000" */
const summary = ({ exitCode, error, commands, people }: SyncReport): string => {
  const sent = Object.entries(commands).flatMap(([kind, { succeeded }]) =>
    succeeded === 0 ? [] : [`${count(succeeded)} ${kind}`],
  );
  return [
    `exit code ${exitCode}${error === undefined ? '' : ` (${error.code})`}`,
    `sent: ${sent.length === 0 ? 'nothing' : sent.join(', ')}`,
    `in the group: ${count(people.inScope)}`,
    `held: ${count(people.held)}`,
  ].join('; ');
};

export const makeStoryScene = (company: Company, narrator: Narrator, check: Check): StoryScene => {
  const { simulator, engine } = company;
  const { directory, learnAmp, scopeGroupId } = simulator;
  let joiners = 0;
  return {
    ...company,
    narrator,
    check,
    sync: async (options = {}) => {
      const report = await engine.sync({ ...options, actor: 'the story' });
      narrator.command([options.full === true ? 'sync --full' : 'sync']);
      narrator.output(summary(report), {});
      return report;
    },
    accountsNow: () => JSON.stringify(learnAmp.accounts().map((account) => ({ ...account, updatedAt: '' }))),
    deactivations: () => learnAmp.deactivations().length,
    harmless: (userId) => {
      joiners += 1;
      const joiner = hire(simulator, `Newcomer Number${joiners}`, scopeGroupId);
      const jobTitle = `Chief ${joiners}`;
      directory.updateUser(userId, { jobTitle });
      return {
        sentence: 'Meanwhile somebody new joins the group, and somebody who is in it gets another job title.',
        isDelivered: () =>
          learnAmp.accountByExternalId(joiner) !== undefined &&
          learnAmp.accountByExternalId(userId)?.jobTitle === jobTitle,
      };
    },
  };
};
