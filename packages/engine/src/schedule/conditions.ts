import type { WebhookHealth } from '../directory-sync.js';
import type { Conditions } from './alerts.js';
import type { RunnerMemory } from './runner-memory.js';

/** No complete cycle for so many poll intervals is told to the host. */
const STALE_POLLS = 3;

const credentials: ReadonlySet<string> = new Set(['graph-credentials', 'learn-amp-credentials']);

const held = ({ latest }: RunnerMemory): Conditions =>
  latest?.exitCode === 3 ? { held: { people: latest.people.held } } : {};

const parked = ({ latest }: RunnerMemory): Conditions =>
  latest === undefined || latest.people.parked === 0 ? {} : { parked: { people: latest.people.parked } };

const refused = ({ lastError, failures }: RunnerMemory): Conditions =>
  lastError !== null && credentials.has(lastError.code) ? { credentials: { failures } } : {};

const stale = ({ completeAt, failures }: RunnerMemory, now: number, pollMs: number): Conditions => {
  const age = now - completeAt;
  return age < STALE_POLLS * pollMs ? {} : { stale: { minutes: Math.floor(age / 60_000), failures } };
};

/** What a person has to look at now. A paused connection is not stale, and neither is one whose first sync is under way. */
export const conditionsOf = (
  memory: RunnerMemory,
  seen: { readonly now: number; readonly pollMs: number; readonly resting: boolean; readonly webhook: WebhookHealth },
): Conditions => ({
  ...held(memory),
  ...parked(memory),
  ...refused(memory),
  ...(seen.resting ? {} : stale(memory, seen.now, seen.pollMs)),
  ...(seen.webhook.problem === null ? {} : { notifications: { problems: 1 } }),
});
