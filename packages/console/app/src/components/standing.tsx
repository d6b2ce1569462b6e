import type { Status } from '@learnamp/directory-sync';
import { Badge } from './basics.js';

type Tone = 'good' | 'bad' | 'warn' | 'quiet' | 'info';

/** One word for how a company stands: the worst of what applies. */
const standingOf = (status: Status | null): readonly [Tone, string] => {
  if (status === null) return ['bad', 'Cannot be read'];
  if (status.disconnectedAt !== undefined) return ['quiet', 'Disconnected'];
  if (status.paused) return ['warn', 'Paused'];
  if (status.live.lastError !== null || status.lastSync?.ok === false) return ['bad', 'Failing'];
  if (status.delivery !== null) return ['bad', 'Delivery paused'];
  if (status.lastSync === null) return ['info', 'Never synced'];
  if (status.live.cycle === 'syncing') return ['info', 'Syncing'];
  if (status.people.held > 0) return ['warn', 'Waits for a decision'];
  if (status.people.parked > 0) return ['warn', 'Needs attention'];
  return ['good', 'In step'];
};

export const Standing = ({ status, problem }: { readonly status: Status | null; readonly problem: string | null }) => {
  const [tone, words] = standingOf(status);
  return (
    <>
      <Badge tone={tone}>{words}</Badge>
      {problem === null ? null : <span className="small"> {problem}</span>}
    </>
  );
};
