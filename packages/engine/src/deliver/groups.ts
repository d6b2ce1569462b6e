/** Cuts a list into groups, in order, of at most so much each; one that is larger by itself stands alone. */
export const groupsOf = <A>(
  items: ReadonlyArray<A>,
  most: number,
  sizeOf: (item: A) => number,
): ReadonlyArray<ReadonlyArray<A>> => {
  const groups: A[][] = [];
  let room = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (groups.length === 0 || size > room) {
      groups.push([]);
      room = most;
    }
    groups.at(-1)?.push(item);
    room -= size;
  }
  return groups;
};
