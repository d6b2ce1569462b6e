import { openMemoryStores, type SyncReport } from '@learnamp/directory-sync';
import {
  type GraphServerOptions,
  type NewUser,
  randomFrom,
  type Simulator,
  startSimulator,
} from '@learnamp/directory-sync-simulator';
import { expect, onTestFinished } from 'vitest';
import { differences } from './compare.js';
import { startEngineProcess } from './in-process-engine.js';
import { makeOracle, type Oracle } from './oracle.js';
import type { Wishes } from './oracle-rules.js';
import { makeSharedClock } from './random-company.js';

export type Story = {
  readonly simulator: Simulator;
  readonly oracle: Oracle;
  /** Somebody in the scope group, unless another group, or none, is named. */
  readonly hire: (name: string, special?: Partial<NewUser>, groupId?: string | null) => string;
  /** A sync that may fail. */
  readonly attempt: (options?: { readonly full?: boolean }) => Promise<SyncReport>;
  /** A sync that completes, after which Learn Amp holds what the oracle says. */
  readonly sync: (options?: { readonly full?: boolean }) => Promise<SyncReport>;
};

const orderly: GraphServerOptions = {
  pageSize: { min: 200, max: 200 },
  duplicates: false,
  shuffle: false,
  emptyPages: false,
  replays: false,
  longNames: false,
};

/** A small company of one's own making, with an orderly server and the oracle as the judge. */
export const openStory = async (
  choices: { readonly wishes?: Wishes; readonly graph?: GraphServerOptions; readonly outsiders?: number } = {},
): Promise<Story> => {
  const clock = makeSharedClock();
  const wishes: Wishes = {
    deactivationHold: { enabled: false },
    creationHold: { enabled: false },
    ...choices.wishes,
  };
  const graph = { ...orderly, ...choices.graph };
  const simulator = await startSimulator({
    seed: 1,
    now: clock.now,
    graph,
    company: {
      people: 1,
      outsiders: choices.outsiders ?? 3,
      guest: false,
      mononym: false,
      existingAccounts: 0,
      photos: 0,
      things: false,
    },
  });
  onTestFinished(() => simulator.close());
  const { directory, learnAmp, scopeGroupId } = simulator;
  const oracle = makeOracle(directory, learnAmp, wishes, scopeGroupId);
  const { engine } = startEngineProcess(
    { seed: 1, simulator, wishes, graph, clock },
    openMemoryStores(),
    randomFrom(1, 'story'),
  );
  const attempt: Story['attempt'] = async (options = {}) => {
    const report = await engine.sync({ photos: false, ...options });
    simulator.faults.clear();
    return report;
  };
  return {
    simulator,
    oracle,
    attempt,
    hire: (name, special = {}, groupId = scopeGroupId) => {
      const [given = name, surname = name] = name.split(' ');
      const address = `${name.toLowerCase().replace(' ', '.')}@fabrikam.example`;
      const id = directory.addUser({
        ...{ displayName: name, givenName: given, surname, userPrincipalName: address, mail: address },
        ...special,
      });
      if (groupId !== null) directory.addMember(groupId, id);
      return id;
    },
    sync: async (options = {}) => {
      const report = await attempt(options);
      expect(report).toMatchObject({ ok: true });
      oracle.observe(clock.now());
      expect(differences(oracle, learnAmp, wishes)).toEqual([]);
      return report;
    },
  };
};
