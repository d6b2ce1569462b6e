/** Longer keys are cut before they are compared, so that a hostile configuration cannot buy work. */
const COMPARED = 64;

/** What a row holds there; before its first column there is no way at all. */
const at = (row: ReadonlyArray<number>, column: number): number => row[column] ?? Infinity;

/** Edits between two texts: insert, delete, replace, or swap of neighbours, each counting one. */
const editDistance = (left: string, right: string): number => {
  let before: ReadonlyArray<number> = [];
  let previous: ReadonlyArray<number> = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current.push(
        Math.min(
          at(previous, column) + 1,
          at(current, column - 1) + 1,
          at(previous, column - 1) + (same ? 0 : 1),
          at(before, column - 2) + (swapped ? 1 : Infinity),
        ),
      );
    }
    before = previous;
    previous = current;
  }
  return at(previous, right.length);
};

/** The known key that `key` most probably meant: fewest edits without regard to case, the first known one of equals. */
export const nearestKey = (key: string, known: ReadonlyArray<string>): string | undefined => {
  const wanted = key.slice(0, COMPARED).toLowerCase();
  let best: { readonly key: string; readonly distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate.slice(0, COMPARED).toLowerCase());
    if (best === undefined || distance < best.distance) best = { key: candidate, distance };
  }
  return best?.key;
};

/** The sentence for a key that is not known. */
export const unknownKeyMessage = (key: string, known: ReadonlyArray<string>): string => {
  const nearest = nearestKey(key, known);
  return nearest === undefined ? 'unknown key' : `unknown key; did you mean \`${nearest}\`?`;
};
