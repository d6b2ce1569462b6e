import type { FaultAction, FaultRule, Random } from '@learnamp/directory-sync-simulator';
import type { FaultKind } from '../scene.js';

const fault = (name: string, rule: (random: Random) => Omit<FaultRule, 'system'>): FaultKind => ({
  name,
  meets: 'writes',
  arm: ({ simulator }, random) => simulator.faults.add({ system: 'learnAmp', ...rule(random) }),
});

const soon = (random: Random): { readonly nth: number } => ({ nth: random.integer(1, 5) });
const aWrite = (random: Random) => ({ ...soon(random), method: random.pick(['POST', 'PUT', 'PUT']) });

const refused: FaultAction = { status: 400, body: { error: 'Bad Request', message: 'As the simulation wants it.' } };

export const learnAmpFaults: ReadonlyArray<FaultKind> = [
  fault('learn-amp-400', (random) => ({ ...aWrite(random), action: refused })),
  fault('learn-amp-429', (random) => ({
    ...soon(random),
    action: { status: 429, headers: random.pick([{ 'retry-after': '2' }, { 'retry-after': '90' }, {}]) },
  })),
  fault('learn-amp-429-storm', (random) => ({ every: 2, times: random.integer(4, 20), action: { status: 429 } })),
  fault('learn-amp-500', (random) => ({ ...soon(random), action: { status: 500 } })),
  fault('learn-amp-503-for-long', (random) => ({ from: random.integer(1, 6), action: { status: 503 } })),
  fault('learn-amp-applied-then-500', (random) => ({
    ...aWrite(random),
    action: { rewrite: () => ({ status: 500, headers: {}, body: undefined }) },
  })),
  fault('learn-amp-reset', (random) => ({ ...soon(random), action: 'reset' })),
  fault('learn-amp-applied-then-reset', (random) => ({ ...aWrite(random), action: 'applyThenReset' })),
  fault('learn-amp-reset-mid-body', (random) => ({ ...soon(random), action: 'truncate' })),
  fault('learn-amp-html-with-200', (random) => ({ ...soon(random), action: 'html' })),
  fault('learn-amp-wrong-json', (random) => ({ ...soon(random), action: 'wrongJson' })),
  fault('learn-amp-401', (random) => ({ ...soon(random), action: { status: 401 } })),
];
