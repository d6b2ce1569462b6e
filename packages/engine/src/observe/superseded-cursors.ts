import type { Cursor, ObjectId } from '@learnamp/directory-sync-domain';

const numberOf = ({ cursor }: Cursor): number => Number(/\d+$/.exec(cursor)?.[0] ?? 0);

/** Read to its end once, and not to be read from the beginning again. */
const isWhole = ({ delta, resync, page }: Cursor): boolean =>
  delta !== undefined && resync === undefined && page?.round.kind !== 'full';

/**
 * The cursors of groups all of whose groups a newer cursor follows: what a full read leaves behind that was interrupted
 * before it dropped them. Only after all of them reached their ends in this cycle, so that none takes news along.
 */
export const supersededCursors = (cursors: ReadonlyArray<Cursor>): ReadonlyArray<string> => {
  const covered = new Set<ObjectId>();
  const superseded: string[] = [];
  for (const each of cursors.filter(isWhole).toSorted((a, b) => numberOf(b) - numberOf(a))) {
    if (each.groupIds.every((groupId) => covered.has(groupId))) superseded.push(each.cursor);
    else for (const groupId of each.groupIds) covered.add(groupId);
  }
  return superseded;
};
