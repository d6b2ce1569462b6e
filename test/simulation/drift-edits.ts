import type { Account, Random, Simulator } from '@learnamp/directory-sync-simulator';
import type { ExpectedAccount } from './expected-world.js';
import type { Oracle } from './oracle.js';
import { foldTeam, type Wishes } from './oracle-rules.js';

export type DriftContext = {
  readonly simulator: Simulator;
  readonly random: Random;
  readonly oracle: Oracle;
  readonly wishes: Wishes;
  /** Whose account nobody changes. */
  readonly isSpared?: (personId: string) => boolean;
};

/** What somebody does at Learn Amp, as the oracle has to know it: the next full look puts right what is the directory's. */
const edits: ReadonlyArray<(context: DriftContext, account: Account, expected: ExpectedAccount) => string | undefined> =
  [
    ({ simulator, random }, { id }, expected) => {
      const field = random.pick(['jobTitle', 'location', 'department'] as const);
      simulator.learnAmp.updateAccount(id, { [field]: 'Changed there' });
      expected[field] = 'Changed there';
      return `${field} of account ${id}`;
    },
    ({ simulator }, { id }, expected) => {
      simulator.learnAmp.updateAccount(id, { firstName: 'Renamed', lastName: 'There' });
      expected.firstName = 'Renamed';
      expected.lastName = 'There';
      return `the name of account ${id}`;
    },
    ({ simulator, random }, { id, status }, expected) => {
      const team = random.shuffle(simulator.learnAmp.teams())[0];
      if (team === undefined || status === 'deactivated') return undefined;
      simulator.learnAmp.updateAccount(id, { primaryTeamId: team.id });
      expected.team = foldTeam(team.name);
      return `the team of account ${id}`;
    },
    // Where holds fall it is the hold that judges, and that is looked at elsewhere (FC-89).
    ({ simulator, wishes, oracle }, { id, status }, expected) => {
      const isOut = expected.person !== undefined && !oracle.inScope().has(expected.person);
      if (!isOut || status !== 'deactivated' || wishes.deactivationHold?.enabled !== false) return undefined;
      simulator.learnAmp.updateAccount(id, { status: 'confirmed', deactivatedAt: null });
      expected.active = true;
      return `account ${id} is active again`;
    },
  ];

export type Drift = { readonly personId: string; readonly did: string };

/** One change by hand at an account that belongs to somebody; `undefined` where there is none it could be about. */
export const driftEdit = (context: DriftContext): Drift | undefined => {
  const { simulator, random, oracle } = context;
  const linked = oracle
    .accounts()
    .filter(({ person, id }) => person !== undefined && id !== undefined && context.isSpared?.(person) !== true);
  const expected = random.shuffle(linked)[0];
  const account = expected?.id === undefined ? undefined : simulator.learnAmp.account(expected.id);
  if (expected?.person === undefined || account === undefined) return undefined;
  const did = random.pick(edits as readonly [(typeof edits)[number], ...typeof edits])(context, account, expected);
  return did === undefined ? undefined : { personId: expected.person, did: `by hand at Learn Amp: ${did}` };
};
