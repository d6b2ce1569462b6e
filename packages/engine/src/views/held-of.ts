import type { SyncReport } from '../sync-report.js';

/** By kind: what waits is another thing to look at for each. */
export const heldOf = ({ attention }: SyncReport, kind: 'deactivations' | 'creations'): number =>
  attention.filter((each) => each.kind === 'held' && each.reason.startsWith(`${kind}:`)).length;
