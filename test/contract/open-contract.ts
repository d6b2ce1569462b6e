import {
  openLearnAmpRest,
  type Command,
  type CommandId,
  type LearnAmpUserId,
  type Outcome,
} from '@learnamp/directory-sync';
import { startSimulator, type Account, type LearnAmpServerOptions } from '@learnamp/directory-sync-simulator';
import { onTestFinished } from 'vitest';
import { learnAmpSettingsOf } from '../support/simulator-settings.js';
import { calm, nobody } from '../support/stage.js';

type Sent = { readonly form?: Readonly<Record<string, string>>; readonly token?: string };

/**
 * Learn Amp as it is documented, and the client that relies on it: what a statement says is asked of the one, and what the
 * client makes of it of the other. Where the documentation is silent, the options are the ways it may be.
 */
export const openContract = async (learnAmpOptions: LearnAmpServerOptions = {}) => {
  const simulator = await startSimulator({ seed: 5, company: nobody, graph: calm, learnAmp: learnAmpOptions });
  const { learnAmp, learnAmpUrl } = simulator;
  const port = openLearnAmpRest(learnAmpSettingsOf(simulator, 'integrationExternalId', 2_000), {
    fetch: simulator.fetch,
  });
  onTestFinished(async () => {
    await port.close();
    await simulator.close();
  });
  const people = { count: 0 };
  return {
    simulator,
    learnAmp,
    port,
    /** A request as anybody may make it: the status, the headers and the body. */
    ask: async (method: string, path: string, { form, token = simulator.learnAmpToken() }: Sent = {}) => {
      const answer = await simulator.fetch(`${learnAmpUrl}${path}`, {
        method,
        headers: {
          ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
          ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        ...(form === undefined ? {} : { body: new URLSearchParams(form).toString() }),
      });
      const text = await answer.text();
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      return { status: answer.status, headers: answer.headers, body };
    },
    /** What the client makes of one command. */
    run: async (command: Command, more: { readonly approvedByName?: true } = {}): Promise<Outcome | undefined> => {
      const [receipt] = await port.execute([{ commandId: 'c' as CommandId, command, unknown: false, ...more }]);
      return receipt?.outcome;
    },
    add: (more: Partial<Account> = {}): Account & { readonly key: LearnAmpUserId } => {
      people.count += 1;
      const email = `person${String(people.count)}@fabrikam.example`;
      const account = learnAmp.addAccount({ email, firstName: 'Ann', lastName: 'Lee', ...more });
      return { ...account, key: String(account.id) as LearnAmpUserId };
    },
    /** The last thing that was sent to Learn Amp. */
    lastWrite: () => learnAmp.writes().at(-1),
  };
};

export const userId = '0b8c8a9e-0000-4000-8000-000000000001';
