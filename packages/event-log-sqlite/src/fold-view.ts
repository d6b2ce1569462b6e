import type { FoldView } from '@learnamp/directory-sync-event-sourcing';
import type { FoldRow } from './fold-statements.js';

export const viewOf = ({ version, stage, checkpoint, since, movedAt }: FoldRow): FoldView => ({
  version,
  stage,
  checkpoint,
  since,
  movedAt,
});
