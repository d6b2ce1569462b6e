import type { DirectoryPerson } from '@learnamp/directory-sync-domain';
import type { BesideRows, ProjectionRows, RowChange } from '@learnamp/directory-sync-event-sourcing';
import type { ProjectionName } from '../directory-sync.js';
import { DirectorySyncError } from '../directory-sync.js';
import { openState } from '../open-stream.js';
import { everythingOpen } from '../state/open-work.js';
import { entriesOf, projectionTables, tables } from '../state/tables.js';
import { compareProjections, pairs } from './compare-projections.js';
import type { FoldBeside } from './fold-beside.js';
import type { Rebuilding } from './rebuilding.js';
import { sameRow } from './row-difference.js';
import { isRowsLost } from './verify-rows.js';

/** What was replaced: everything, or rows of one projection that differed. */
export type Replaced = ProjectionName | 'all';

/** How often it catches up with what others append meanwhile: each time there is less. */
const ATTEMPTS = 20;

const busy = (): DirectorySyncError =>
  new DirectorySyncError('log-unavailable', 'Others keep writing to this log; no row was replaced. Try again.');

/** One pointer is turned: whoever reads sees the old rows or the new ones, and a process that dies leaves the old ones. */
export const takeOver = async (fold: FoldBeside, beside: BesideRows): Promise<Replaced> => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await fold.catchUp();
    if (fold.state.head() === undefined || beside.takeOver(fold.state.head()) === 'taken') return 'all';
  }
  throw busy();
};

const differing = (standing: ProjectionRows, wanted: ProjectionRows, projection: ProjectionName): RowChange[] => {
  const person = (userId: string) => wanted.get(tables.people, userId) as DirectoryPerson | undefined;
  const changes: RowChange[] = [];
  for (const table of projectionTables[projection])
    for (const [key, here, value] of pairs(standing, wanted, table))
      if (!sameRow(here, value)) {
        const entries = value === undefined ? {} : entriesOf(table, { key, value }, person);
        changes.push({ table, key, value, entries });
      }
  return changes;
};

const isWhole = (standing: ProjectionRows, wanted: ProjectionRows, projection: ProjectionName): boolean =>
  standing.check().altered === 0 &&
  compareProjections(standing, wanted, { projection, limit: Infinity }).first.every(
    ({ paths }) => !paths.includes('found-by'),
  );

/**
 * Of one projection, the rows that differ, in one commit; the others stay as they are. `undefined`: that cannot be done, since
 * rows cannot be read or are not found where they should be, and then all of them have to be replaced.
 */
export const replaceDiffering = async (
  { stream, rows }: Rebuilding,
  fold: FoldBeside,
  projection: ProjectionName,
): Promise<Replaced | undefined> => {
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      // The other projections stay, so all of them have to stand at one revision.
      const head = (await openState(stream, rows)).head();
      await fold.catchUp();
      if (head?.hash !== fold.state.head()?.hash) continue;
      if (!isWhole(rows, fold.rows, projection)) return undefined;
      const flags: RowChange = { table: tables.work, key: 'flags', value: everythingOpen, entries: {} };
      if (rows.commit([...differing(rows, fold.rows, projection), flags], head, head) === 'committed')
        return projection;
    }
  } catch (error) {
    if (!isRowsLost(error)) throw error;
    return undefined;
  }
  throw busy();
};
