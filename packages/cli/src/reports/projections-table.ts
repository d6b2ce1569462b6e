import type { ProjectionView } from '@learnamp/directory-sync';
import { counted } from './printable.js';
import { age, ago } from './status-words.js';
import { table } from './table.js';

const head = ['projection', 'version', 'state', 'checkpoint', 'behind', 'since'];

const behindOf = ({ behind }: ProjectionView): string =>
  behind.events === 0 ? '-' : `${counted(behind.events, 'event', 'events')}, ${age(behind.seconds)}`;

/** Where every projection stands, and below it the events at which some of them stopped. */
export const projectionsTable = (views: ReadonlyArray<ProjectionView>, now: Date): string => {
  const rows = views.map((view) => [
    view.name,
    view.version,
    view.state,
    view.checkpoint?.revision ?? '-',
    behindOf(view),
    view.since === null ? '-' : ago(view.since, now),
  ]);
  const stopped = new Map(
    views.flatMap(({ stoppedAt }) => (stoppedAt === null ? [] : [[stoppedAt.revision, stoppedAt]])),
  );
  const notes = [...stopped.values()].map(
    ({ revision, type, reason }) => `Stopped at revision ${revision} (${type}): ${reason}`,
  );
  return [table(head, rows), ...notes].join('\n');
};
