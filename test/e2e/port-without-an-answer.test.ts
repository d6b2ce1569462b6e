import { openLearnAmpRest, type LearnAmpPort } from '@learnamp/directory-sync';
import { expect, it } from 'vitest';
import { attentionOf } from '../support/report.js';
import { learnAmpSettingsOf } from '../support/simulator-settings.js';
import { calm, openStage } from '../support/stage.js';

/** A host's port in which one call at a time is carried out and never answered. */
const openHost = async () => {
  const stage = await openStage({ graph: calm });
  stage.crew(1);
  await stage.sync();
  const { port: rest, silent } = hostOf(
    openLearnAmpRest(learnAmpSettingsOf(stage.simulator, 'integrationExternalId', 500)),
  );
  await stage.reopen({ port: rest, learnAmpDeadlineMs: 300 });
  return { stage, silent };
};

const hostOf = (rest: LearnAmpPort) => {
  const silent = new Set<'execute' | 'findAccount' | 'accounts'>();
  const never = <A>(): Promise<A> => new Promise(() => undefined);
  const port: LearnAmpPort = {
    ...rest,
    hasOwnDeadlines: false,
    execute: async (commands, options) => {
      const receipts = await rest.execute(commands, options);
      return silent.delete('execute') ? never() : receipts;
    },
    findAccount: (lookup, options) => (silent.delete('findAccount') ? never : rest.findAccount(lookup, options)),
    accounts: (options) =>
      silent.delete('accounts') ? { [Symbol.asyncIterator]: () => ({ next: never }) } : rest.accounts(options),
  };
  return { port, silent };
};

it('a call of the host that never settles ends the cycle, not the connection, and nothing is sent twice', async () => {
  const { stage, silent } = await openHost();
  const ann = stage.hire('Ann Lee');
  silent.add('execute');
  const first = await stage.sync();
  expect(first.exitCode).toBe(1);
  expect(first.error).toMatchObject({ code: 'learn-amp-unreachable' });
  const next = await stage.sync();
  expect(next).toMatchObject({ exitCode: 0 });
  expect(attentionOf(next, ann)).toEqual([]);
  expect(stage.learnAmp.accounts().filter(({ email }) => email === 'ann.lee@fabrikam.example')).toHaveLength(1);
  expect(stage.simulator.requests.count({ system: 'learnAmp', method: 'POST', path: /v1.users$/ })).toBe(2);
  await stage.checkInvariants();
});

it.each(['findAccount', 'accounts'] as const)(
  'a look-up that never settles (%s) is a failure of that cycle',
  async (call) => {
    const { stage, silent } = await openHost();
    const ann = stage.hire('Ann Lee');
    if (call === 'findAccount') {
      // Something has to be looked up.
      silent.add('execute');
      await stage.sync();
    }
    silent.add(call);
    expect(await stage.sync({ full: call === 'accounts' })).toMatchObject({
      exitCode: 1,
      error: { code: 'learn-amp-unreachable' },
    });
    expect(await stage.sync()).toMatchObject({ exitCode: 0 });
    expect(stage.account(ann)).toMatchObject({ firstName: 'Ann' });
  },
);
