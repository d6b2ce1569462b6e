import type { GraphFailure, GraphSettings } from '@learnamp/directory-sync-graph';
import { openGraphTransport } from '@learnamp/directory-sync-graph';
import { type Simulator, startSimulator } from '@learnamp/directory-sync-simulator';
import * as E from 'fp-ts/lib/Either.js';
import { onTestFinished } from 'vitest';

type Auth = GraphSettings['auth'] extends infer A ? (A extends { readonly kind: 'token' } ? never : A) : never;
type Given<A> = A extends unknown ? Omit<A, 'authority' | 'clientId'> : never;

export type SignInStage = {
  readonly simulator: Simulator;
  /** One request to Graph: `undefined`, or why there was none. */
  readonly ask: () => Promise<GraphFailure | undefined>;
  /** The status of Graph's answer. */
  readonly status: () => Promise<number>;
  readonly signIns: () => number;
  readonly later: (milliseconds: number) => void;
  readonly forgetToken: () => void;
};

/** The genuine MSAL and transport against the simulator's token endpoint and Graph. */
export const openSignIn = async (
  given: Given<Auth>,
  prepare: (simulator: Simulator) => void = () => undefined,
): Promise<SignInStage> => {
  const simulator = await startSimulator({ seed: 3, company: { people: 0 } });
  onTestFinished(simulator.close);
  prepare(simulator);
  let ahead = 0;
  const auth = { ...given, authority: simulator.authorityUrl, clientId: simulator.clientId } as Auth;
  const transport = openGraphTransport(
    { tenantId: simulator.tenantId, cloud: 'global', baseUrl: simulator.graphUrl, auth, patienceMs: 2_000 },
    {
      fetch: simulator.fetch,
      now: () => new Date(Date.now() + ahead),
      random: () => 0,
      sleep: () => Promise.resolve(),
      newId: () => '00000000-0000-4000-8000-000000000001',
    },
  );
  onTestFinished(transport.close);
  const lease = transport.lease();
  const request = () =>
    lease.ask({ method: 'GET', url: `${simulator.graphUrl}/groups/${simulator.scopeGroupId}`, expects: 'json' });
  return {
    simulator,
    ask: async () => {
      const answer = await request();
      return E.isLeft(answer) ? answer.left : undefined;
    },
    status: async () => {
      const answer = await request();
      return E.isLeft(answer) ? 0 : answer.right.status;
    },
    signIns: () => simulator.requests.matching({ system: 'token' }).length,
    later: (milliseconds: number) => {
      ahead += milliseconds;
      simulator.advanceClock(milliseconds);
    },
    forgetToken: transport.forgetToken,
  };
};
