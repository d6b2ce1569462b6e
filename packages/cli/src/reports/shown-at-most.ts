import { counted } from './printable.js';

/** People whom a list shows where nobody asks for more: a screen or two. Programs get all of them. */
const ON_A_SCREEN = 100;

export const shownAtMost = ({
  limit,
  json,
}: {
  readonly limit: number | undefined;
  readonly json: boolean;
}): { readonly limit?: number } => {
  const most = limit ?? (json ? undefined : ON_A_SCREEN);
  return most === undefined ? {} : { limit: most };
};

/** Told below a list that does not show everybody. */
export const moreLine = (more: number): ReadonlyArray<string> =>
  more === 0 ? [] : [`${counted(more, 'person more', 'people more')}: --limit N shows more of them, --json all.`, ''];
